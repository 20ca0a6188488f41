"""Reads a table as Hive does, by its catalog entry: Spark's Hive classes with the SerDe that the entry names. A program of its own,
as a session either knows Hive from its begin or never."""
import json
import pathlib
import subprocess
import sys


def hive_rows(table: dict, folder: pathlib.Path) -> list:
    """The rows of a table without partitions, as Spark casts their values to strings; `folder` is for what Hive leaves."""
    done = subprocess.run(
        [sys.executable, __file__, str(folder)], input=json.dumps(table), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]


def _ddl(table: dict) -> str:
    storage = table["StorageDescriptor"]
    serde = storage["SerdeInfo"]

    def pairs(parameters: dict) -> str:
        quoted = {key: value.replace("\\", "\\\\").replace("'", "\\'") for key, value in parameters.items()}
        return ", ".join(f"'{key}'='{value}'" for key, value in quoted.items())

    columns = ", ".join(f"`{column['Name']}` {column['Type']}" for column in storage["Columns"])
    return (
        f"create external table t ({columns}) row format serde '{serde['SerializationLibrary']}' "
        f"with serdeproperties ({pairs(serde['Parameters'])}) stored as inputformat '{storage['InputFormat']}' "
        f"outputformat '{storage['OutputFormat']}' location '{storage['Location']}' "
        f"tblproperties ({pairs(table['Parameters'])})"
    )


def _main(folder: str):
    from pyspark.sql import SparkSession  # pylint: disable=import-outside-toplevel

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.catalogImplementation", "hive")
        .config("spark.sql.warehouse.dir", f"{folder}/warehouse")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.local.dir", folder)
        .config("spark.hadoop.javax.jdo.option.ConnectionURL", f"jdbc:derby:;databaseName={folder}/metastore;create=true")
        .config("spark.driver.extraJavaOptions", f"-Duser.timezone=UTC -Dderby.system.home={folder}")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.sql(_ddl(json.load(sys.stdin)))
    table = session.table("t")
    texts = table.selectExpr(*(f"cast(`{name}` as string)" for name in table.columns))
    print(json.dumps([list(row) for row in texts.collect()]))
    session.stop()


if __name__ == "__main__":
    _main(sys.argv[1])
