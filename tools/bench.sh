#!/usr/bin/env bash
# usage: tools/bench.sh jobs|quick [OPTION of bench/runner...]
#        tools/bench.sh publish
#        tools/bench.sh micro [FILTER]
# Measures with what is built; results go below build/bench/results. `jobs` measures the cases
# of bench/cases.json, `quick` those of bench/cases-quick.json, `publish` puts the results of
# `jobs` into docs/performance.md, `micro` runs the Google Benchmarks.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?usage: tools/bench.sh jobs|quick|publish|micro}
shift
results=$PWD/build/bench/results

runner() { (cd bench && PYTHONDONTWRITEBYTECODE=1 ../.venv/bin/python -m runner "$@"); }

micro() {
  mkdir -p "$results/micro"
  find build/bench -type f -name '*_bench' -executable | sort | while read -r bench; do
    "$bench" ${1:+--benchmark_filter="$1"} --benchmark_out_format=json \
      --benchmark_out="$results/micro/$(basename "$bench").json"
  done
}

case $kind in
  jobs) runner run --results "$results/jobs" "$@" ;;
  quick) runner run --results "$results/quick" --cases "$PWD/bench/cases-quick.json" --check first "$@" ;;
  publish) runner table --results "$results/jobs" --into "$PWD/docs/performance.md" ;;
  micro) micro "$@" ;;
  *) echo "tools/bench.sh: unknown kind '$kind'; say jobs, quick, publish or micro" >&2; exit 2 ;;
esac
