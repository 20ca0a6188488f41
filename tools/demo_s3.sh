#!/usr/bin/env bash
# usage: tests/e2e/s3_servers.py --bucket BUCKET tools/demo_s3.sh BINARY [ROWS]
# The reference job from a bucket into a bucket, step by step, on the server that the environment names.
set -euo pipefail
cd "$(dirname "$0")/.."

partita=$PWD/${1:?usage: tests/e2e/s3_servers.py --bucket BUCKET tools/demo_s3.sh BINARY [ROWS]}
rows=${2:-100000}
rm -rf build/demo-s3
mkdir -p build/demo-s3
cd build/demo-s3
export PARTITA_CATALOG=$PWD/catalog.db

run() {
  echo
  printf '$ partita'
  printf ' %q' "$@"
  echo
  "$partita" "$@"
}

bucket=s3://demo
csv=$bucket/input/Electric_Vehicle_Population_Data.csv
table=glue_db.electric_vehicle_population_data_csv
echo "MinIO at $AWS_ENDPOINT_URL_S3, keys from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
run generate --rows "$rows" "$csv"
run crawl "$csv" --database glue_db
run schema --table "$table"
run write --table "$table" --partition-by "Model Year" --partition-by Make \
  --output parquet=$bucket/out/parquet --output json=$bucket/out/json --output csv=$bucket/out/csv \
  --option csv.header=true --mode overwrite
run show -n 5 $bucket/out/parquet
run scan $bucket/out/parquet --where "Make = 'TESLA' AND \`Model Year\` = 2021" --explain
run verify $bucket/out/json
