"""Runs one case: rounds of all contenders, the floor before and after each, and the checks."""
from __future__ import annotations

import datetime
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterable, Sequence

from .cases import Case, Contender
from .contenders import Limits, command_of, environment_of
from .machine import describe
from .measured_process import Measured, measure
from .kept_trees import KeptTrees
from .output_tree import DataFile, data_files, write_listing
from .read_run import measure_lookups, measure_reads
from .summary import is_peer
from .workplace import ROOT, Workplace

FORMATS = ("parquet", "csv", "json")
# A contender that takes longer than this runs once: its spread would not change a verdict.
LONG_SECONDS = 15.0
# Trees stay until the case is over or they take this much, the oldest goes first; those of very many files stay until
# the whole measurement is over. Deleting slows the next runs: ext4 looks at every inode freed in the last minute
# before it takes one (recently_deleted(), 13 % of a job that writes 229 files).
MOST_KEPT_BYTES = 32_000_000_000
MOST_DELETED = 5_000
MEMORY_SHARE = 0.75
START_COMMANDS = {"--version": ["--version"], "schema": ["schema", "--table"]}


class CaseRun:
    """One case at work. Outputs go to fresh folders; run() returns the record for the result file.

    With `is_every_run_checked` the rows of every output are compared with the input, else
    those of each contender's first.
    """

    def __init__(self, case: Case, work: Workplace, limits: Limits, is_every_run_checked: bool):
        self._case = case
        self._work = work
        self._limits = limits
        self._is_every_run_checked = is_every_run_checked
        self._runs: list[dict] = []
        self._dropped: set[str] = set()
        self._kept = KeptTrees(MOST_KEPT_BYTES if case.place != "memory" else 0)

    def run(self) -> dict:
        """Measures all rounds; what fails is told in its run's `end` and `message`."""
        started = datetime.datetime.now(datetime.timezone.utc)
        for contender in self._case.contenders:
            self._work.prepare(self._case.data_of(contender))
        if self._case.kind == "start":
            self._measure_start()
        elif self._case.kind == "read":
            self._add(measure_reads(self._case, self._work, self._limits))
        elif self._case.kind == "lookup":
            self._add(measure_lookups(self._case, self._work))
        else:
            self._measure_rounds()
            self._kept.remove_all()
        return {
            "case": {
                "name": self._case.name, "title": self._case.title, "kind": self._case.kind,
                "formats": self._case.formats, "place": self._case.place,
                "limit_seconds": self._case.limit_seconds,
                "input_bytes": self._work.input(self._case.data).stat().st_size,
                "rows": self._case.data.rows,
            },
            "machine": describe(self._work),
            "started": started.isoformat(timespec="seconds"),
            "num_threads": self._limits.num_threads,
            "runs": self._runs,
        }  # fmt: skip

    def _add(self, runs: Iterable[tuple[str, int, Measured, str]]) -> None:
        """Contender, round, figures and check of runs that leave no output."""
        for name, number, measured, check in runs:
            run = record(name, number, measured) | {"check": check}
            if run["end"] == "done" and not check.startswith("right"):
                run["end"] = "wrong rows"
            self._runs.append(run)
            print(f"{self._case.name} {number}: {name} {run['end']} {run['seconds']:.3f} s {check}", flush=True)

    def _measure_start(self) -> None:
        for name, command in START_COMMANDS.items():
            table = [self._work.table(self._case.data)] if command[-1] == "--table" else []
            for number in range(self._case.repeats):
                measured = measure(
                    [str(self._work.binary), *command, *table], self._work.environment, 60, 1 << 34
                )
                self._runs.append(record(f"ours:command={name}", number, measured))

    def _measure_rounds(self) -> None:
        floors = [one for one in self._case.contenders if one.who == "floor"]
        others = [one for one in self._case.contenders if one.who != "floor"]
        if floors:
            self._rehearse(next(one for one in others if one.name == "ours"))
        for number in range(self._case.repeats):
            for contender in floors + in_turn(others, number, self._case.repeats):
                if contender.name not in self._dropped:
                    self._measure(contender, number)
        for contender in floors:
            self._measure(contender, self._case.repeats)

    def _rehearse(self, ours: Contender) -> None:
        """An unmeasured run of ours, whose tree tells the floor what to write."""
        out = self._folder(ours, "rehearsal")
        self._start(ours, out)
        write_listing(str(out), str(self._work.outputs / f"{self._case.name}.listing"))
        self._clean(out, list(data_files(str(out))))

    def _measure(self, contender: Contender, number: int) -> None:
        out = self._folder(contender, str(len(self._runs)))
        if contender.needs_old_run:
            self._start(Contender.parse("ours"), out)
        measured = self._start(contender, out)
        if measured is None:
            print(f"{self._case.name}: {contender.name} is not installed", flush=True)
            self._dropped.add(contender.name)
            return
        run = record(contender.name, number, measured)
        if is_peer(contender.name) and (run["end"] != "done" or run["seconds"] > LONG_SECONDS):
            self._dropped.add(contender.name)
        self._look_at_output(contender, out, run)
        self._runs.append(run)
        print(
            f"{self._case.name} {number}: {contender.name} {run['end']}"
            f" {run['seconds']:.2f} s, CPU {run['cpu_seconds']:.2f} s, {run['peak_bytes'] / 1e6:.0f} MB,"
            f" {run.get('num_files', 0)} files {run.get('bytes', 0) / 1e6:.0f} MB {run['check']}",
            flush=True,
        )
        if run["end"] != "done":
            print("  " + run["message"].replace("\n", "\n  "), flush=True)

    def _start(self, contender: Contender, out: pathlib.Path) -> Measured | None:
        command = command_of(contender, self._case, self._work, out, self._limits)
        if command is None:
            return None
        self._work.warm(self._case.data_of(contender))
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        environment = environment_of(contender, self._case, self._work)
        return measure(command, environment, self._case.limit_seconds, int(memory * MEMORY_SHARE))

    def _look_at_output(self, contender: Contender, out: pathlib.Path, run: dict) -> None:
        """Notes files and bytes, checks the rows, and makes room."""
        files = list(data_files(str(out))) if out.exists() else []
        wanted = FORMATS if self._case.formats == "all" else (self._case.formats,)
        run["num_files"] = len(files)
        run["bytes"] = sum(file.bytes for file in files)
        is_first = not any(one["contender"] == contender.name for one in self._runs)
        if contender.who not in ("floor", "remove") and run["end"] == "done":
            written = [name for name in wanted if (out / name).exists()]
            run["missing_formats"] = [name for name in wanted if name not in written]
            if written and (is_first or self._is_every_run_checked):
                run["check"] = self._check(contender, out, written)
                run["end"] = "done" if run["check"].startswith("right") else "wrong rows"
        self._clean(out, files)

    def _check(self, contender: Contender, out: pathlib.Path, written: Sequence[str]) -> str:
        """`right: …` or what is wrong, by a reader that is not the writer's own."""
        reader = "pyarrow" if contender.who == "duckdb" else "duckdb"
        source = str(self._work.input(self._case.data_of(contender)))
        compared = ""
        for file_format in written:
            called = subprocess.run(
                [sys.executable, "-m", "runner.verify", source, str(out / file_format), file_format, reader],
                cwd=ROOT / "bench", capture_output=True, text=True, check=False,
            )  # fmt: skip
            if called.returncode != 0:
                return f"unreadable {file_format}: {called.stderr[-300:]}"
            told = json.loads(called.stdout)
            compared = told["compared"]
            if not told["is_right"]:
                return f"wrong {file_format}: {compared}"
        return f"right: {compared}"

    def _folder(self, contender: Contender, suffix: str) -> pathlib.Path:
        root = self._work.memory_outputs if self._case.place == "memory" else self._work.outputs
        folder = root / self._case.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{contender.name.replace('=', '-').replace(':', '-').replace(',', '-')}-{suffix}"

    def _clean(self, out: pathlib.Path, files: Sequence[DataFile]) -> None:
        if len(files) <= MOST_DELETED or self._case.place == "memory":
            self._kept.add(out, files)


def in_turn(contenders: list[Contender], number: int, repeats: int) -> list[Contender]:
    """The contenders of round `number` of `repeats`, beginning with another than the round before."""
    first = max(1, len(contenders) // repeats) * number % len(contenders)
    return contenders[first:] + contenders[:first]


def record(contender: str, number: int, measured: Measured) -> dict:
    """A run as it stands in the result file.

    A contender that tells its own `seconds` is taken at its word: those are the job without
    the start of interpreter and engine, which `process_seconds` and `process_cpu_seconds` include.
    """
    told = last_json_line(measured.stdout)
    has_told_failure = measured.end == "done" and told.get("error")
    return {
        "contender": contender,
        "round": number,
        "end": "failed" if has_told_failure else measured.end,
        "seconds": told.get("seconds", measured.seconds),
        "cpu_seconds": measured.cpu_seconds - told.get("start_cpu_seconds", 0.0),
        "process_seconds": measured.seconds,
        "process_cpu_seconds": measured.cpu_seconds,
        "peak_bytes": measured.peak_bytes,
        "version": told.get("version", ""),
        "message": "" if measured.end == "done" else (told.get("error") or measured.stderr[-600:].strip()),
        "missing_formats": [],
        "check": "",
    }


def last_json_line(text: str) -> dict:
    """The last line that is a JSON object; empty without one."""
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            try:
                return json.loads(line)
            except ValueError:
                continue
    return {}
