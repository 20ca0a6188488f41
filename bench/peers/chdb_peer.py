"""ClickHouse, embedded: INSERT INTO FUNCTION file(…) PARTITION BY the folder's name."""
import resource

from job import COLUMNS, KEYS, end_at_once, parse_job, run_job, writers_of

# It holds several descriptors for each partition.
most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))

import chdb.session  # noqa: E402

FORMAT_NAMES = {"parquet": "Parquet", "csv": "CSVWithNames", "json": "JSONEachRow"}


def column_type(name: str, kind: str) -> str:
    """Values may be NULL; the name of a folder may not."""
    plain = "Int64" if kind == "bigint" else "String"
    return plain if name in KEYS else f"Nullable({plain})"


job = parse_job()
session = chdb.session.Session()
columns = ", ".join(f"`{name}` {column_type(name, kind)}" for name, kind in COLUMNS.items())
folder_name = "concat(" + ", '/', ".join(f"'{key}=', toString(`{key}`)" for key in KEYS) + ")"
settings = ", ".join((
    f"max_threads={job.num_threads}", f"max_insert_threads={job.num_threads}",
    f"max_memory_usage={job.memory_bytes}", "max_partitions_per_insert_block=0",
    "output_format_parquet_compression_method='snappy'",
    "output_format_json_quote_64bit_integers=0", "format_csv_allow_single_quotes=0",
    "format_csv_null_representation=''",
))  # fmt: skip


def write(file_format: str) -> None:
    target = f"{job.made_output(file_format)}/{{_partition_id}}/data.{file_format}"
    session.query(
        f"INSERT INTO FUNCTION file('{target}', '{FORMAT_NAMES[file_format]}', '{columns}')"
        f" PARTITION BY {folder_name}"
        f" SELECT * FROM file('{job.input}', 'CSVWithNames', '{columns}') SETTINGS {settings}"
    )


end_at_once(run_job(chdb.__version__, job, writers_of(write)))
