"""python -m runner run|table: measures cases, or prints what was measured as Markdown."""
from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import shutil
import signal
import sys

from .case_run import CaseRun
from .cases import read_cases
from .contenders import Limits
from .table import markdown, put_between_markers
from .workplace import MEMORY_FOLDER, ROOT, Workplace, remove_trees


def read_results(folder: pathlib.Path) -> dict[str, dict]:
    """The result files of a folder by case, in the order of the cases' files."""
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    order = [case.name for name in ("cases.json", "cases-quick.json") for case in read_cases(ROOT / "bench" / name)]
    return dict(sorted(found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))


def workplace_of(given: argparse.Namespace) -> Workplace:
    """The folders of this run; outputs get a name no run has had."""
    name = f"outputs-{datetime.datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}"
    work = Workplace(
        inputs=given.work / "inputs",
        outputs=given.work / name,
        memory_outputs=MEMORY_FOLDER / f"partita-bench-{name}",
        binary=given.binary.resolve(),
        floor=given.floor.resolve(),
        sample=given.sample,
    )
    for program in (work.binary, work.floor):
        if not program.is_file():
            sys.exit(f"{program} is missing; `make bench` and `make bench-quick` build it")
    work.outputs.mkdir(parents=True)
    work.memory_outputs.mkdir(parents=True)
    return work


def run(given: argparse.Namespace) -> int:
    """Measures the chosen cases; one result file each. Prints the table, then removes what was written."""
    work = workplace_of(given)
    limits = Limits(given.threads, given.peer_memory)
    cases = read_cases(given.cases)
    unknown = set(given.only) - {case.name for case in cases}
    if unknown:
        sys.exit(f"no such case in {given.cases}: {', '.join(sorted(unknown))}")
    given.results.mkdir(parents=True, exist_ok=True)
    try:
        for case in cases:
            if not given.only or case.name in given.only:
                work.make_room(case.disk_gb * 10**9)
                result = CaseRun(case, work, limits, given.check == "every").run()
                path = given.results / f"{case.name}.json"
                unfinished = path.with_suffix(".part")
                unfinished.write_text(json.dumps(result, indent=1), encoding="utf-8")
                unfinished.rename(path)  # a full disk leaves no half a result, which `table` could not read
        return table(given)
    finally:
        print("removing outputs", flush=True)
        shutil.rmtree(work.memory_outputs, ignore_errors=True)
        remove_trees(work.outputs)  # millions of files: nobody waits for the table meanwhile


def table(given: argparse.Namespace) -> int:
    """Prints the table, or puts it into a page."""
    text = markdown(read_results(given.results))
    (given.results / "table.md").write_text(text, encoding="utf-8")
    if given.into:
        put_between_markers(given.into, text)
    else:
        print(text)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="runner", description=__doc__)
    parser.add_argument("action", choices=("run", "table"))
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "build/bench/results/jobs")
    parser.add_argument("--into", type=pathlib.Path, help="page whose marked part the table replaces")
    parser.add_argument("--cases", type=pathlib.Path, default=ROOT / "bench/cases.json")
    parser.add_argument("--only", nargs="+", default=[], metavar="CASE")
    parser.add_argument("--check", choices=("every", "first"), default="every", help="runs whose rows are compared")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench/work", help="on the file system to measure")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    parser.add_argument("--floor", type=pathlib.Path, default=ROOT / "build/bench/bench/partita_floor")
    parser.add_argument("--sample", type=pathlib.Path, help="scale this CSV of the real register instead of generating rows")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--peer-memory", default="8GiB", help="limit of those that take one")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # outputs are removed on the way out
    return run(given) if given.action == "run" else table(given)


if __name__ == "__main__":
    sys.exit(main())
