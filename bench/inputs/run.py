#!/usr/bin/env python3
"""Measures inputs that users have: many small compressed files beside DuckDB, and one big CSV file through a crawl.

    small    a folder of gzip CSV files of a few kB, counted, scanned and written, ours and DuckDB in turn: medians (least to
             most) of wall and CPU seconds and the medians of the pairs' ratios; both must give the same answer. Ours is the
             whole process, DuckDB's the query alone. `count` finds the columns itself; `scan` of one column, as Arrow, and
             `write` read a table that was crawled before, as DuckDB is told the columns.
    crawl    bytes of one CSV file per CPU second and per second of `partita crawl`

Prints Markdown. Files lie in memory, below --work. DuckDB is that of the Python that runs this.
"""
import argparse
import dataclasses
import gzip
import io
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import pyarrow
import pyarrow.compute
import pyarrow.dataset

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = pathlib.Path(__file__).with_name("duckdb_peer.py")
TABLE = "small.files"
BYTES_PER_ROW = 240  # of generated CSV
LEAST_RATIO = 2  # of DuckDB's seconds to ours
LEAST_MB_PER_CPU_SECOND = 300


@dataclasses.dataclass
class Run:
    """What one contender took, in seconds, and gave."""

    wall: float
    cpu: float
    answer: int


class Bench:
    """The contenders over one folder of files."""

    def __init__(self, arguments, work: pathlib.Path):
        self.binary = arguments.binary
        self.threads = len(os.sched_getaffinity(0))
        self.work = work
        self.folder = work / "files"
        self.out = work / "out"
        self.catalog = f"--catalog={work / 'catalog.db'}"

    def partita(self, *command) -> Run:
        """Runs it to its end; the answer is a number that it prints, or nothing."""
        start = time.monotonic()
        with subprocess.Popen([self.binary, *command], stdout=subprocess.PIPE) as process:
            output = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        wall = time.monotonic() - start
        return Run(wall, used.ru_utime + used.ru_stime, answer_of(output))

    def ours(self, case: str) -> Run:
        if case == "count":
            return self.partita("count", self.folder)
        table = (f"--table={TABLE}", self.catalog)
        if case == "scan":
            return self.partita("scan", *table, "--select=Electric Range", "--format=arrow")
        run = self.partita("write", *table, "--partition-by=Model Year", f"--output=parquet={self.out}",
                           "--durability=fast", "--quiet")  # fmt: skip
        run.answer = pyarrow.dataset.dataset(self.out, partitioning="hive", format="parquet").count_rows()
        return run

    def duckdb(self, case: str) -> Run:
        command = [sys.executable, PEER, case, str(self.threads), self.folder, self.out]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        return Run(told["wall"], told["cpu"], told["answer"])


def answer_of(output: bytes) -> int:
    """The number printed, or the sum of the one column of an Arrow stream."""
    if output.strip().isdigit() or not output:
        return int(output or 0)
    with pyarrow.ipc.open_stream(io.BytesIO(output)) as stream:
        return pyarrow.compute.sum(stream.read_all().column(0)).as_py()


def write_small_files(arguments, source: pathlib.Path, folder: pathlib.Path) -> int:
    """Files of as many rows each, each with the header; the bytes that they have together."""
    folder.mkdir()
    num_bytes = 0
    with open(source, "rb") as file:
        header = file.readline()
        for i in range(arguments.files):
            rows = b"".join(file.readline() for _ in range(arguments.rows_per_file))
            packed = gzip.compress(header + rows, 6, mtime=0)
            (folder / f"{i:06}.csv.gz").write_bytes(packed)
            num_bytes += len(packed)
    return num_bytes


def generate(arguments, rows: int, path: pathlib.Path) -> pathlib.Path:
    command = [arguments.binary, "generate", "--rows", str(rows), path, "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def text_of(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def measure_case(arguments, bench: Bench, case: str) -> str:
    """A row of the table."""
    ours, theirs = [], []
    for _ in range(arguments.rounds):
        contenders = [(ours, bench.ours), (theirs, bench.duckdb)]
        random.shuffle(contenders)  # what comes second finds another machine than what comes first
        for runs, contender in contenders:
            runs.append(contender(case))
            shutil.rmtree(bench.out, ignore_errors=True)
            shutil.rmtree(bench.work / ".out.partita", ignore_errors=True)
    if len(answers := {run.answer for run in ours + theirs}) != 1:
        raise SystemExit(f"{case}: the contenders do not agree: {sorted(answers)}")
    cells = [case]
    for what in ("wall", "cpu"):
        seconds = [[getattr(run, what) for run in runs] for runs in (ours, theirs)]
        ratio = statistics.median(their / our for our, their in zip(*seconds))
        cells += [text_of(seconds[0]), text_of(seconds[1]), f"{ratio:.2f}"]
    return "| " + " | ".join(cells) + " |"


def measure_small(arguments, work: pathlib.Path) -> None:
    bench = Bench(arguments, work)
    rows = arguments.files * arguments.rows_per_file
    num_bytes = write_small_files(arguments, generate(arguments, rows, work / "rows.csv"), bench.folder)
    bench.partita("crawl", bench.folder, "--database=small", "--table=files", bench.catalog, "--quiet")
    print(f"{arguments.files:,} gzip CSV files of {num_bytes / arguments.files / 1000:.1f} kB, {rows:,} rows; {bench.threads} threads,"
          f" {arguments.rounds} rounds; goal: DuckDB / ours ≥ {LEAST_RATIO}\n")  # fmt: skip
    print("| | ours, wall s | DuckDB, wall s | DuckDB / ours | ours, CPU s | DuckDB, CPU s | DuckDB / ours |\n|---|---|---|---|---|---|---|", flush=True)
    for case in arguments.cases:
        print(measure_case(arguments, bench, case), flush=True)


def measure_crawl(arguments, work: pathlib.Path) -> None:
    bench = Bench(arguments, work)
    source = generate(arguments, arguments.crawl_bytes // BYTES_PER_ROW, work / "register.csv")
    num_mb = source.stat().st_size / 1e6
    runs = [bench.partita("crawl", source, "--database=big", bench.catalog, "--quiet") for _ in range(arguments.rounds)]
    print(f"\nOne CSV file of {num_mb:,.0f} MB through `partita crawl`; {bench.threads} threads, {arguments.rounds} rounds; goal: ≥ "
          f"{LEAST_MB_PER_CPU_SECOND} MB per CPU second\n")  # fmt: skip
    print("| wall s | CPU s | MB per second | MB per CPU second |\n|---|---|---|---|")
    walls, cpus = [run.wall for run in runs], [run.cpu for run in runs]
    print(f"| {text_of(walls)} | {text_of(cpus)} | {num_mb / statistics.median(walls):,.0f} | {num_mb / statistics.median(cpus):,.0f} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["small", "crawl"], metavar="small|crawl")
    parser.add_argument("--cases", nargs="+", default=["count", "scan", "write"], choices=("count", "scan", "write"))
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rows-per-file", type=int, default=40)
    parser.add_argument("--crawl-bytes", type=int, default=1_000_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("/dev/shm"))
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - {"small", "crawl"}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; say small or crawl")
    for part, measure in (("small", measure_small), ("crawl", measure_crawl)):
        if part in arguments.parts:
            with tempfile.TemporaryDirectory(prefix="partita-inputs-", dir=arguments.work) as folder:
                measure(arguments, pathlib.Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
