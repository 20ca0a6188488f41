#!/usr/bin/env bash
# usage: tools/fuzz.sh [SECONDS]
# Runs each fuzzer of tests/fuzz for so long (60) on its corpus, which stays as it is; inputs that
# are new to it go to build/fuzz/found. Ends with the first finding, whose input is kept there too.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
for fuzzer in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$fuzzer" _fuzz)
  found=build/fuzz/found/$name
  mkdir -p "$found"
  echo "fuzzing $name for $seconds s"
  "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$found/" "$found" "tests/fuzz/corpus/$name" 2>&1 |
    grep -vE '^(INFO|Dictionary)' || { echo "finding in $name; its input is in $found"; exit 1; }
done
