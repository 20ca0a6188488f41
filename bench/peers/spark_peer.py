"""Apache Spark in local mode."""
import sys

import pyspark
from pyspark.sql import SparkSession

from job import parse_job, run_job, writers_of
from spark_writer import write_with_spark

job = parse_job()
settings = {
    "spark.driver.memory": f"{job.memory_bytes >> 20}m",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.local.dir": str(job.out.parent),
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
builder = SparkSession.builder.master(f"local[{job.num_threads}]").appName("peer")
for name, value in settings.items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
status = run_job(pyspark.__version__, job, writers_of(lambda f: write_with_spark(spark, job, f)))
# The virtual machine's CPU time counts for its parent once it is waited for.
gateway = spark.sparkContext._gateway
spark.stop()
gateway.shutdown()
gateway.proc.stdin.close()
gateway.proc.wait(30)
sys.exit(status)
