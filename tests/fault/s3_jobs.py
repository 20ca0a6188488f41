"""What the fault scripts for S3 share: a small job of three formats in a bucket, and what plain readers find there."""
import argparse
import collections
import io
import json
import os
import pathlib
import subprocess
import sys

import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/e2e"))

from s3_servers import Bucket, is_data  # noqa: E402  pylint: disable=wrong-import-position

FORMATS = ("parquet", "json", "csv")
HEADER = "k,id,v\n"


def parser_of(text: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "build/release/partita")
    parser.add_argument("--seed", type=int, default=1)
    return parser


class Jobs:
    """Runs the binary in a folder against one bucket; each target is `out/FORMAT`."""

    def __init__(self, binary: pathlib.Path, folder: pathlib.Path, bucket: Bucket, endpoint: str = ""):
        self.binary, self.folder, self.bucket = binary.resolve(), folder, bucket
        access = bucket.access.through(endpoint) if endpoint else bucket.access
        self.environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "PARTITA_CATALOG": str(folder / "catalog.db"),
                            **access.environment()}  # fmt: skip

    def start(self, *arguments) -> subprocess.Popen:
        return subprocess.Popen(
            [str(self.binary), *map(str, arguments)], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments) -> str:
        """Standard output of a call that must succeed."""
        return output_of(self.start(*arguments), arguments)

    def write(self, source: pathlib.Path, mode: str, *arguments, formats=FORMATS) -> list:
        outputs = [f"--output={name}={self.bucket.uri(f'out/{name}')}" for name in formats]
        header = ["--option=csv.header=true"] if "csv" in formats else []
        return ["write", source, "--partition-by=k", f"--mode={mode}", *outputs, *header, "--quiet", *arguments]

    def scan(self, name: str) -> list:
        header = ["--read-option=header=true"] if name == "csv" else []
        return ["scan", self.bucket.uri(f"out/{name}"), *header, "--select=k,id,v", "--format=csv"]


class CallFailed(Exception):
    """A call of the binary that had to succeed."""


def output_of(process: subprocess.Popen, arguments) -> str:
    stdout, stderr = process.communicate(timeout=300)
    if process.returncode != 0:
        raise CallFailed(f"{' '.join(map(str, arguments))}: exit {process.returncode}: {stderr.strip()}")
    return stdout


def rows_of(text: str) -> collections.Counter:
    """(k, id, v) of every row of CSV text with a header."""
    return collections.Counter(tuple(line.split(",")) for line in text.splitlines()[1:])


def data_keys(bucket: Bucket, name: str) -> set:
    start = f"out/{name}/"
    return {key for key in bucket.objects(start) if is_data(key[len(start) :])}


def rows_of_objects(bucket: Bucket, name: str, keys) -> collections.Counter:
    """(k, id, v) of every row in these objects, by pyarrow and plain Python."""
    found = collections.Counter()
    for key in keys:
        partition = key.split("/")[2].removeprefix("k=")
        content = bucket.get(key)
        if name == "parquet":
            rows = pyarrow.parquet.read_table(io.BytesIO(content), partitioning=None).to_pylist()
        elif name == "json":
            rows = [json.loads(line) for line in content.decode().splitlines()]
        else:
            lines = content.decode().splitlines()
            rows = [dict(zip(lines[0].split(","), line.split(","))) for line in lines[1:]]
        found.update((partition, str(row["id"]), row["v"]) for row in rows)
    return found


def write_rows(path: pathlib.Path, rows) -> pathlib.Path:
    path.write_text(HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows))
    return path


def conclude(counts: dict, failures: list) -> int:
    """Prints the counts last; the exit status."""
    for failure in failures:
        print(f"FAILED: {failure}")
    print(", ".join(f"{name}: {count}" for name, count in counts.items()), f", failures: {len(failures)}", sep="")
    return os.EX_OK if not failures else 1
