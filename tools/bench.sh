#!/usr/bin/env bash
# usage: tools/bench.sh [FILTER]
# Runs the micro benchmarks of build/bench; one JSON file each under build/bench/results.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p build/bench/results
find build/bench -type f -name '*_bench' -executable | sort | while read -r bench; do
  "$bench" ${1:+--benchmark_filter="$1"} --benchmark_out_format=json \
    --benchmark_out="build/bench/results/$(basename "$bench").json"
done
