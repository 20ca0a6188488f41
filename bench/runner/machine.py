"""The machine, the commit and the versions that a result belongs to."""
from __future__ import annotations

import os
import pathlib
import platform
import subprocess

from .workplace import ROOT, Workplace


def first_value(path: str, key: str) -> str:
    """The value after `key :` in a file such as /proc/cpuinfo."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return "unknown"


def file_system_of(path: pathlib.Path) -> str:
    """The type of the file system that holds `path`."""
    called = subprocess.run(
        ["findmnt", "-n", "-o", "FSTYPE", "-T", str(path)], capture_output=True, text=True, check=False
    )
    return called.stdout.strip() or "unknown"


def commit() -> str:
    """The checked-out commit, with `+` when tracked files differ from it."""
    def git(*arguments: str) -> str:
        called = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return called.stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if git("status", "--porcelain", "-uno") else "")


def describe(work: Workplace) -> dict:
    """What a reader must know about the place of a measurement."""
    return {
        "commit": commit(),
        "cpu": first_value("/proc/cpuinfo", "model name"),
        "num_cpus": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": f"{platform.system()} {platform.release()}",
        "file_system": file_system_of(work.outputs),
    }
