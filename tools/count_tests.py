#!/usr/bin/env python3
"""Adds up the JUnit files of a folder and prints `N passed, N failed[, N skipped]`.

Names what failed first. Exits with 1 when anything failed, when a step of the build broke,
or when no test ran at all.
"""
import argparse
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def outcome(case: ElementTree.Element) -> str:
    """`passed`, `failed` or `skipped`; ctest and pytest mark them with the same children."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    if case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
        return "skipped"
    return "passed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broken-steps", type=int, default=0)
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()

    counts = {"passed": 0, "failed": arguments.broken_steps, "skipped": 0}
    for file in sorted(arguments.folder.glob("*.xml")):
        for case in ElementTree.parse(file).iter("testcase"):
            result = outcome(case)
            counts[result] += 1
            if result == "failed":
                name = ".".join(filter(None, (case.get("classname"), case.get("name"))))
                print(f"failed in {file.stem}: {name}")
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
