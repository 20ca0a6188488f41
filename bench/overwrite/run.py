#!/usr/bin/env python3
"""Measures what an overwrite takes against a plain write of the same data: the reference job, `--mode error` into a new
folder and `--mode overwrite` over an earlier run, in turn, with `sync` and a rest before each. Prints, as Markdown, medians
(least to most) and the median of the pairs' ratios.

    disk     the file system of --work
    memory   /dev/shm
    ext4     a new ext4 with its default mount options, in a file on the file system of --work (needs root)
"""
import argparse
import contextlib
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMATS = ("parquet", "json", "csv")
REST_SECONDS = 1.5  # a device goes on with what `sync` has handed it
BYTES_PER_ROW = 4_000  # of room: three trees of 760 bytes a row at once, and some


def job(binary: pathlib.Path, source: pathlib.Path, target: pathlib.Path, mode: str, durability: str) -> float:
    """Runs the reference job; returns its seconds."""
    outputs = [f"--output={name}={target / name}" for name in FORMATS]
    command = [binary, "write", source, "--partition-by=Model Year", "--partition-by=Make", *outputs,
               "--option=csv.header=true", f"--mode={mode}", f"--durability={durability}", "--quiet"]  # fmt: skip
    os.sync()
    time.sleep(REST_SECONDS)
    start = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - start


def measure(arguments, source: pathlib.Path, folder: pathlib.Path) -> str:
    def run(target: str, mode: str) -> float:
        return job(arguments.binary, source, folder / target, mode, arguments.durability)

    run("old", "error")
    plain, overwrite = [], []
    for _ in range(arguments.rounds):
        jobs = [(plain, "new", "error"), (overwrite, "old", "overwrite")]
        random.shuffle(jobs)  # what comes second finds another machine than what comes first
        for times, target, mode in jobs:
            times.append(run(target, mode))
        subprocess.run(["rm", "-r", folder / "new"], check=True)
    ratio = statistics.median(over / new for over, new in zip(overwrite, plain))
    return f"{text_of(plain)} | {text_of(overwrite)} | {ratio:.2f}"


def text_of(times: list[float]) -> str:
    return f"{statistics.median(times):.2f} s ({min(times):.2f}–{max(times):.2f})"


@contextlib.contextmanager
def place(name: str, work: pathlib.Path, num_bytes: int):
    """A folder on the file system of that name, gone afterwards."""
    parent = pathlib.Path("/dev/shm") if name == "memory" else work
    with tempfile.TemporaryDirectory(prefix="partita-overwrite-", dir=parent) as folder:
        if name != "ext4":
            yield pathlib.Path(folder)
            return
        image, mounted = pathlib.Path(folder) / "image", pathlib.Path(folder) / "mounted"
        with open(image, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, num_bytes)
        mounted.mkdir()
        subprocess.run(["mkfs.ext4", "-q", "-F", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, mounted], check=True)
        try:
            yield mounted
        finally:
            subprocess.run(["umount", mounted], check=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", default=["disk", "memory"], metavar="disk|memory|ext4")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--durability", choices=("fast", "full"), default="fast")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench/work")
    arguments = parser.parse_args()
    if unknown := set(arguments.places) - {"disk", "memory", "ext4"}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; say disk, memory or ext4")
    arguments.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="partita-overwrite-", dir="/dev/shm") as folder:
        source = pathlib.Path(folder) / "rows.csv"
        subprocess.run([arguments.binary, "generate", "--rows", str(arguments.rows), source], check=True, stdout=subprocess.DEVNULL)
        print("| | rounds | plain | overwrite | overwrite / plain, median of pairs |\n|---|---|---|---|---|", flush=True)
        for name in arguments.places:
            with place(name, arguments.work, arguments.rows * BYTES_PER_ROW) as target:
                print(f"| `{arguments.durability}`, {name} | {arguments.rounds} | {measure(arguments, source, target)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
