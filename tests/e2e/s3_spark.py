#!/usr/bin/env python3
"""usage: s3_spark.py S3A-URI LOCAL-FOLDER
Reads the data sets parquet, json and csv below both with real Spark, the first by Hadoop's own S3 client, and prints
for each format [rows in S3, rows only there, rows only in the local one]. Server and keys are the environment's.

The client comes from Maven Central in the version of Spark's own Hadoop, and stays in .tools/ivy.
"""
import json
import os
import pathlib
import re
import sys
import tempfile

import pyspark
from pyspark.sql import SparkSession

ROOT = pathlib.Path(__file__).resolve().parents[2]


def hadoop_version() -> str:
    jars = pathlib.Path(pyspark.__file__).parent / "jars"
    return re.search(r"hadoop-client-api-(.+)\.jar", next(jars.glob("hadoop-client-api-*")).name).group(1)


def session(folder: str) -> SparkSession:
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "2g",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dfile.encoding=UTF-8 -Dderby.system.home={folder}",
        "spark.jars.packages": f"org.apache.hadoop:hadoop-aws:{hadoop_version()}",
        "spark.jars.ivy": str(ROOT / ".tools/ivy"),
        "spark.hadoop.fs.s3a.endpoint": os.environ["AWS_ENDPOINT_URL_S3"],
        "spark.hadoop.fs.s3a.endpoint.region": os.environ["AWS_REGION"],
        "spark.hadoop.fs.s3a.access.key": os.environ["AWS_ACCESS_KEY_ID"],
        "spark.hadoop.fs.s3a.secret.key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
    }
    builder = SparkSession.builder.master("local[2]").appName("partita-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def main():
    there, here = sys.argv[1:]
    found = {}
    with tempfile.TemporaryDirectory(prefix="partita-spark-") as folder:
        spark = session(folder)
        reader = spark.read.option("header", True).option("multiLine", False)
        for file_format in ("parquet", "json", "csv"):
            ours = reader.format(file_format).load(f"{there}/{file_format}")
            local = reader.format(file_format).load(f"{here}/{file_format}")
            found[file_format] = [ours.count(), ours.exceptAll(local).count(), local.exceptAll(ours).count()]
        spark.stop()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
