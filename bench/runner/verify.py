"""Checks a written data set with a reader that is not its writer's.

python -m runner.verify INPUT.csv FOLDER FORMAT READER

Prints one line of JSON: whether it is right, and what was compared. Up to MOST_READ files,
the rows of every partition are compared by number and by a hash that knows no order; above,
the number of rows of every partition, and the hashes of about SAMPLED partitions.
"""
from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence

import duckdb

from .output_tree import DataFile, Partition, data_files

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "peers"))
from job import COLUMNS, KEYS  # noqa: E402

MOST_READ = 30_000
SAMPLED = 1_000
BATCH = 2_000
# Number of rows and sum of their hashes.
Content = tuple[int, int]
VALUES = [name for name in COLUMNS if name not in KEYS]
SQL_TYPES = {"bigint": "BIGINT", "string": "VARCHAR"}


def quoted(text: str) -> str:
    """As an SQL string."""
    return "'" + text.replace("'", "''") + "'"


# Writers tell NULL from the empty string in different ways, and CSV in none.
ROW_HASH = "hash({})".format(
    ", ".join(f"coalesce(\"{n}\"::VARCHAR, '')" for n in VALUES)
)  # fmt: skip


def column_map(names: Iterable[str]) -> str:
    """The columns with their types, as DuckDB's readers take them; `names` may be in lower case."""
    types = {name.lower(): SQL_TYPES[kind] for name, kind in COLUMNS.items()}
    return "{" + ", ".join(f"{quoted(n)}: {quoted(types[n.lower()])}" for n in names) + "}"


def csv_source(files: Sequence[str], names: Iterable[str]) -> str:
    """SQL that reads CSV files by RFC 4180, each with a header of `names`."""
    return (
        f"read_csv([{', '.join(map(quoted, files))}], header=true, auto_detect=false, delim=',',"
        f" quote='\"', escape='\"', columns={column_map(names)}, filename=true)"
    )


def json_names(path: str) -> list[str]:
    """The value columns as the file spells them; fields that are NULL may be missing."""
    with open(path, encoding="utf-8") as file:
        first = json.loads(file.readline())
    is_lower = all(name == name.lower() for name in first)
    return [name.lower() if is_lower else name for name in VALUES]


def source(file_format: str, files: Sequence[str]) -> str:
    """SQL that reads data files with DuckDB's readers."""
    if file_format == "csv":
        with open(files[0], encoding="utf-8", newline="") as file:
            return csv_source(files, next(csv.reader(file)))
    names = ", ".join(map(quoted, files))
    if file_format == "json":
        columns = column_map(json_names(files[0]))
        return f"read_json([{names}], format='newline_delimited', columns={columns}, filename=true)"
    return f"read_parquet([{names}], filename=true, hive_partitioning=false)"


def contents_by_file(database: duckdb.DuckDBPyConnection, rows: str) -> dict[str, Content]:
    """Number and hash sum of the rows of each file."""
    query = f"SELECT filename, count(*), sum({ROW_HASH})::VARCHAR FROM {rows} GROUP BY filename"
    return {name: (count, int(total)) for name, count, total in database.execute(query).fetchall()}


def read_with_duckdb(file_format: str, files: Sequence[str]) -> Iterator[tuple[str, Content]]:
    """The contents of the files, read by DuckDB."""
    database = duckdb.connect()
    for first in range(0, len(files), BATCH):
        yield from contents_by_file(database, source(file_format, files[first:first + BATCH])).items()


def read_with_pyarrow(file_format: str, files: Sequence[str]) -> Iterator[tuple[str, Content]]:
    """The contents of the files, read by pyarrow; DuckDB only adds up."""
    import pyarrow
    import pyarrow.csv
    import pyarrow.json
    import pyarrow.parquet

    types = {"bigint": pyarrow.int64(), "string": pyarrow.string()}
    schema = pyarrow.schema([(name, types[COLUMNS[name]]) for name in VALUES])
    database = duckdb.connect()
    for path in files:
        if file_format == "parquet":
            table = pyarrow.parquet.ParquetFile(path).read()
        elif file_format == "csv":
            options = pyarrow.csv.ConvertOptions(column_types=schema, strings_can_be_null=True, null_values=[""])
            table = pyarrow.csv.read_csv(path, convert_options=options)
        else:
            options = pyarrow.json.ParseOptions(schema, unexpected_field_behavior="ignore")
            table = pyarrow.json.read_json(path, parse_options=options)
        table = table.append_column("filename", pyarrow.array([path] * len(table)))
        database.register("read", table)
        yield from contents_by_file(database, "read").items()


READERS = {"duckdb": read_with_duckdb, "pyarrow": read_with_pyarrow}


def expected_contents(path: str) -> dict[Partition, Content]:
    """Number and hash sum of the input's rows for each partition."""
    keys = ", ".join(f'"{key}"::VARCHAR' for key in KEYS)
    query = f"SELECT {keys}, count(*), sum({ROW_HASH})::VARCHAR FROM {csv_source([path], COLUMNS)} GROUP BY ALL"
    rows = duckdb.connect().execute(query).fetchall()
    return {tuple(row[:-2]): (row[-2], int(row[-1])) for row in rows}


def count_rows(file_format: str, path: str) -> int:
    """Rows by Parquet's footer or by line ends, of which the generator quotes none."""
    if file_format == "parquet":
        import pyarrow.parquet

        return pyarrow.parquet.read_metadata(path).num_rows
    with open(path, "rb") as file:
        return file.read().count(b"\n") - (file_format == "csv")


def add_up(
    files: Sequence[DataFile], contents: Iterable[tuple[str, Content]]
) -> dict[Partition, Content]:
    """The files' contents by partition."""
    partitions = {file.path: file.partition for file in files}
    found: dict[Partition, Content] = {}
    for path, (rows, total) in contents:
        before = found.get(partitions[path], (0, 0))
        found[partitions[path]] = (before[0] + rows, before[1] + total)
    return found


def compare(
    expected: dict[Partition, Content], files: Sequence[DataFile], file_format: str, reader: str
) -> dict:
    """What was compared, and whether it is right."""
    read = READERS[reader]
    if len(files) <= MOST_READ:
        found = add_up(files, read(file_format, [file.path for file in files]))
        return {"is_right": found == expected, "compared": f"all rows with {reader}"}
    found = add_up(files, ((file.path, (count_rows(file_format, file.path), 0)) for file in files))
    counts = {partition: (rows, 0) for partition, (rows, _) in expected.items()}
    step = len(expected) // SAMPLED + 1
    chosen = dict(sorted(expected.items())[::step])
    some = [file for file in files if file.partition in chosen]
    sampled = add_up(some, read(file_format, [file.path for file in some]))
    return {
        "is_right": found == counts and sampled == chosen,
        "compared": f"row counts, and all rows of {len(chosen)} partitions with {reader}",
    }


def main() -> None:
    source_path, folder, file_format, reader = sys.argv[1:]
    files = [file for file in data_files(folder) if file.bytes > 0]
    print(json.dumps(compare(expected_contents(source_path), files, file_format, reader)))


if __name__ == "__main__":
    main()
