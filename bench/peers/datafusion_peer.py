"""DataFusion: DataFrame.write_… with partition_by; SQL's COPY cannot name a column with a space."""
import sys

import datafusion

from job import KEYS, column_types, parse_job, run_job, writers_of

job = parse_job()
config = datafusion.SessionConfig().with_target_partitions(job.num_threads)
context = datafusion.SessionContext(config)
columns = ", ".join(f'"{n}" {t}' for n, t in column_types("BIGINT", "VARCHAR").items())
context.sql(
    f"CREATE EXTERNAL TABLE rows ({columns}) STORED AS CSV LOCATION '{job.input}'"
    " OPTIONS ('format.has_header' 'true', 'format.double_quote' 'true')"
).collect()


def write(file_format: str) -> None:
    rows = context.table("rows")
    folder = job.made_output(file_format)
    options = datafusion.DataFrameWriteOptions(partition_by=list(KEYS))
    if file_format == "parquet":
        rows.write_parquet(folder, compression="snappy", write_options=options)
    elif file_format == "csv":
        rows.write_csv(folder, with_header=True, write_options=options)
    else:
        rows.write_json(folder, write_options=options)


sys.exit(run_job(datafusion.__version__, job, writers_of(write)))
