"""DuckDB: COPY … PARTITION_BY; for all formats one load into a table, then three copies."""
import sys
import tempfile

import duckdb

from job import FORMATS, KEYS, column_types, parse_job, run_job, writers_of

FORMAT_OPTIONS = {"parquet": "FORMAT parquet", "csv": "FORMAT csv, HEADER true", "json": "FORMAT json"}


def quoted(text: str) -> str:
    """As an SQL string."""
    return "'" + text.replace("'", "''") + "'"


job = parse_job()
database = duckdb.connect()
database.execute(
    f"SET threads={job.num_threads}; SET memory_limit='{job.memory_bytes}B';"
    "SET preserve_insertion_order=false; SET enable_progress_bar=false;"
    f"SET temp_directory={quoted(tempfile.mkdtemp(dir=job.out.parent))}"
)
columns = ", ".join(f"{quoted(n)}: '{t}'" for n, t in column_types("BIGINT", "VARCHAR").items())
csv = (
    f"read_csv({quoted(job.input)}, header=true, auto_detect=false, delim=',', quote='\"',"
    f" escape='\"', columns={{{columns}}})"
)
keys = ", ".join(f'"{key}"' for key in KEYS)


def copy(source: str, file_format: str) -> None:
    database.execute(
        f"COPY (SELECT * FROM {source}) TO {quoted(job.made_output(file_format))}"
        f" ({FORMAT_OPTIONS[file_format]}, PARTITION_BY ({keys}), OVERWRITE true)"
    )


def copy_all() -> None:
    database.execute(f"CREATE TEMP TABLE rows AS SELECT * FROM {csv}")
    for file_format in FORMATS:
        copy("rows", file_format)


sys.exit(run_job(duckdb.__version__, job, writers_of(lambda f: copy(csv, f)), copy_all))
