"""Folders, input files and the catalog of a measuring run."""
from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .cases import Data

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATABASE = "bench"
MEMORY_FOLDER = pathlib.Path("/dev/shm")
# ext4 looks at every inode freed within this time before it takes one (RECENTCY_MIN + RECENTCY_DIRTY).
REST_AFTER_REMOVAL_SECONDS = 360


def num_requests_in_flight() -> int:
    """Reads, writes and discards that block devices have not answered yet."""
    files = pathlib.Path("/sys/block").glob("*/inflight")
    return sum(int(number) for file in files for number in file.read_text(encoding="ascii").split())


def wait_for_idle_disks() -> None:
    """Returns once no device has had work for 0.2 s, or after 3 s.

    A file system that discards freed blocks does so after a deletion has returned.
    """
    idle_since = start = time.monotonic()
    while time.monotonic() - idle_since < 0.2 and time.monotonic() - start < 3:
        if num_requests_in_flight():
            idle_since = time.monotonic()
        time.sleep(0.02)


def remove_trees(folder: pathlib.Path) -> None:
    """Removes `folder`, eight of its outputs (CASE/RUN) at a time: one `rm` waits for the device most of the time."""
    with ThreadPoolExecutor(max_workers=8) as removers:
        for tree in folder.glob("*/*"):
            removers.submit(subprocess.run, ["rm", "-rf", tree], check=False)
    shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Workplace:
    """Where a run keeps its files. `outputs` is fresh: re-used inodes slow a file system down.

    `sample` is a CSV file of the real register to scale up instead of generating rows.
    """

    inputs: pathlib.Path
    outputs: pathlib.Path
    memory_outputs: pathlib.Path
    binary: pathlib.Path
    floor: pathlib.Path
    sample: pathlib.Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What every command runs with."""
        return {**os.environ, "PARTITA_CATALOG": str(self.inputs / "catalog.db")}

    def input(self, data: Data) -> pathlib.Path:
        """The file of `data`; prepare() makes it."""
        source = "sample_" if self.sample else ""
        return self.inputs / f"{source}{data.name}.csv"

    def table(self, data: Data) -> str:
        """Its table in the catalog."""
        return f"{DATABASE}.{self.input(data).stem}"

    def prepare(self, data: Data) -> None:
        """Makes and crawls the file unless that has been done."""
        path = self.input(data)
        if path.exists():
            return
        self.inputs.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        print(f"making {path}", flush=True)
        if self.sample:
            from .scaled_sample import scale_sample

            scale_sample(self.sample, data, unfinished)
        else:
            options = ["--partitions", str(data.partitions)] if data.partitions else []
            self._run("generate", "--force", "--rows", str(data.rows), *options, "--quiet", str(unfinished))
        unfinished.rename(path)
        self._run("crawl", str(path), "--database", DATABASE, "--table", path.stem, "--quiet")

    def warm(self, data: Data) -> None:
        """Lets earlier writes and deletions come to rest, and brings the input into the page cache."""
        os.sync()
        wait_for_idle_disks()
        with open(self.input(data), "rb", buffering=0) as file:
            while file.read(8 << 20):
                pass

    def make_room(self, num_bytes: int) -> None:
        """Removes the outputs of earlier cases, and lets the file system rest, unless `num_bytes` are free."""
        if shutil.disk_usage(self.outputs).free < num_bytes and any(self.outputs.iterdir()):
            print(f"removing earlier outputs, then resting for {REST_AFTER_REMOVAL_SECONDS} s", flush=True)
            remove_trees(self.outputs)
            self.outputs.mkdir()
            time.sleep(REST_AFTER_REMOVAL_SECONDS)

    def _run(self, *arguments: str) -> None:
        subprocess.run([self.binary, *arguments], env=self.environment, check=True)
