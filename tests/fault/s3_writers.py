#!/usr/bin/env python3
"""Lets many writers overwrite one path on MinIO at the same time, round after round, each with rows of its own.

In every other round a proxy keeps them together until each has seen that no other is at work; in the rounds between
they run as they come. One wins, or several one after another. After each round the data set must be the rows of the
writer that HEAD names and of nobody else, every other writer must have won before it or have been refused, each win must
be a generation, and nothing may be left.
"""
import collections
import json
import pathlib
import sys
import tempfile

from s3_jobs import Jobs, conclude, data_keys, parser_of, rows_of_objects, write_rows

import s3_fault_proxy as faults
import s3_servers

FORMAT = "csv"
TARGET = f"out/{FORMAT}"
CONFLICT = 5


class Race:
    def __init__(self, arguments, folder: pathlib.Path, server, proxy):
        self.proxy, self.folder = proxy, folder
        self.bucket = server.new_bucket()
        self.jobs = Jobs(arguments.binary, folder, self.bucket, proxy.endpoint)
        self.rows = {}  # by writer
        for number in range(arguments.writers):
            self.rows[number] = [(k, row, f"writer{number}") for row, k in enumerate("aabbc")]
            write_rows(folder / f"{number}.csv", self.rows[number])
        self.generation = 0
        self.counts = collections.Counter()

    def run_round(self, is_gathered: bool):
        """What went wrong."""
        self.proxy.forget()
        if is_gathered:
            size = len(self.rows)
            self.proxy.befall(faults.Gathering(size), "ListObjects", "*.partita/*", times=size)
        processes = {number: self.jobs.start(*self.call(number)) for number in self.rows}
        codes, said = {}, {}
        for number, process in processes.items():
            said[number] = process.communicate(timeout=600)[1].strip()
            codes[number] = process.returncode
        winners = [number for number, code in codes.items() if code == 0]
        yield from (
            f"writer {number} ended with {codes[number]}: {said[number]}"
            for number in codes
            if codes[number] not in (0, CONFLICT)
        )
        if not winners:
            yield "nobody has won"
        yield from self.what_is_wrong(winners)
        self.counts["rounds"] += 1
        self.counts["wins"] += len(winners)
        self.counts["refusals"] += len(codes) - len(winners)

    def call(self, number: int) -> list:
        return self.jobs.write(self.folder / f"{number}.csv", "overwrite", "--threads=1", "--memory=32MiB",
                               f"--report=report-{number}.json", formats=[FORMAT])  # fmt: skip

    def what_is_wrong(self, winners: list):
        head = s3_servers.head_of(self.bucket, TARGET)
        if int(head["generation"]) != self.generation + len(winners):
            yield f"{len(winners)} wins made generation {head['generation']} of {self.generation}"
        self.generation = int(head["generation"])
        last = [number for number in winners if self.job_id(number) == head["job"]]
        if len(last) != 1:
            yield f"HEAD names the job {head['job']}, which is none of the winners {winners}"
            return
        found = rows_of_objects(self.bucket, FORMAT, data_keys(self.bucket, FORMAT))
        wanted = collections.Counter(tuple(map(str, row)) for row in self.rows[last[0]])
        if found != wanted:
            yield f"writer {last[0]} has won, but there is {sorted(found.elements())}"
        if left := s3_servers.leavings(self.bucket, TARGET):
            yield f"left behind: {left}"

    def job_id(self, number: int) -> str:
        return json.loads((self.folder / f"report-{number}.json").read_text())["job_id"]


def main() -> int:
    parser = parser_of(__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--writers", type=int, default=20)
    arguments = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory(prefix="partita-s3-writers-") as name:
        folder = pathlib.Path(name)
        with s3_servers.start_minio(folder / "minio") as server, faults.FaultProxy(server.address) as proxy:
            race = Race(arguments, folder, server, proxy)
            for number in range(arguments.rounds):
                for problem in race.run_round(is_gathered=number % 2 == 0):
                    failures.append(f"round {number}: {problem}")
                    print(failures[-1], flush=True)
    return conclude(race.counts, failures)


if __name__ == "__main__":
    sys.exit(main())
