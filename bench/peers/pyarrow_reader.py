"""pyarrow: the batches of a dataset's scanner, one after the other; none is kept."""
import argparse
import json
import time

import pyarrow
import pyarrow.dataset

from job import tree_cpu_seconds

parser = argparse.ArgumentParser()
parser.add_argument("--input", required=True)
parser.add_argument("--threads", type=int, required=True)
given = parser.parse_args()
pyarrow.set_cpu_count(given.threads)
pyarrow.set_io_thread_count(max(2, given.threads))

start_cpu = tree_cpu_seconds()
start = time.perf_counter()
files = pyarrow.dataset.dataset(given.input, format="parquet", partitioning="hive")
rows = sum(batch.num_rows for batch in files.scanner(use_threads=True).to_reader())
print(json.dumps({
    "version": pyarrow.__version__, "start_cpu_seconds": start_cpu,
    "seconds": time.perf_counter() - start, "rows": rows,
}))  # fmt: skip
