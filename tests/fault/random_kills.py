#!/usr/bin/env python3
"""Kills the release binary at random moments of an overwrite and looks what is left.

Two data sets take turns: a job overwrites one with the other in three formats and is killed
with SIGKILL after a random time. Each output must then be exactly one of the two, for our
own reader before recovery and for pyarrow after it, and nothing else may lie there.
"""
import argparse
import collections
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import pyarrow.compute as pc
import pyarrow.dataset as ds

ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMATS = ("parquet", "json", "csv")


class Harness:
    def __init__(self, folder, arguments):
        self.folder = folder
        self.binary = arguments.binary
        self.random = random.Random(arguments.seed)
        self.sources = []
        self.digests = []
        for number, rows in enumerate((arguments.rows, arguments.rows * 9 // 10)):
            source = folder / f"in{number}.csv"
            self.run("generate", "--rows", rows, "--seed", number + 1, source)
            self.sources.append(source)

    def command(self, *arguments):
        return [str(self.binary), *map(str, arguments)]

    def run(self, *arguments):
        result = subprocess.run(self.command(*arguments), cwd=self.folder, check=False,
                                capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"{arguments}: {result.stderr}")
        return result.stdout

    def write(self, number):
        outputs = [f"--output={name}=out/{name}" for name in FORMATS]
        return self.command("write", self.sources[number], "--partition-by", "Model Year",
                            "--partition-by", "Make", "--mode", "overwrite",
                            "--durability", "fast", "--option", "csv.header=true",
                            *outputs)

    def digest(self, name):
        """What an independent reader finds: rows, and for Parquet a sum over a column."""
        files = [path for path in (self.folder / "out" / name).rglob("part-*")]
        if name == "parquet":
            table = ds.dataset(files, format="parquet").to_table(columns=["DOL Vehicle ID"])
            return table.num_rows, pc.sum(table.column(0)).as_py()
        lines = sum(path.read_bytes().count(b"\n") for path in files)
        return (lines - (len(files) if name == "csv" else 0), 0)

    def leavings(self):
        """What lies beside the targets but HEAD and its manifest."""
        found = []
        for path in (self.folder / "out").iterdir():
            if path.name in FORMATS:
                continue
            names = sorted(entry.name for entry in path.iterdir())
            if len(names) != 2 or names[0] != "HEAD" or not names[1].startswith("manifest-"):
                found.append((path.name, names))
        return found

    def measure(self):
        """The two data sets as they should be, and how long a job takes."""
        seconds = []
        for number in (1, 0):
            start = time.monotonic()
            subprocess.run(self.write(number), cwd=self.folder, check=True,
                           capture_output=True)
            seconds.append(time.monotonic() - start)
            self.digests.insert(0, {name: self.digest(name) for name in FORMATS})
        return max(seconds)

    def kill_once(self, number, longest):
        with subprocess.Popen(self.write(number), cwd=self.folder, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as job:
            try:
                job.wait(self.random.uniform(0, longest * 1.1))
                outcome = "ended"
            except subprocess.TimeoutExpired:
                os.kill(job.pid, signal.SIGKILL)
                outcome = "killed"
        for name in FORMATS:
            rows = int(self.run("count", f"out/{name}",
                                *(["--read-option", "header=true"] if name == "csv" else [])))
            if rows not in {digest[name][0] for digest in self.digests}:
                return f"MIXED {name} before recovery: {rows} rows"
            self.run("recover", f"out/{name}")
            digest = self.digest(name)
            if digest not in [digests[name] for digests in self.digests]:
                return f"MIXED {name} after recovery: {digest}"
        left = self.leavings()
        return f"LEFT BEHIND {left}" if left else outcome


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200,
                        help="rounds in which the job ends before its kill do not count")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    arguments = parser.parse_args()
    arguments.binary = arguments.binary.resolve()
    with tempfile.TemporaryDirectory(prefix="partita-kills-") as folder:
        harness = Harness(pathlib.Path(folder), arguments)
        longest = harness.measure()
        outcomes = collections.Counter()
        rounds = 0
        while outcomes["killed"] < arguments.kills and rounds < 4 * arguments.kills:
            outcome = harness.kill_once(1 - rounds % 2, longest)
            outcomes[outcome.split()[0]] += 1
            if outcome not in ("killed", "ended"):
                print(f"round {rounds}: {outcome}", flush=True)
            rounds += 1
        print(f"{rounds} rounds of {arguments.rows} rows, job {longest:.1f} s:",
              dict(outcomes))
        return 1 if set(outcomes) - {"killed", "ended"} or not outcomes["killed"] else 0


if __name__ == "__main__":
    sys.exit(main())
