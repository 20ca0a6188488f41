#!/usr/bin/env bash
# usage: PARTITA=BINARY PARTITA_TABLE=DB.TABLE bench/peers/ours.sh --input FILE --out DIR
#          --format parquet|csv|json|all --threads N [--memory SIZE] [--durability fast|full]
#          [--mode error|overwrite]
# DIR is absolute, and its parent is there.
# The job in the command line that all peers have. The input is read through its table in the
# catalog: every peer is given the columns' types too. Becomes the binary: one process to measure.
set -euo pipefail

durability=fast
formats=()
options=()
while [ $# -gt 1 ]; do
  case $1 in
    --input) ;;  # the table names it
    --out) out=$2 ;;
    --format) [ "$2" = all ] && formats=(parquet csv json) || formats=("$2") ;;
    --durability) durability=$2 ;;
    --threads | --memory | --mode) options+=("$1" "$2") ;;
    *) echo "ours.sh: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
for format in "${formats[@]}"; do
  options+=(--output "$format=$out/$format")
  [ "$format" != csv ] || options+=(--option csv.header=true --option 'csv.escape="')
done
exec "$PARTITA" write --table "$PARTITA_TABLE" --partition-by "Model Year" --partition-by Make \
  --durability "$durability" --temp-dir "${out%/*}" --quiet "${options[@]}"
