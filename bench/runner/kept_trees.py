"""Outputs that stay on the disk while others are measured."""
from __future__ import annotations

import os
import pathlib
import shutil
from collections.abc import Sequence

from .output_tree import DataFile


class KeptTrees:
    """Trees of finished runs, the oldest first. What all of them hold stays within `most_bytes`.

    Their pages leave the cache, so that the next run finds as much free memory as if they were gone.
    """

    def __init__(self, most_bytes: int):
        self._most_bytes = most_bytes
        self._trees: list[tuple[pathlib.Path, int]] = []

    def add(self, tree: pathlib.Path, files: Sequence[DataFile]) -> None:
        """Keeps `tree`, whose files are `files`, and removes older ones, or itself, beyond the limit."""
        self._trees.append((tree, sum(file.bytes for file in files)))
        while self._trees and sum(size for _, size in self._trees) > self._most_bytes:
            shutil.rmtree(self._trees.pop(0)[0], ignore_errors=True)
        if self._trees:
            for file in files:
                drop_from_cache(file.path)

    def remove_all(self) -> None:
        """Removes every tree that is still kept."""
        while self._trees:
            shutil.rmtree(self._trees.pop()[0], ignore_errors=True)


def drop_from_cache(path: str) -> None:
    """Writes the file back and frees its pages."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fdatasync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
