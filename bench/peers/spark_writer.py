"""The job in PySpark, for real Spark and for those that speak its protocol."""
from __future__ import annotations

from typing import TYPE_CHECKING

from job import KEYS, Job, column_types

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def write_with_spark(spark: SparkSession, job: Job, file_format: str) -> None:
    """Reads the input and writes one format; CSV by RFC 4180, as the input is."""
    from pyspark.sql.types import LongType, StringType, StructField, StructType

    types = column_types(LongType(), StringType())
    schema = StructType([StructField(name, kind) for name, kind in types.items()])
    rows = spark.read.schema(schema).option("header", True).option("escape", '"').csv(job.input)
    writer = rows.write.partitionBy(*KEYS).mode("overwrite")
    if file_format == "csv":
        writer = writer.option("header", True).option("escape", '"')
    if file_format == "parquet":
        writer = writer.option("compression", "snappy")
    writer.format(file_format).save(job.output(file_format))
