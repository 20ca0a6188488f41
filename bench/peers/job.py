"""The job every peer does, and what it tells the runner about it.

Reads one CSV file of the register's 17 columns with their types given, and writes it
partitioned by two of them. All scripts beside this one have its command line:

    X_peer.py --input FILE --out DIR --format parquet|csv|json|all --threads N --memory SIZE

and write each format to DIR/FORMAT, as someone who knows the tool would let it. They end
with one line of JSON; the runner measures the process from outside.
"""
from __future__ import annotations

import argparse
import json
import os
import pathlib
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

FORMATS = ("parquet", "csv", "json")
KEYS = ("Model Year", "Make")
# What a crawler finds: bigint where every value is an integer.
COLUMNS = {
    "VIN (1-10)": "string",
    "County": "string",
    "City": "string",
    "State": "string",
    "Postal Code": "bigint",
    "Model Year": "bigint",
    "Make": "string",
    "Model": "string",
    "Electric Vehicle Type": "string",
    "Clean Alternative Fuel Vehicle (CAFV) Eligibility": "string",
    "Electric Range": "bigint",
    "Base MSRP": "bigint",
    "Legislative District": "bigint",
    "DOL Vehicle ID": "bigint",
    "Vehicle Location": "string",
    "Electric Utility": "string",
    "2020 Census Tract": "bigint",
}


@dataclass(frozen=True)
class Job:
    """One job: the input file, the root of its outputs and how much may be used for it."""

    input: str
    out: pathlib.Path
    formats: tuple[str, ...]
    num_threads: int
    memory_bytes: int

    def output(self, file_format: str) -> str:
        """The folder of a format; its parent is there."""
        return str(self.out / file_format)

    def made_output(self, file_format: str) -> str:
        """The folder of a format, made."""
        folder = self.out / file_format
        folder.mkdir(exist_ok=True)
        return str(folder)


def column_types(bigint: object, string: object) -> dict:
    """COLUMNS in a tool's own types."""
    return {name: bigint if kind == "bigint" else string for name, kind in COLUMNS.items()}


def size_in_bytes(text: str) -> int:
    """`256MiB` or `8GiB` as bytes."""
    for unit, factor in (("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)):
        if text.endswith(unit):
            return int(text.removesuffix(unit)) * factor
    return int(text)


def parse_job(arguments: list[str] | None = None) -> Job:
    """The job of the command line; its output folder is made, and must not exist."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--format", choices=(*FORMATS, "all"), required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", type=size_in_bytes, default="8GiB")
    given = parser.parse_args(arguments)
    given.out.mkdir()
    formats = FORMATS if given.format == "all" else (given.format,)
    return Job(given.input, given.out, formats, given.threads, given.memory)


def tree_cpu_seconds() -> float:
    """User and system CPU seconds of this process and its living descendants."""
    ticks = 0
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(") ")[2].split()
        except OSError:
            continue  # ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(entry))
        used[int(entry)] = int(fields[11]) + int(fields[12])
    waiting = [os.getpid()]
    while waiting:
        process = waiting.pop()
        ticks += used.get(process, 0)
        waiting += children.get(process, [])
    return ticks / os.sysconf("SC_CLK_TCK")


def run_job(
    version: str,
    job: Job,
    writers: Mapping[str, Callable[[], object]],
    write_all: Callable[[], object] | None = None,
) -> int:
    """Writes the job's formats and prints one line of JSON; the exit status.

    `writers` has one call per format the tool can write; `write_all`, where there is one,
    does all three in the tool's best way. Units: seconds from the first call on;
    `start_…` is what came before, from the interpreter's start.
    """
    start_cpu = tree_cpu_seconds()
    start = time.perf_counter()
    told = {"version": version, "start_cpu_seconds": start_cpu, "done": [], "error": None}
    try:
        if job.formats == FORMATS and write_all is not None:
            write_all()
            told["done"] = list(FORMATS)
        else:
            for file_format in job.formats:
                if file_format in writers:
                    writers[file_format]()
                    told["done"].append(file_format)
    except BaseException as error:  # a panic of a Rust library is no Exception
        told["error"] = f"{type(error).__name__}: {error}"[:600]
    told["seconds"] = time.perf_counter() - start
    print(json.dumps(told), flush=True)
    return 1 if told["error"] else 0


def writers_of(write: Callable[[str], object]) -> dict[str, Callable[[], object]]:
    """One call per format of FORMATS, each of `write` with the format's name."""
    return {file_format: lambda f=file_format: write(f) for file_format in FORMATS}


def end_at_once(status: int) -> None:
    """Ends the process without the tear-down of servers that would only be waited for."""
    sys.stdout.flush()
    os._exit(status)
