#!/usr/bin/env bash
# usage: tools/fuzz.sh [SECONDS] [NAME...]
# Runs the fuzzers of tests/fuzz (all) for so long each (60), one a processor at a time, on their corpora, which stay as they
# are; inputs that are new to them go to build/fuzz/found, and so does the input of a finding, which makes it fail.
set -euo pipefail
cd "$(dirname "$0")/.."

export seconds=${1:-60}
names=("${@:2}")
if [ ${#names[@]} -eq 0 ]; then
  for fuzzer in build/fuzz/tests/fuzz/*_fuzz; do
    names+=("$(basename "$fuzzer" _fuzz)")
  done
fi

fuzz() {
  local name=$1 found=build/fuzz/found/$1 log=build/fuzz/found/$1.log
  mkdir -p "$found"
  if "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -entropic=0 \
    -verbosity=0 -print_final_stats=1 -artifact_prefix="$found/" "$found" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "$name: no finding in $(stat_of executed_units "$log") inputs, $(stat_of exec_per_sec "$log") a second"
  else
    grep -vE '^(INFO|Dictionary)' "$log" | tail -n 60
    echo "finding in $name; its input is in $found"
    return 1
  fi
}
stat_of() { sed -n "s/^stat::[a-z_]*$1: *//p" "$2"; }
export -f fuzz stat_of

echo "fuzzing for $seconds s each: ${names[*]}"
printf '%s\n' "${names[@]}" | xargs -n 1 -P "$(nproc)" bash -c 'fuzz "$0"'
