"""Independent readers of data sets in a bucket, each with an S3 client of its own: pyarrow, polars, DuckDB, real Spark.

What they find of the register is (rows, sum of the vehicles' numbers), which no lost or doubled row leaves as it is.
"""
import json
import os
import pathlib
import subprocess
import sys

import polars
import pyarrow.compute
import pyarrow.csv
import pyarrow.dataset
import pyarrow.fs
import pyarrow.json

from s3_servers import ROOT, Access, is_data

NUMBER = "dol vehicle id"
HERE = pathlib.Path(__file__).parent


def pyarrow_file_system(access: Access) -> pyarrow.fs.S3FileSystem:
    scheme, address = access.endpoint.split("://")
    return pyarrow.fs.S3FileSystem(
        access_key=access.key, secret_key=access.secret, region=access.region,
        endpoint_override=address, scheme=scheme,
    )  # fmt: skip


def _read_text(files, path: str, file_format: str):
    with files.open_input_stream(path) as stream:
        if file_format == "json":
            return pyarrow.json.read_json(stream)
        parse = pyarrow.csv.ParseOptions(escape_char="\\", double_quote=False, newlines_in_values=True)
        return pyarrow.csv.read_csv(stream, parse_options=parse)


def find_with_pyarrow(access: Access, bucket: str, key: str, file_format: str) -> tuple:
    files = pyarrow_file_system(access)
    root = f"{bucket}/{key}"
    if file_format == "parquet":
        table = pyarrow.dataset.dataset(root, filesystem=files, format="parquet", partitioning="hive").to_table(
            columns=[NUMBER]
        )
        return table.num_rows, pyarrow.compute.sum(table[NUMBER]).as_py()
    rows = total = 0
    for info in files.get_file_info(pyarrow.fs.FileSelector(root, recursive=True)):
        if info.is_file and is_data(info.path[len(root) + 1 :]):
            table = _read_text(files, info.path, file_format)
            rows += table.num_rows
            total += pyarrow.compute.sum(table[NUMBER]).as_py() or 0
    return rows, total


def find_with_polars(access: Access, bucket: str, key: str, file_format: str) -> tuple:
    """CSV is left out: polars knows no backslash within quotes."""
    scan = {"parquet": polars.scan_parquet, "json": polars.scan_ndjson}[file_format]
    options = {"aws_access_key_id": access.key, "aws_secret_access_key": access.secret,
               "aws_region": access.region, "aws_endpoint_url": access.endpoint, "aws_allow_http": "true"}  # fmt: skip
    frame = scan(f"s3://{bucket}/{key}/**/part-*", storage_options=options)
    return frame.select(polars.len(), polars.col(NUMBER).sum()).collect().row(0)


def find_with_duckdb(access: Access, bucket: str, key: str, file_format: str) -> tuple:
    """In a process of its own: the DuckDB that has an S3 client is another version than the tests' own."""
    folder = ROOT / ".tools/duckdb"
    assert folder.is_dir(), f"{folder} is missing; run tools/servers.sh duckdb"
    return tuple(_ask("s3_duckdb.py", access, bucket, key, file_format, PYTHONPATH=str(folder)))


def compare_with_spark(access: Access, uri: str, local: pathlib.Path) -> dict:
    """By format: rows in the bucket, rows there only, rows only in the local data set."""
    return _ask("s3_spark.py", access, uri.replace("s3://", "s3a://"), str(local))


def _ask(script: str, access: Access, *arguments: str, **environment):
    """What a reader in a process of its own prints as JSON."""
    result = subprocess.run(
        [sys.executable, HERE / script, *arguments], capture_output=True, text=True, timeout=1200, check=False,
        env={**os.environ, **access.environment(), **environment},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-4000:]
    return json.loads(result.stdout.splitlines()[-1])
