#!/usr/bin/env python3
"""usage: s3_duckdb.py BUCKET KEY FORMAT
Prints what DuckDB finds in a data set: [rows, sum of the vehicles' numbers]. Server and keys are the environment's;
PYTHONPATH names the folder where tools/servers.sh has put DuckDB and its httpfs."""
import json
import os
import pathlib
import sys

import duckdb


def main():
    bucket, key, file_format = sys.argv[1:]
    extension = next(pathlib.Path(os.environ["PYTHONPATH"]).rglob("httpfs.duckdb_extension"))
    scheme, address = os.environ["AWS_ENDPOINT_URL_S3"].split("://")
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    connection.execute(f"LOAD '{extension}'")
    connection.execute(
        f"""CREATE SECRET (TYPE s3, KEY_ID '{os.environ["AWS_ACCESS_KEY_ID"]}',
        SECRET '{os.environ["AWS_SECRET_ACCESS_KEY"]}', REGION '{os.environ["AWS_REGION"]}',
        ENDPOINT '{address}', URL_STYLE 'path', USE_SSL {scheme == "https"})"""
    )
    pattern = f"s3://{bucket}/{key}/**/part-*.{file_format}"
    source = {
        "parquet": f"read_parquet('{pattern}')",
        "json": f"read_json('{pattern}', format='newline_delimited')",
        "csv": f"read_csv('{pattern}', header=true, all_varchar=true, quote='\"', escape='\\', strict_mode=false)",
    }[file_format]
    query = f'SELECT count(*), sum(CAST("dol vehicle id" AS BIGINT)) FROM {source}'
    print(json.dumps([int(value) for value in connection.execute(query).fetchall()[0]]))


if __name__ == "__main__":
    main()
