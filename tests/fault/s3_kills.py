#!/usr/bin/env python3
"""Kills jobs on MinIO at every request that they make, and recoveries too, and looks what is left.

A proxy holds the n-th request of a job, which is then killed with SIGKILL: before the server has seen the request,
after it has carried it out, or (for the requests that decide, complete and delete) so that it arrives only after the
recovery. Then:
  - our reader sees exactly the old or the new rows, according to HEAD;
  - a plain reader misses no old object until all new ones are there;
  - the recovery of each output is killed at one of its requests, and the same holds;
  - once recovered, every output is old or new as HEAD had decided, and no upload and no object is left but HEAD and its
    manifest.
Prints how many points were tried, and at how many of them a recovery was killed too. An hour or so; --step N tries every N-th point.
"""
import collections
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
from datetime import timedelta

from s3_jobs import (
    FORMATS, CallFailed, Jobs, conclude, data_keys, output_of, parser_of, rows_of, rows_of_objects, write_rows,
)  # fmt: skip

import s3_fault_proxy as faults
import s3_servers

OLD_ROWS = [(k, number, f"old{number}") for number, k in enumerate("aabbbc")]
NEW_ROWS = [(k, number, f"new{number}") for number, k in enumerate("bbcdd", 100)]
# What a mode makes of the two.
RESULTS = {
    "overwrite": NEW_ROWS,
    "overwrite-partitions": [row for row in OLD_ROWS if row[0] == "a"] + NEW_ROWS,
    "append": OLD_ROWS + NEW_ROWS,
}
# Requests whose late arrival could still change data.
LATE = [("PutObject", "*/HEAD"), ("CompleteMultipartUpload", "*"), ("DeleteObjects", "*")]
MOST_REQUESTS_OF_A_RECOVERY = 25
WANTED_POINTS = 300
MOST_FAILURES = 20


class Wrong(Exception):
    """What must not be."""


def expect(is_so: bool, text: str):
    if not is_so:
        raise Wrong(text)


def counted(rows) -> collections.Counter:
    return collections.Counter(tuple(map(str, row)) for row in rows)


class Point:
    """Where a job is killed: at which request of a kind, and what becomes of that."""

    def __init__(self, mode: str, number: int, fate: str, operation: str = "*", key: str = "*"):
        self.mode, self.number, self.fate, self.operation, self.key = mode, number, fate, operation, key

    def hold(self) -> faults.Hold:
        return faults.Hold(is_carried_out=self.fate == "after")

    def __str__(self):
        return f"{self.mode}, request {self.number} of {self.operation} {self.key}, {self.fate}"


class Loop:
    def __init__(self, arguments, folder: pathlib.Path, server: s3_servers.S3Server, proxy: faults.FaultProxy):
        self.proxy = proxy
        self.random = random.Random(arguments.seed)
        self.binary, self.folder, self.server = arguments.binary, folder, server
        self.old_source = write_rows(folder / "old.csv", OLD_ROWS)
        self.new_source = write_rows(folder / "new.csv", NEW_ROWS)
        self.counts = collections.Counter()
        self.late = None  # a request that is held until after the recovery
        self.begin_anew()

    def begin_anew(self):
        """In a new bucket: what went wrong in another one stays there."""
        self.let_late_arrive()
        self.bucket = self.server.new_bucket()
        self.jobs = Jobs(self.binary, self.folder, self.bucket, self.proxy.endpoint)
        self.readers = Jobs(self.binary, self.folder, self.bucket)  # past the proxy
        self.is_old = False

    def let_late_arrive(self):
        if self.late is not None:
            self.late.let_go()
            self.late = None
            self.proxy.wait_until_idle()
            self.counts["requests that arrived late"] += 1

    # ---- One point

    def try_point(self, point: Point) -> bool:
        """False where the job makes no such request any more."""
        self.make_old()
        old_keys = {name: data_keys(self.bucket, name) for name in FORMATS}
        generations = {name: self.generation(name) for name in FORMATS}
        self.is_old = False
        if not self.kill(self.jobs.write(self.new_source, point.mode), point):
            return False
        is_decided = {name: self.generation(name) != generations[name] for name in FORMATS}
        self.check_readers(point.mode, is_decided, old_keys)
        self.proxy.time_passed = timedelta(minutes=2)
        killed = sum(self.kill_recovery(name) for name in FORMATS)
        if killed:
            self.counts["recoveries killed"] += killed
            self.counts["points with a recovery killed"] += 1
            self.check_readers(point.mode, is_decided, old_keys)
        for name in FORMATS:
            self.jobs.run("recover", self.bucket.uri(f"out/{name}"))
        self.let_late_arrive()
        self.check_recovered(point.mode, is_decided)
        self.is_old = not any(is_decided.values())
        self.counts["points"] += 1
        self.counts[f"points of {point.mode}"] += 1
        return True

    def make_old(self):
        self.proxy.forget()
        if not self.is_old:
            self.readers.run(*self.readers.write(self.old_source, "overwrite"))
            self.is_old = True

    def kill(self, call: list, point: Point) -> bool:
        """Runs a call and kills it at the point; false where it came to its end before."""
        hold = point.hold()
        rule = self.proxy.befall(hold, point.operation, point.key, first=point.number)
        process = self.jobs.start(*call)
        while not hold.reached.wait(0.002):
            if process.poll() is not None:
                rule.remove()
                output_of(process, call)
                return False
        process.send_signal(signal.SIGKILL)
        process.communicate()
        if point.fate == "late":
            self.late = hold
        else:
            hold.lose()
        self.proxy.wait_until_idle(but_for=0 if self.late is None else 1)
        return True

    def kill_recovery(self, name: str) -> bool:
        """As kill(), at any request of the recovery of an output; false where that made fewer."""
        fate = self.random.choice(["before", "after"])
        point = Point("recovery", self.random.randint(1, MOST_REQUESTS_OF_A_RECOVERY), fate)
        return self.kill(["recover", self.bucket.uri(f"out/{name}")], point)

    # ---- What must hold

    def generation(self, name: str) -> str:
        return s3_servers.head_of(self.bucket, f"out/{name}")["generation"]

    def state(self, name: str) -> str:
        return s3_servers.head_of(self.bucket, f"out/{name}")["state"]

    def check_readers(self, mode: str, is_decided: dict, old_keys: dict):
        """Our reader sees one of the two, a plain one at least all of the old or all of the new."""
        scans = {name: self.readers.start(*self.readers.scan(name)) for name in FORMATS}
        for name, scan in scans.items():
            seen = rows_of(output_of(scan, self.readers.scan(name)))
            is_new = is_decided[name] and self.state(name) == "applied"
            wanted = RESULTS[mode] if is_new else OLD_ROWS
            expect(seen == counted(wanted), f"{name}: our reader sees {sorted(seen.elements())}")
            keys = data_keys(self.bucket, name)
            if not old_keys[name] <= keys:
                new = rows_of_objects(self.bucket, name, keys - old_keys[name])
                expect(is_new and new == counted(NEW_ROWS), f"{name}: old objects are gone and not all new are there")

    def check_recovered(self, mode: str, is_decided: dict):
        for name in FORMATS:
            wanted = counted(RESULTS[mode] if is_decided[name] else OLD_ROWS)
            found = rows_of_objects(self.bucket, name, data_keys(self.bucket, name))
            expect(found == wanted, f"{name}: after recovery a plain reader sees {sorted(found.elements())}")
            seen = rows_of(self.readers.run(*self.readers.scan(name)))
            expect(seen == wanted, f"{name}: after recovery our reader sees {sorted(seen.elements())}")
        left = s3_servers.leavings(self.bucket, *(f"out/{name}" for name in FORMATS))
        expect(not left, f"left behind: {left}")


def all_points(arguments):
    """Sequences of points: each ends where the job has no such request any more."""
    for mode in RESULTS:
        for fate in ("before", "after"):
            yield [Point(mode, number, fate) for number in range(1, 1000, arguments.step)]
        for operation, key in LATE:
            yield [Point(mode, number, "late", operation, key) for number in range(1, 100, arguments.step)]


def main() -> int:
    parser = parser_of(__doc__)
    parser.add_argument("--step", type=int, default=1, help="try every so many-th point only")
    arguments = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory(prefix="partita-s3-kills-") as name:
        folder = pathlib.Path(name)
        with s3_servers.start_minio(folder / "minio") as server, faults.FaultProxy(server.address) as proxy:
            loop = Loop(arguments, folder, server, proxy)
            for points in all_points(arguments):
                for point in points:
                    try:
                        if not loop.try_point(point):
                            break
                    except (Wrong, CallFailed, TimeoutError, subprocess.TimeoutExpired) as problem:
                        failures.append(f"{point}: {problem}")
                        print(failures[-1], flush=True)
                        loop.begin_anew()
                        if len(failures) >= MOST_FAILURES:
                            break
                kind = f"{points[0].mode}, {points[0].fate}, {points[0].operation}"
                print(f"{kind}: {loop.counts['points']} points so far", flush=True)
                if len(failures) >= MOST_FAILURES:
                    return conclude(loop.counts, failures)
    tried = loop.counts["points with a recovery killed"]
    if arguments.step == 1 and tried < WANTED_POINTS:
        failures.append(f"a recovery was killed too at only {tried} points where {WANTED_POINTS} are wanted")
    return conclude(loop.counts, failures)


if __name__ == "__main__":
    sys.exit(main())
