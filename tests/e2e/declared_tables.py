"""Catalog entries of CSV files with columns of any type, as a catalog that Glue has filled holds them."""
import json
import sqlite3

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"


def make_catalog(partita):
    """A catalog with an empty database `declared`."""
    (partita.folder / "first.csv").write_text("a,b\n1,x\n")
    partita.ok("crawl", "first.csv", "--database", "declared")
    partita.ok("catalog", "drop", "declared.first_csv")


def declare_csv(partita, name, location, columns):
    """A table of the comma-separated file at `location`; `columns` is "name type, name type"."""
    fields = [column.split() for column in columns.split(", ")]
    definition = {
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Columns": [{"Name": field, "Type": kind} for field, kind in fields],
            "Location": str(location),
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"Name": "", "SerializationLibrary": LAZY_SIMPLE, "Parameters": {"field.delim": ","}},
            "Parameters": {},
        },
        "PartitionKeys": [],
        "Parameters": {"classification": "csv"},
    }
    with sqlite3.connect(partita.folder / "catalog.db") as catalog:
        (database,) = catalog.execute("select id from databases where name = 'declared'").fetchone()
        catalog.execute(
            "insert into tables (database_id, name, definition, create_time_ms, update_time_ms) values (?, ?, ?, 0, 0)",
            (database, name, json.dumps(definition)),
        )
    return f"declared.{name}"
