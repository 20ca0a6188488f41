"""Polars: streaming sinks that partition by key; for all formats three sinks of one scan."""
import os
import sys

from job import FORMATS, KEYS, column_types, parse_job, run_job, writers_of

job = parse_job()
os.environ["POLARS_MAX_THREADS"] = str(job.num_threads)  # read when the library is loaded

import polars  # noqa: E402

schema = column_types(polars.Int64, polars.String)


def sink(file_format: str, lazy: bool) -> "polars.LazyFrame | None":
    rows = polars.scan_csv(job.input, schema=schema, has_header=True)
    target = polars.PartitionBy(job.output(file_format), key=list(KEYS), include_key=False)
    options = {"mkdir": True, "maintain_order": False, "lazy": lazy}
    if not lazy:
        options["engine"] = "streaming"
    if file_format == "parquet":
        return rows.sink_parquet(target, compression="snappy", **options)
    if file_format == "csv":
        return rows.sink_csv(target, **options)
    return rows.sink_ndjson(target, **options)


def sink_all() -> None:
    polars.collect_all([sink(f, True) for f in FORMATS], engine="streaming")


sys.exit(run_job(polars.__version__, job, writers_of(lambda f: sink(f, False)), sink_all))
