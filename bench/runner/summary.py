"""Arithmetic on the runs of a case: medians, spreads, the fastest."""
from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Median, smallest and largest of some figures."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        return cls(statistics.median(figures), min(figures), max(figures))


@dataclass(frozen=True)
class Summary:
    """A contender's runs in one case. Without `seconds` no run of it came to its end.

    `end` is `done`, or why its first bad run ended. `peak_bytes` is the most of all runs.
    """

    contender: str
    end: str
    num_runs: int
    seconds: Spread | None
    cpu_seconds: Spread | None
    peak_bytes: int
    num_files: int
    bytes: int
    is_whole: bool  # every format of the case was written
    check: str


def summarize(contender: str, runs: Sequence[Mapping]) -> Summary:
    """Puts a contender's runs together; `runs` are records of the result file."""
    done = [run for run in runs if run["end"] == "done"]
    bad = [run["end"] for run in runs if run["end"] != "done"]
    last = done[-1] if done else {}
    return Summary(
        contender=contender,
        end=bad[0] if bad else "done",
        num_runs=len(runs),
        seconds=Spread.of([run["seconds"] for run in done]) if done and not bad else None,
        cpu_seconds=Spread.of([run["cpu_seconds"] for run in done]) if done and not bad else None,
        peak_bytes=max(run["peak_bytes"] for run in runs),
        num_files=last.get("num_files", 0),
        bytes=last.get("bytes", 0),
        is_whole=bool(done) and not any(run["missing_formats"] for run in done),
        check=done[0]["check"] if done else "",
    )


def summaries(runs: Sequence[Mapping]) -> dict[str, Summary]:
    """One summary per contender, in the order of their first runs."""
    names = dict.fromkeys(run["contender"] for run in runs)
    return {name: summarize(name, [run for run in runs if run["contender"] == name]) for name in names}


def is_peer(contender: str) -> bool:
    """Whether it is another tool that does the job: neither ours, nor the floor, nor a removal."""
    return contender.partition(":")[0] not in ("ours", "floor", "remove")


def fastest(candidates: Iterable[Summary], figure: str = "seconds") -> Summary | None:
    """The one with the least median of `figure` among those that did the whole case."""
    able = [one for one in candidates if one.seconds is not None and one.is_whole]
    return min(able, key=lambda one: getattr(one, figure).median, default=None)


def floor_of(found: Mapping[str, Summary]) -> Summary | None:
    """The floor in the better of its ways."""
    return fastest(one for name, one in found.items() if name.startswith("floor"))
