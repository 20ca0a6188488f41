"""What lies below an output folder: data files, their sizes and partitions."""
from __future__ import annotations

import os
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass

# The keys' values as text, outermost folder first.
Partition = tuple[str, ...]


@dataclass(frozen=True)
class DataFile:
    """One data file; `path` is whole, `partition` from its folders' names."""

    path: str
    bytes: int
    partition: Partition


def partition_of(folder: str) -> Partition:
    """The values in `…/Model%20Year=2011/Make=KIA`, unescaped."""
    values = (name.partition("=") for name in folder.split("/"))
    return tuple(urllib.parse.unquote(value) for _, equals, value in values if equals)


def data_files(root: str) -> Iterator[DataFile]:
    """Every file below `root`; what begins with a dot or underscore is none."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        partition = partition_of(folder[len(root):])
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "_")):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield DataFile(entry.path, entry.stat().st_size, partition)


def write_listing(root: str, listing: str) -> None:
    """Writes `BYTES PATH` lines of the data files below `root`, folder by folder, for the floor."""
    with open(listing, "w", encoding="utf-8") as file:
        for data_file in data_files(root):
            file.write(f"{data_file.bytes} {data_file.path[len(root):].lstrip('/')}\n")
