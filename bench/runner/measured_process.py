"""Runs a command in a process of its own and measures it from outside."""
from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Measured:
    """How a process went.

    `end` is `done`, `failed`, `time limit` or `memory limit`; `seconds` wall time from start
    to end; `cpu_seconds` user and system time of it and its children; `peak_bytes` the most
    that it and its descendants had resident at once, shared pages counted in each.
    """

    end: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    stdout: str
    stderr: str


def descendants(process: int) -> list[int]:
    """The process and everything it started that still lives."""
    found = [process]
    for parent in found:
        found += children_of(parent)
    return found


def children_of(process: int) -> list[int]:
    """What the process has started itself; of one that ends meanwhile, what was seen of it."""
    found: list[int] = []
    try:
        for children in pathlib.Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, children.read_text(encoding="ascii").split())
    except OSError:
        pass
    return found


def resident_bytes(process: int) -> tuple[int, int]:
    """What the process has resident now, and the most it has had; 0 when it has ended."""
    now = most = 0
    try:
        with open(f"/proc/{process}/status", encoding="utf-8") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    most = int(line.split()[1]) << 10
                elif line.startswith("VmRSS:"):
                    now = int(line.split()[1]) << 10
    except OSError:
        pass
    return now, most


class MemoryWatch(threading.Thread):
    """Notes the peak of a process tree, and kills it beyond a limit in bytes."""

    def __init__(self, process: int, limit_bytes: int):
        super().__init__(daemon=True)
        self._process = process
        self._limit_bytes = limit_bytes
        self._stopped = threading.Event()
        self.peak_bytes = 0
        self.is_over_limit = False

    def run(self) -> None:
        while not self._stopped.wait(POLL_SECONDS):
            sizes = [resident_bytes(process) for process in descendants(self._process)]
            together, largest = sum(now for now, _ in sizes), max(most for _, most in sizes)
            self.peak_bytes = max(self.peak_bytes, together, largest)
            if self.peak_bytes > self._limit_bytes and not self.is_over_limit:
                self.is_over_limit = True
                kill_session(self._process)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def kill_session(leader: int) -> None:
    """Kills the process group that `leader` leads, if it is still there."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end_session(leader: int) -> None:
    """Kills what is left of a group whose leader has ended, and waits until it is gone.

    A killed process gives its memory back only by and by, and the next run needs it. One that
    nobody reaps never goes: hence at most 10 s.
    """
    start = time.monotonic()
    while time.monotonic() - start < 10:
        try:
            os.killpg(leader, signal.SIGKILL)
        except ProcessLookupError:
            return
        time.sleep(0.01)


def wait_with_limit(process: subprocess.Popen, limit_seconds: float) -> tuple[int, object, bool]:
    """Wait status, resource usage and whether the limit was reached (then it was killed)."""
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        kill_session(process.pid)

    timer = threading.Timer(limit_seconds, end)
    timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        kill_session(process.pid)
        raise
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)  # so that Popen waits no more
    return process.returncode, usage, is_late.is_set()


def measure(
    command: Sequence[str],
    environment: Mapping[str, str],
    limit_seconds: float,
    limit_bytes: int,
) -> Measured:
    """Runs the command to its end or a limit. Raises only what starting it raises."""
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
            start_new_session=True,
        )  # fmt: skip
        watch = MemoryWatch(process.pid, limit_bytes)
        watch.start()
        try:
            code, usage, is_late = wait_with_limit(process, limit_seconds)
            seconds = time.perf_counter() - start
        finally:
            watch.stop()
            end_session(process.pid)
        texts = []
        for file in (stdout, stderr):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    end = "time limit" if is_late else "memory limit" if watch.is_over_limit else "failed" if code else "done"
    return Measured(
        end=end,
        seconds=seconds,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        # Not ru_maxrss: that counts what this process held when it started the other.
        peak_bytes=watch.peak_bytes,
        stdout=texts[0],
        stderr=texts[1],
    )
