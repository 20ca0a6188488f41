"""Scales the register's public sample up: its rows over and over, each with an id of its own."""
from __future__ import annotations

import csv
import pathlib
import random

from .cases import Data

FIRST_ID = 100_000_000


def scale_sample(sample: pathlib.Path, data: Data, path: pathlib.Path) -> None:
    """Writes `data.rows` rows in random order to `path`; same input, same bytes.

    With `data.partitions` the keys are replaced by that many pairs, equally frequent.
    """
    with open(sample, encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    year, make, number = (header.index(name) for name in ("Model Year", "Make", "DOL Vehicle ID"))
    makes = sorted({row[make] for row in rows})
    chance = random.Random(1)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        for i in range(data.rows):
            row = rows[chance.randrange(len(rows))].copy()
            row[number] = str(FIRST_ID + i)
            if data.partitions:
                rest, place = divmod(chance.randrange(data.partitions), 200)
                row[year] = str(1900 + place)
                row[make] = f"{makes[rest % len(makes)]} {rest // len(makes)}"
            writer.writerow(row)
