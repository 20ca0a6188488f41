"""What tests of crawls share: files to crawl, and what the catalog then says of a table."""
import json


def put(folder, files: dict):
    """Writes files, given by their paths below the folder; texts in UTF-8."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data if isinstance(data, bytes) else data.encode())


def crawl(partita, *arguments) -> dict:
    """Crawls into database d; the report."""
    return json.loads(partita.ok("crawl", *arguments, "--database", "d", "--json"))


def entry(partita, name: str) -> dict:
    return json.loads(partita.ok("catalog", "show", f"d.{name}", "--json"))


def partitions(partita, name: str) -> list:
    return json.loads(partita.ok("catalog", "partitions", f"d.{name}", "--json"))


def columns(table: dict) -> str:
    listed = table["StorageDescriptor"]["Columns"]
    return ", ".join(f"{column['Name']} {column['Type']}" for column in listed)


def said(partita, name: str) -> str:
    """A table in a line: `csv , header: a bigint, b string by year`."""
    table = entry(partita, name)
    parameters = table["Parameters"]
    shape = parameters["classification"]
    if shape == "csv":
        header = "header" if "skip.header.line.count" in parameters else "no header"
        shape += f" {parameters['delimiter']} {header}"
    keys = [key["Name"] for key in table["PartitionKeys"]]
    assert all(key["Type"] == "string" for key in table["PartitionKeys"])
    return f"{shape}: {columns(table)}" + (f" by {', '.join(keys)}" if keys else "")


def outcomes(report: dict) -> dict:
    return {table["name"]: table["outcome"] for table in report["tables"]}
