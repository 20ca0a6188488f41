"""The cases: what is measured, as bench/cases*.json say it."""
from __future__ import annotations

import dataclasses
import json
import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Data:
    """An input file of `partita generate`; 0 partitions are the register's own 229."""

    rows: int
    partitions: int = 0

    @property
    def name(self) -> str:
        return f"rows_{self.rows}" + (f"_partitions_{self.partitions}" if self.partitions else "")


@dataclass(frozen=True)
class Contender:
    """Who runs, and with which settings: `duckdb`, `ours:memory=256MiB,threads=1`, `floor:way=direct`.

    `ours:mode=overwrite` writes over, and `remove` removes (`rm -r`), what an unmeasured run of ours
    has put there.
    """

    name: str
    who: str
    settings: dict[str, str]

    @classmethod
    def parse(cls, name: str) -> Contender:
        who, _, settings = name.partition(":")
        return cls(name, who, dict(pair.split("=", 1) for pair in settings.split(",") if pair))

    @property
    def needs_old_run(self) -> bool:
        """Whether the folder it is given holds an earlier run's output."""
        return self.who == "remove" or self.settings.get("mode") == "overwrite"


@dataclass(frozen=True)
class Case:
    """One comparison. All contenders do the same work, in `repeats` rounds; one that is named twice runs twice in each.

    `kind` `job` writes `formats` (`all`, or one) of `data`; `start` measures how long small
    commands take; `read` reads all rows of the Parquet files that ours has written of `data`;
    `lookup` reads the rows of one partition of a table that ours has written and registered.
    `place` is `disk` or `memory` (a memory file system). A run beyond
    `limit_seconds` is ended. `disk_gb` is what its outputs take on the disk, folders and all, before any is removed.
    """

    name: str
    title: str
    data: Data
    contenders: tuple[Contender, ...]
    formats: str = "all"
    kind: str = "job"
    place: str = "disk"
    repeats: int = 3
    limit_seconds: float = 600
    disk_gb: int = 10

    def data_of(self, contender: Contender) -> Data:
        """The input; a contender may set `rows` for itself."""
        rows = contender.settings.get("rows")
        return dataclasses.replace(self.data, rows=int(rows)) if rows else self.data


def read_cases(path: pathlib.Path) -> list[Case]:
    """The cases of a file; groups such as `$peers` stand for the lists the file gives them."""
    told = json.loads(path.read_text(encoding="utf-8"))
    groups = told["groups"]
    cases = []
    for entry in told["cases"]:
        names = [n for name in entry.pop("contenders") for n in groups.get(name, [name])]
        data = Data(entry.pop("rows"), entry.pop("partitions", 0))
        cases.append(Case(data=data, contenders=tuple(map(Contender.parse, names)), **entry))
    return cases
