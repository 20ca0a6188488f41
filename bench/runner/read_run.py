"""Runs that read what ours has written: all rows, or the rows of one partition."""
from __future__ import annotations

import json
import os
import pathlib
import shlex
import subprocess
import urllib.parse
from collections.abc import Iterator

import pyarrow.ipc

from .cases import Case, Contender
from .contenders import PEERS, Limits, interpreter_of
from .measured_process import Measured, measure
from .workplace import DATABASE, Workplace, wait_for_idle_disks

LIMIT_SECONDS = 600
LIMIT_BYTES = 1 << 34
Run = tuple[str, int, Measured, str]


def measure_reads(case: Case, work: Workplace, limits: Limits) -> Iterator[Run]:
    """All rows as Arrow batches, which nobody keeps. The files are in the page cache."""
    folder = write(case, work, "parquet", [])
    for number in range(case.repeats):
        for contender in case.contenders:
            command = read_command(contender, folder, work, limits)
            if command is None:
                print(f"{case.name}: {contender.name} is not installed", flush=True)
                continue
            settle()
            measured = measure(command, work.environment, LIMIT_SECONDS, LIMIT_BYTES)
            yield contender.name, number, measured, check_of(case, rows_of(contender, folder, work, measured))


def read_command(contender: Contender, folder: pathlib.Path, work: Workplace, limits: Limits) -> list[str] | None:
    """The command line; None for a peer that is not installed."""
    threads = contender.settings.get("threads", str(limits.num_threads))
    if contender.who == "ours":
        scan = shlex.join([str(work.binary), "scan", str(folder), "--format", "arrow", "--threads", threads])
        return ["sh", "-c", f"exec {scan} >/dev/null"]
    interpreter = interpreter_of(contender.who)
    reader = PEERS / f"{contender.who}_reader.py"
    return [str(interpreter), str(reader), "--input", str(folder), "--threads", threads] if interpreter else None


def rows_of(contender: Contender, folder: pathlib.Path, work: Workplace, measured: Measured) -> int:
    """What a peer told of the rows; ours is asked for its stream once more, and pyarrow counts."""
    if contender.who != "ours":
        return json.loads(measured.stdout or "{}").get("rows", -1)
    scan = [work.binary, "scan", folder, "--format", "arrow"]
    with subprocess.Popen(scan, env=work.environment, stdout=subprocess.PIPE) as process:
        with pyarrow.ipc.open_stream(process.stdout) as batches:
            return sum(batch.num_rows for batch in batches)


def measure_lookups(case: Case, work: Workplace) -> Iterator[Run]:
    """The rows of one partition of a registered table, by a condition on both keys."""
    table = f"{DATABASE}.lookup_{case.name}"
    folder = write(case, work, "csv", ["--register", table])
    year, make = keys_of_a_partition(folder)
    condition = f"`Model Year` = {year} AND Make = '{make}'"
    command = [str(work.binary), "scan", "--table", table, "--where", condition, "--format", "csv"]
    for number in range(case.repeats):
        settle()
        measured = measure(command, work.environment, LIMIT_SECONDS, LIMIT_BYTES)
        num_rows = len(measured.stdout.splitlines()) - 1
        wanted = rows_in(folder, year, make)
        yield "ours:command=scan", number, measured, "right: rows" if num_rows == wanted else f"{num_rows} of {wanted} rows"


def write(case: Case, work: Workplace, file_format: str, options: list[str]) -> pathlib.Path:
    """Lets ours write the case's data as `file_format`; the folder."""
    folder = work.outputs / case.name / file_format
    subprocess.run(
        [work.binary, "write", "--table", work.table(case.data), "--partition-by", "Model Year", "--partition-by", "Make",
         "--output", f"{file_format}={folder}", "--durability", "fast", "--quiet", *options],
        env=work.environment, check=True,
    )  # fmt: skip
    return folder


def keys_of_a_partition(folder: pathlib.Path) -> tuple[str, str]:
    """The keys of the partition whose names come last."""
    year = max(name for name in os.listdir(folder) if "=" in name)
    make = max(os.listdir(folder / year))
    return tuple(urllib.parse.unquote(name.partition("=")[2]) for name in (year, make))


def rows_in(folder: pathlib.Path, year: str, make: str) -> int:
    """Lines of the files of one partition, which have no header and no line breaks in fields."""
    files = (folder / f"Model Year={year}" / f"Make={make}").glob("*.csv")
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def check_of(case: Case, num_rows: int) -> str:
    """`right: …`, or how many rows there were."""
    return "right: number of rows" if num_rows == case.data.rows else f"{num_rows} of {case.data.rows} rows"


def settle() -> None:
    """Earlier writes come to rest."""
    os.sync()
    wait_for_idle_disks()
