"""The results as Markdown."""
from __future__ import annotations

import pathlib
from collections.abc import Iterable, Iterator

from .goals import Goal, Results, all_goals
from .summary import Spread, Summary, is_peer, summaries

BEGIN = "<!-- begin of measured results -->"
END = "<!-- end of measured results -->"


def spread_text(spread: Spread, factor: float = 1) -> str:
    """`1.23 (1.20–1.31)`; two digits below 100."""
    digits = 2 if spread.median * factor < 100 else 0
    texts = [f"{figure * factor:.{digits}f}" for figure in (spread.median, spread.least, spread.most)]
    return f"{texts[0]} ({texts[1]}–{texts[2]})" if texts[1] != texts[2] else texts[0]


def row_of(one: Summary, ours: Summary | None, limit_seconds: float) -> str:
    """A contender's row in its case's table."""
    if one.seconds is None:
        told = f"> {limit_seconds:.0f} s, ended" if one.end == "time limit" else one.end
        return f"| {one.contender} | {told} | | {one.peak_bytes / 1e6:,.0f} | | | | |"
    ratio = f"{one.seconds.median / ours.seconds.median:.1f}" if ours and ours.seconds else ""
    whole = "" if one.is_whole else " (not all formats)"
    return (
        f"| {one.contender}{whole} | {spread_text(one.seconds)} | {spread_text(one.cpu_seconds)} "
        f"| {one.peak_bytes / 1e6:,.0f} | {one.num_files:,} | {one.bytes / 1e6:,.0f} | {ratio} | {one.num_runs} |"
    )


def start_table(found: Iterable[Summary]) -> Iterator[str]:
    """Small commands in milliseconds."""
    yield "| command | wall ms | CPU ms | runs |"
    yield "|---|---|---|---|"
    for one in found:
        name = one.contender.partition("=")[2]
        yield f"| `partita {name}` | {spread_text(one.seconds, 1e3)} | {spread_text(one.cpu_seconds, 1e3)} | {one.num_runs} |"


def case_section(result: dict) -> Iterator[str]:
    """Heading, table and what the rows were checked by."""
    case, found = result["case"], summaries(result["runs"])
    yield f"#### {case['title']} (`{case['name']}`)"
    yield ""
    if case["kind"] in ("start", "lookup"):
        yield from start_table(found.values())
    else:
        yield "| | wall s | CPU s | peak MB | files | MB | ours = 1 | runs |"
        yield "|---|---|---|---|---|---|---|---|"
        for one in found.values():
            yield row_of(one, found.get("ours"), case["limit_seconds"])
        checks = dict.fromkeys(one.check for one in found.values() if one.check)
        yield ""
        yield "Checked: " + "; ".join(checks) + "."
    yield ""


def goal_row(goal: Goal, results: Results) -> str | None:
    """The goal's row, or None when its cases have not been run."""
    measured = goal.measure(results)
    if measured is None:
        return None
    figure, rival = measured
    if goal.unit == "×" and goal.most < 1:
        texts = f"1/{1 / figure:.1f}", f"≤ 1/{1 / goal.most:.0f}"
    else:
        sign = "≥" if goal.is_least else "≤"
        texts = f"{figure:,.{2 if goal.unit == '×' else 0}f} {goal.unit}", f"{sign} {goal.most:g} {goal.unit}"
    verdict = "yes" if goal.is_met_by(figure) else f"no, by {abs_factor(goal, figure):.2f} ×"
    return f"| {goal.title} | {rival} | {texts[1]} | {texts[0]} | {verdict} |"


def abs_factor(goal: Goal, figure: float) -> float:
    """How far a missed goal is away, > 1."""
    return goal.most / figure if goal.is_least else figure / goal.most


def goal_section(results: Results) -> Iterator[str]:
    """Every goal whose cases have been run."""
    rows = [row for goal in all_goals() if (row := goal_row(goal, results))]
    if rows:
        yield "#### Goals"
        yield ""
        yield "| case and figure | against | goal | measured | met |"
        yield "|---|---|---|---|---|"
        yield from rows
        yield ""


def place_lines(results: Results) -> Iterator[str]:
    """Machine, commits and versions."""
    machines = {}
    versions: dict[str, str] = {}
    for result in results.values():
        machine = result["machine"]
        text = (
            f"{machine['num_cpus']} processors ({machine['cpu']}), {machine['memory_bytes'] / 2**30:.0f} GiB, "
            f"{machine['system']}, {machine['file_system']}"
        )
        machines.setdefault(text, {}).setdefault(machine["commit"], result["started"][:10])
        for run in result["runs"]:
            if run["version"] and is_peer(run["contender"]):
                versions[run["contender"]] = run["version"]
    for text, commits in machines.items():
        yield f"- {text}; " + ", ".join(f"commit {name} on {day}" for name, day in commits.items())
    if versions:
        yield "- " + ", ".join(f"{name} {version}" for name, version in versions.items())
    yield ""


def markdown(results: Results) -> str:
    """All of it."""
    lines = [*place_lines(results), *goal_section(results)]
    for result in results.values():
        lines += case_section(result)
    return "\n".join(lines)


def put_between_markers(page: pathlib.Path, text: str) -> None:
    """Replaces what stands between the markers of a page. Errors: ValueError without them."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no lines {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}", encoding="utf-8")
