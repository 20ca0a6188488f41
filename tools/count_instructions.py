#!/usr/bin/env python3
"""Counts the instructions of one job per format and compares them with the stored bounds.

usage: tools/count_instructions.py [--renew] [--junit FILE]

Unlike seconds, instructions do not depend on what else the machine does: with one thread and
a fixed seed two runs differ by some millionths. They do depend on the processor's vector
unit and the compiler; elsewhere than the bounds were taken, the comparison is skipped.
Profiles for callgrind_annotate stay in build/results/callgrind. Exits with 1 above a bound.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[1]
BOUNDS = ROOT / "tools/instruction_bounds.json"
BINARY = ROOT / "build/release/partita"
PROFILES = ROOT / "build/results/callgrind"
FORMATS = ("parquet", "csv", "json")
NUM_ROWS = 100_000
# Share of the bound by which a count may exceed it, or fall below without a remark.
TOLERANCE = 0.05


@dataclasses.dataclass(frozen=True)
class Count:
    """Instructions of one job and what was stored for it."""

    file_format: str
    instructions: int
    bound: int

    @property
    def share(self) -> float:
        """Of the bound; 1 is as stored."""
        return self.instructions / self.bound

    def __str__(self) -> str:
        return f"{self.file_format}: {self.instructions:,} instructions, {self.share - 1:+.1%} against {self.bound:,}"


def place() -> str:
    """What a count depends on apart from the sources: processor and compiler."""
    flags = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    vector = "with AVX2" if re.search(r"\bavx2\b", flags) else "without AVX2"
    compiler = subprocess.run(["g++", "-dumpversion"], capture_output=True, text=True, check=True)
    return f"{platform.machine()} {vector}, g++ {compiler.stdout.split('.')[0].strip()}"


def run(command: list, environment: dict) -> str:
    """Runs a command that must succeed; its standard error."""
    called = subprocess.run([str(word) for word in command], env=environment, capture_output=True, text=True, check=False)
    if called.returncode != 0:
        sys.exit(f"count_instructions.py: {command[0]} failed: {called.stderr[-1000:]}")
    return called.stderr


def count(file_format: str, folder: pathlib.Path, environment: dict) -> int:
    """Instructions of the job that writes `bench.rows` as one format, start-up included."""
    profile = PROFILES / f"{file_format}.callgrind"
    told = run([
        "valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}",
        BINARY, "write", "--table", "bench.rows", "--partition-by", "Model Year", "--partition-by", "Make",
        "--output", f"{file_format}={folder / file_format}", "--threads", 1, "--memory", "256MiB",
        "--durability", "fast", "--temp-dir", folder, "--quiet",
    ], environment)  # fmt: skip
    found = re.search(r"Collected\s*:\s*(\d+)", told)
    if not found:
        sys.exit(f"count_instructions.py: no count in what valgrind told: {told[-1000:]}")
    return int(found[1])


def count_all() -> dict[str, int]:
    """Instructions by format, on fresh data."""
    shutil.rmtree(PROFILES, ignore_errors=True)
    PROFILES.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = {**os.environ, "PARTITA_CATALOG": str(folder / "catalog.db")}
        rows = folder / "rows.csv"
        run([BINARY, "generate", "--rows", NUM_ROWS, "--seed", 1, "--quiet", rows], environment)
        run([BINARY, "crawl", rows, "--database", "bench", "--table", "rows", "--quiet"], environment)
        return {file_format: count(file_format, folder, environment) for file_format in FORMATS}


def write_junit(path: pathlib.Path, outcomes: dict[str, tuple[str, str]]) -> None:
    """Writes outcomes, (`passed`, `failure` or `skipped`, text) by name, as tools/count_tests.py reads them."""
    suite = ElementTree.Element("testsuite", name="instructions")
    for name, (outcome, text) in outcomes.items():
        case = ElementTree.SubElement(suite, "testcase", classname="instructions", name=name)
        if outcome != "passed":
            ElementTree.SubElement(case, outcome, message=text)
    path.parent.mkdir(parents=True, exist_ok=True)
    ElementTree.ElementTree(suite).write(path, encoding="utf-8")


def renew() -> int:
    """Stores what is counted now."""
    stored = {"place": place(), "num_rows": NUM_ROWS, "instructions": count_all()}
    BOUNDS.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    print(BOUNDS.read_text(encoding="utf-8"), end="")
    return 0


def compare() -> dict[str, tuple[str, str]]:
    """The outcome of each format, told on standard output too."""
    stored = json.loads(BOUNDS.read_text(encoding="utf-8"))
    if stored["place"] != place():
        reason = f"the bounds are of {stored['place']}, this is {place()}"
        print(f"skipped: {reason}")
        return {file_format: ("skipped", reason) for file_format in FORMATS}
    outcomes = {}
    for file_format, instructions in count_all().items():
        counted = Count(file_format, instructions, stored["instructions"][file_format])
        outcome = "failure" if counted.share > 1 + TOLERANCE else "passed"
        outcomes[file_format] = outcome, str(counted)
        print(counted)
        if outcome == "failure":
            print(f"  more than {TOLERANCE:.0%} above: callgrind_annotate {PROFILES / file_format}.callgrind says where;"
                  " if it is worth it, run `make renew-bounds` and say why in the commit")  # fmt: skip
        elif counted.share < 1 - TOLERANCE:
            print("  `make renew-bounds` keeps the gain")
    return outcomes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true", help="store what is counted as the new bounds")
    parser.add_argument("--junit", type=pathlib.Path, help="result file to write")
    given = parser.parse_args()
    if given.renew:
        return renew()
    outcomes = compare()
    if given.junit:
        write_junit(given.junit, outcomes)
    return 1 if any(outcome == "failure" for outcome, _ in outcomes.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
