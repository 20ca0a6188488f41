#!/usr/bin/env bash
# usage: tools/demo.sh BINARY [ROWS]
# The reference job on generated data, step by step, below build/demo.
set -euo pipefail
cd "$(dirname "$0")/.."

partita=$PWD/${1:?usage: tools/demo.sh BINARY [ROWS]}
rows=${2:-1000000}
rm -rf build/demo
mkdir -p build/demo
cd build/demo
export PARTITA_CATALOG=$PWD/catalog.db

run() {
  echo
  printf '$ partita'
  printf ' %q' "$@"
  echo
  "$partita" "$@"
}

csv=Electric_Vehicle_Population_Data.csv
table=glue_db.electric_vehicle_population_data_csv
run generate --rows "$rows" "$csv"
run crawl "$csv" --database glue_db
run schema --table "$table"
run write --table "$table" --partition-by "Model Year" --partition-by Make \
  --output parquet=out/parquet --output json=out/json --output csv=out/csv \
  --option csv.header=true --mode overwrite
run show -n 5 out/parquet
run count out/json

echo
echo "The written data set, in build/demo/out:"
for format in parquet json csv; do
  find "out/$format" -type f -name 'part-*' | sort | sed -n '1,3p'
  echo "... $(find "out/$format" -type f -name 'part-*' | wc -l) files"
done
