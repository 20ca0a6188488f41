"""pyarrow: write_dataset over a CSV scanner. It has no JSON writer."""
import sys

import pyarrow
import pyarrow.csv
import pyarrow.dataset

from job import KEYS, column_types, parse_job, run_job

job = parse_job()
pyarrow.set_cpu_count(job.num_threads)
pyarrow.set_io_thread_count(max(2, job.num_threads))
schema = pyarrow.schema(column_types(pyarrow.int64(), pyarrow.string()).items())
csv = pyarrow.dataset.CsvFileFormat(
    convert_options=pyarrow.csv.ConvertOptions(
        column_types=schema, null_values=[""], strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    ),
    read_options=pyarrow.csv.ReadOptions(block_size=8 << 20),
)  # fmt: skip
partitioning = pyarrow.dataset.partitioning(
    pyarrow.schema([schema.field(key) for key in KEYS]), flavor="hive"
)
parquet = pyarrow.dataset.ParquetFileFormat()


def write(file_format: object, **options: object) -> None:
    rows = pyarrow.dataset.dataset(job.input, format=csv, schema=schema)
    pyarrow.dataset.write_dataset(
        rows.scanner(use_threads=True), format=file_format, partitioning=partitioning,
        max_open_files=15_000, max_partitions=1_000_000, **options,
    )  # fmt: skip


def write_parquet() -> None:
    write(
        parquet, base_dir=job.output("parquet"), min_rows_per_group=16_384,
        file_options=parquet.make_write_options(compression="snappy"),
    )  # fmt: skip


def write_csv() -> None:
    write(pyarrow.dataset.CsvFileFormat(), base_dir=job.output("csv"))


sys.exit(run_job(pyarrow.__version__, job, {"parquet": write_parquet, "csv": write_csv}))
