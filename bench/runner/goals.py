"""The goals of the project as ratios within one case, and whether results meet them."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .summary import Summary, fastest, floor_of, is_peer, summaries

MIB = 1 << 20
# A result file's content by the name of its case.
Results = Mapping[str, dict]


@dataclass(frozen=True)
class Goal:
    """A figure that must not exceed `most` (or fall below it, with `is_least`).

    `measure` gives the figure and what it was measured against, or None where results lack.
    """

    title: str
    most: float
    unit: str
    measure: Callable[[Results], "tuple[float, str] | None"]
    is_least: bool = False

    def is_met_by(self, figure: float) -> bool:
        return figure >= self.most if self.is_least else figure <= self.most


def found_in(results: Results, case: str) -> dict[str, Summary]:
    """The summaries of a case that has been run, else none."""
    return summaries(results[case]["runs"]) if case in results else {}


def figure_of(one: Summary | None, name: str) -> float | None:
    """The median of `seconds` or `cpu_seconds`."""
    spread = getattr(one, name) if one else None
    return spread.median if spread else None


def against(case: str, rival: Callable[[dict[str, Summary]], Summary | None], name: str = "seconds"):
    """Ours divided by the rival that `rival` picks from a case's summaries."""

    def measure(results: Results) -> tuple[float, str] | None:
        found = found_in(results, case)
        ours, other = found.get("ours"), rival(found)
        figures = figure_of(ours, name), figure_of(other, name)
        return (figures[0] / figures[1], other.contender) if None not in figures else None

    return measure


def fastest_peer(figure: str = "seconds"):
    return lambda found: fastest((one for name, one in found.items() if is_peer(name)), figure)


def only(contender: str):
    return lambda found: found.get(contender)


def within(case: str, contender: str, base: str, name: str):
    """The contender divided by `base`, both of one case."""

    def measure(results: Results) -> tuple[float, str] | None:
        found = found_in(results, case)
        figures = figure_of(found.get(contender), name), figure_of(found.get(base), name)
        return (figures[0] / figures[1], base) if None not in figures else None

    return measure


def peak(case: str, contender: str):
    """MiB resident at most."""

    def measure(results: Results) -> tuple[float, str] | None:
        one = found_in(results, case).get(contender)
        return (one.peak_bytes / MIB, "") if one and one.seconds else None

    return measure


def bytes_per_cpu_second(case: str):
    """MB of input per CPU second of ours."""

    def measure(results: Results) -> tuple[float, str] | None:
        cpu = figure_of(found_in(results, case).get("ours"), "cpu_seconds")
        return (results[case]["case"]["input_bytes"] / 1e6 / cpu, "") if cpu else None

    return measure


def milliseconds(command: str, case: str = "start"):
    """Median of a small command."""

    def measure(results: Results) -> tuple[float, str] | None:
        seconds = figure_of(found_in(results, case).get(f"ours:command={command}"), "seconds")
        return (seconds * 1e3, "") if seconds else None

    return measure


def growth(results: Results) -> tuple[float, str] | None:
    """CPU per row at 20 M rows divided by that at 1 M."""
    found = found_in(results, "growth")
    few, many = (figure_of(found.get(f"ours:rows={rows}"), "cpu_seconds") for rows in (1_000_000, 20_000_000))
    return (many / 20 / few, "1 M rows") if few and many else None


def speedup(results: Results) -> tuple[float, str] | None:
    """Wall time of one thread divided by that of two."""
    measured = within("threads", "ours:threads=1", "ours:threads=2", "seconds")(results)
    return (measured[0], "1 thread") if measured else None


def overwrite_goals() -> list[Goal]:
    """What an overwrite takes against the same job into a new folder."""
    return [
        Goal(f"{case}: wall of an overwrite against a plain write", 1.1, "×", within(case, "ours:mode=overwrite", "ours", "seconds"))
        for case in ("overwrite_1m", "overwrite_5m", "overwrite_memory")
    ]


def memory_goals() -> list[Goal]:
    """Resident memory and slow-down under small budgets."""
    small = "ours:memory=256MiB"
    goals = []
    for case in ("reference_5m", "csv_10k", "parquet_10k", "csv_100k", "parquet_100k"):
        goals.append(Goal(f"{case}, 256 MiB: resident", 400, "MiB", peak(case, small)))
        goals.append(Goal(f"{case}, 256 MiB: wall against default budget", 1.5, "×", within(case, small, "ours", "seconds")))
    goals.append(Goal("csv_1000k, 256 MiB: resident", 400, "MiB", peak("csv_1000k", small)))
    goals.append(Goal("reference_5m, 64 MiB: resident", 160, "MiB", peak("reference_5m", "ours:memory=64MiB")))
    return goals


def all_goals() -> list[Goal]:
    """Every goal, in the order of the tables."""
    goals = [
        Goal("reference_5m: wall against the fastest peer", 1 / 8, "×", against("reference_5m", fastest_peer())),
        Goal("reference_5m: CPU against the peer with the least", 1 / 8, "×",
             against("reference_5m", fastest_peer("cpu_seconds"), "cpu_seconds")),
        Goal("reference_5m: wall against Spark", 1 / 30, "×", against("reference_5m", only("spark"))),
        Goal("reference_5m: wall against the floor", 1.8, "×", against("reference_5m", floor_of)),
    ]  # fmt: skip
    for name in ("parquet", "csv", "json"):
        for size in ("1m", "5m"):
            case = f"{name}_{size}"
            goals.append(Goal(f"{case}: wall against the fastest peer", 1 / 5, "×", against(case, fastest_peer())))
    goals.append(Goal("csv_5m: input per CPU second", 600, "MB", bytes_per_cpu_second("csv_5m"), is_least=True))
    for case, peers, floor in (
        ("csv_10k", 1 / 8, 1.8), ("csv_100k", 1 / 5, 1.8), ("parquet_10k", 1 / 6, 2.5), ("parquet_100k", None, 2.5),
    ):  # fmt: skip
        if peers:
            goals.append(Goal(f"{case}: wall against the fastest peer that ends", peers, "×", against(case, fastest_peer())))
        goals.append(Goal(f"{case}: wall against the floor", floor, "×", against(case, floor_of)))
    return goals + memory_goals() + overwrite_goals() + [
        Goal("growth: CPU per row, 20 M against 1 M rows", 1.1, "×", growth),
        Goal("threads: speed-up from 1 to 2", 1.85, "×", speedup, is_least=True),
        Goal("start: partita --version", 30, "ms", milliseconds("--version")),
        Goal("start: partita schema --table", 40, "ms", milliseconds("schema")),
        Goal("read_229: wall of reading against pyarrow", 1.25, "×", against("read_229", only("pyarrow"))),
        Goal("read_1: the same, of one file", 1.25, "×", against("read_1", only("pyarrow"))),
        Goal("lookup_100k: one of 100,000 partitions", 500, "ms", milliseconds("scan", "lookup_100k")),
        Goal("lookup_1000k: one of 1,000,000 partitions", 3000, "ms", milliseconds("scan", "lookup_1000k")),
    ]
