"""Independent readers of written data sets: plain Python, pyarrow, DuckDB and Spark. None of them is ours."""

import collections
import json
import os
import pathlib

import duckdb
import pyarrow.csv
import pyarrow.dataset
import pyarrow.json
import pyarrow.parquet


def data_files(root):
    """The data files below `root`, by leaf folder relative to it; hidden files left out."""
    found = collections.defaultdict(list)
    for folder, _, names in os.walk(root):
        for name in names:
            if not name.startswith((".", "_")):
                found[os.path.relpath(folder, root)].append(pathlib.Path(folder) / name)
    return dict(found)


def folders(root):
    return sorted(data_files(root))


def _parquet_rows(path):
    table = pyarrow.parquet.ParquetFile(path).read()
    return [json.dumps(row, default=str, sort_keys=True) for row in table.to_pylist()]


def _json_rows(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line for line in file.read().split("\n")[:-1]]


def split_csv_records(text, quote='"', escape="\\"):
    """The records of CSV text as written, line ends within quotes kept: a walk over the characters."""
    records, start, in_quotes, i = [], 0, False, 0
    while i < len(text):
        char = text[i]
        if in_quotes and char == escape and i + 1 < len(text):
            i += 1
        elif char == quote:
            in_quotes = not in_quotes
        elif char == "\n" and not in_quotes:
            records.append(text[start:i])
            start = i + 1
        i += 1
    assert start == len(text), "the last record has no line end"
    return records


def _csv_rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        records = split_csv_records(file.read())
    return records[1:]


ROWS = {"parquet": _parquet_rows, "json": _json_rows, "csv": _csv_rows}


def rows_by_folder(root, file_format):
    """Each leaf folder's rows as a multiset of their text: JSON and CSV rows byte for byte as written."""
    read = ROWS[file_format]
    return {
        folder: collections.Counter(row for path in sorted(paths) for row in read(path))
        for folder, paths in data_files(root).items()
    }


def count_with_pyarrow(root, file_format):
    if file_format == "parquet":
        return pyarrow.dataset.dataset(root, format="parquet", partitioning="hive").count_rows()
    total = 0
    for paths in data_files(root).values():
        for path in paths:
            if file_format == "json":
                table = pyarrow.json.read_json(path)
            else:
                table = pyarrow.csv.read_csv(
                    path,
                    parse_options=pyarrow.csv.ParseOptions(
                        escape_char="\\", double_quote=False, newlines_in_values=True
                    ),
                )
            total += table.num_rows
    return total


def count_with_duckdb(root, file_format):
    pattern = f"{root}/**/part-*.{file_format}"
    source = {
        "parquet": f"read_parquet('{pattern}', hive_partitioning=true)",
        "json": f"read_json('{pattern}', format='newline_delimited', hive_partitioning=true)",
        "csv": f"read_csv('{pattern}', header=true, all_varchar=true, quote='\"', escape='\\',"
        " strict_mode=false, hive_partitioning=true)",
    }[file_format]
    return duckdb.sql(f"SELECT count(*) FROM {source}").fetchall()[0][0]


def count_with_spark(spark, root, file_format):
    reader = spark.read
    if file_format == "csv":
        reader = reader.option("header", True).option("multiLine", True)
    return reader.format(file_format).load(str(root)).count()
