"""Daft with its native runner."""
import os
import sys

from job import KEYS, column_types, parse_job, run_job, writers_of

os.environ.update(DAFT_RUNNER="native", DAFT_PROGRESS_BAR="0", DO_NOT_TRACK="true", SCARF_NO_ANALYTICS="true")

import daft  # noqa: E402

job = parse_job()
daft.set_runner_native(num_threads=job.num_threads)
schema = column_types(daft.DataType.int64(), daft.DataType.string())


def write(file_format: str) -> None:
    rows = daft.read_csv(job.input, infer_schema=False, schema=schema)
    options = {"partition_cols": list(KEYS), "write_mode": "overwrite"}
    {"parquet": rows.write_parquet, "csv": rows.write_csv, "json": rows.write_json}[file_format](
        job.output(file_format), **options
    )


sys.exit(run_job(daft.__version__, job, writers_of(write)))
