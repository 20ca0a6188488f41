#!/usr/bin/env python3
"""Measures jobs that write to a MinIO of their own against the floor: eight plain client threads that make the same calls
with the same bytes (S3Floor). Job and floor take turns; medians and their ratio are printed as Markdown.

    reference   the register in three formats
    many        10,000 small partitions, JSON
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

import s3_servers  # noqa: E402  pylint: disable=wrong-import-position

MEMORY = 256 << 20  # of a job; the program's own comes on top
FORMATS = {"reference": ["parquet", "json", "csv"], "many": ["json"]}


class Bench:
    def __init__(self, arguments, folder: pathlib.Path, server):
        self.arguments, self.folder, self.server = arguments, folder, server
        self.environment = {**os.environ, "PARTITA_CATALOG": str(folder / "catalog.db"),
                            **server.access.environment()}  # fmt: skip

    def call(self, program: pathlib.Path, *arguments) -> str:
        return subprocess.run([program.resolve(), *map(str, arguments)], cwd=self.folder, env=self.environment,
                              check=True, capture_output=True, text=True).stdout  # fmt: skip

    def prepare(self, case: str):
        rows = self.arguments.rows if case == "reference" else 100_000
        extra = [] if case == "reference" else ["--partitions", 10_000]
        self.call(self.arguments.binary, "generate", "--rows", rows, *extra, f"{case}.csv")
        self.call(self.arguments.binary, "crawl", f"{case}.csv", "--database=bench", f"--table={case}")

    def job(self, case: str) -> dict:
        """The report of a job in a fresh bucket, and what objects it made."""
        bucket = self.server.new_bucket()
        outputs = [f"--output={name}={bucket.uri(f'out/{name}')}" for name in FORMATS[case]]
        text = self.call(
            self.arguments.binary, "write", f"--table=bench.{case}", "--partition-by=Model Year", "--partition-by=Make",
            *outputs, f"--memory={MEMORY}", "--report=-", "--quiet",
        )  # fmt: skip
        report = json.loads(text)
        listing = [f"{size} {key.removeprefix('out/')}" for key, (size, _) in bucket.objects("out/").items()
                   if "/part-" in key]  # fmt: skip
        return {"report": report, "listing": listing}

    def floor(self, case: str, listing: list) -> dict:
        bucket = self.server.new_bucket()
        path = self.folder / f"{case}.listing"
        path.write_text("\n".join(listing) + "\n")
        return json.loads(
            self.call(self.arguments.floor, "--target", bucket.uri("out"), "--listing", path, "--threads=8")
        )

    def measure(self, case: str) -> dict:
        self.prepare(case)
        jobs, floors = [], []
        for _ in range(self.arguments.rounds):
            jobs.append(self.job(case))
            floors.append(self.floor(case, jobs[-1]["listing"]))
        return {
            "case": case,
            "objects": floors[0]["files"],
            "megabytes": round(floors[0]["bytes"] / 1e6),
            "job": statistics.median(job["report"]["seconds"] for job in jobs),
            "floor": statistics.median(floor["seconds"] for floor in floors),
            "peak_mb": round(max(job["report"]["peak_resident_bytes"] for job in jobs) / 1e6),
            "budget_mb": round(max(job["report"]["peak_budget_bytes"] for job in jobs) / 1e6),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    parser.add_argument("--floor", type=pathlib.Path, default=ROOT / "build/bench/bench/partita_s3_floor")
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the reference job")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("cases", nargs="*", default=list(FORMATS), help=f"of {', '.join(FORMATS)}")
    arguments = parser.parse_args()
    print("| case | objects | MB | job s | floor s | job / floor | peak MB | of budget MB |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="partita-s3-bench-") as name:
        folder = pathlib.Path(name)
        with s3_servers.start_minio(folder / "minio") as server:
            bench = Bench(arguments, folder, server)
            for case in arguments.cases:
                found = bench.measure(case)
                print(f"| {case} | {found['objects']} | {found['megabytes']} | {found['job']:.2f} | {found['floor']:.2f} "
                      f"| {found['job'] / found['floor']:.2f} | {found['peak_mb']} | {found['budget_mb']} |",
                      flush=True)  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
