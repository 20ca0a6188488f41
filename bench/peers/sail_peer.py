"""Sail: PySpark's calls by Spark Connect, answered by a server in this process."""
import os

from job import end_at_once, parse_job, run_job, writers_of
from spark_writer import write_with_spark

job = parse_job()
os.environ["SAIL_MODE"] = "local"
os.environ["SAIL_EXECUTION__DEFAULT_PARALLELISM"] = str(job.num_threads)
os.environ["TOKIO_WORKER_THREADS"] = str(job.num_threads)

import pysail  # noqa: E402
from pysail.spark import SparkConnectServer  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
_, port = server.listening_address
spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
spark.conf.set("spark.sql.session.timeZone", "UTC")
end_at_once(
    run_job(pysail.__version__, job, writers_of(lambda f: write_with_spark(spark, job, f)))
)
