"""Data sets in a bucket: what a good run has written there, and what a failing one must leave alone."""
import collections
import shutil
import uuid

import readers
from s3_servers import Bucket, is_data, leavings

KEY = "Kind"
GOOD = "id,Kind,note\n1,a,x\n2,b,y\n"
OTHER = "id,Kind,note\n3,a,z\n4,b,v\n5,c,w\n"


class S3Target:
    """A written data set, and the jobs that are to replace it."""

    def __init__(self, partita, bucket: Bucket, key: str = "sets/target"):
        self.partita, self.bucket, self.key = partita, bucket, key
        self.path = bucket.uri(key)
        self.good = partita.folder / "good.csv"
        self.other = partita.folder / "other.csv"
        self.good.write_text(GOOD)
        self.other.write_text(OTHER)
        assert self.write(self.good).code == 0
        self.before = self.snapshot()
        assert len(self.before) == 3  # two partitions and _SUCCESS

    def arguments(self, *arguments) -> list:
        return [
            "write", *arguments, "--mode=overwrite", f"--partition-by={KEY}",
            f"--output=csv={self.path}", "--option=csv.header=true",
        ]  # fmt: skip

    def write(self, *arguments, **environment):
        return self.partita(*self.arguments(*arguments), **environment)

    def start(self, *arguments):
        return self.partita.start(*self.arguments(*arguments))

    def snapshot(self) -> dict:
        """Every object below the target with its bytes."""
        return self.bucket.contents(f"{self.key}/")

    def data(self) -> dict:
        """Of these what a plain reader takes for data."""
        start = len(self.key) + 1
        return {key: content for key, content in self.snapshot().items() if is_data(key[start:])}

    def assert_untouched(self):
        assert self.snapshot() == self.before

    def assert_holds(self, text: str):
        """That the data set is the rows of this CSV text and nothing else."""
        assert plain_rows(self.data(), self.key) == rows_of(text)

    def assert_nothing_lies_about(self):
        assert leavings(self.bucket, self.key) == []

    def assert_next_run_is_clean(self):
        assert self.write(self.good).code == 0
        self.assert_holds(GOOD)
        self.assert_nothing_lies_about()
        self.before = self.snapshot()


def rows_of(text: str) -> collections.Counter:
    """(Kind, id, note) of every row of such a text as GOOD."""
    rows = (line.split(",") for line in text.splitlines()[1:])
    return collections.Counter((kind, number, note) for number, kind, note in rows)


def plain_rows(contents: dict, key: str) -> collections.Counter:
    """The same of a data set's files with headers, by key."""
    found = collections.Counter()
    for path, content in contents.items():
        kind = path[len(key) + 1 :].split("/")[0].removeprefix(f"{KEY}=")
        header, *lines = content.decode().splitlines()
        assert header == "id,note"
        found.update((kind, *line.split(",")) for line in lines)
    return found


def scanned_rows(partita, path: str) -> collections.Counter:
    """The same as our own reader sees it."""
    text = partita.ok("scan", path, "--read-option=header=true", "--select=id,Kind,note", "--format=csv")
    return rows_of(text)


def rows_by_folder(bucket: Bucket, key: str, file_format: str, folder) -> dict:
    """readers.rows_by_folder() of a data set in a bucket, by way of a folder that is removed again."""
    copy = bucket.download(key, folder / f"copy-{uuid.uuid4()}")
    rows = readers.rows_by_folder(copy, file_format)
    shutil.rmtree(copy)
    return rows
