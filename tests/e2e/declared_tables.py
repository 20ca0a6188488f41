"""Catalog entries of CSV and JSON files with columns of any type, as a catalog that Glue has filled holds them."""
import json
import sqlite3

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPENX_JSON = "org.openx.data.jsonserde.JsonSerDe"


def make_catalog(partita):
    """A catalog with an empty database `declared`."""
    (partita.folder / "first.csv").write_text("a,b\n1,x\n")
    partita.ok("crawl", "first.csv", "--database", "declared")
    partita.ok("catalog", "drop", "declared.first_csv")


def declare_csv(partita, name, location, columns):
    """A table of the comma-separated file at `location`; `columns` is "name type, name type"."""
    fields = [column.split() for column in columns.split(", ")]
    return _declare(partita, name, location, fields, "csv", (LAZY_SIMPLE, {"field.delim": ","}))


def declare_json(partita, name, location, fields):
    """A table of the JSON lines at `location`; `fields` are pairs of name and Hive type."""
    return _declare(partita, name, location, fields, "json", (OPENX_JSON, {}))


def _declare(partita, name, location, fields, classification, serde):
    library, parameters = serde
    definition = {
        "TableType": "EXTERNAL_TABLE",
        "StorageDescriptor": {
            "Columns": [{"Name": field, "Type": kind} for field, kind in fields],
            "Location": str(location),
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"Name": "", "SerializationLibrary": library, "Parameters": parameters},
            "Parameters": {},
        },
        "PartitionKeys": [],
        "Parameters": {"classification": classification},
    }
    with sqlite3.connect(partita.folder / "catalog.db") as catalog:
        (database,) = catalog.execute("select id from databases where name = 'declared'").fetchone()
        catalog.execute(
            "insert into tables (database_id, name, definition, create_time_ms, update_time_ms) values (?, ?, ?, 0, 0)",
            (database, name, json.dumps(definition)),
        )
    return f"declared.{name}"
