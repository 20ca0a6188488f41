#!/usr/bin/env bash
# usage: tools/test_faults.sh
# Breaks a commit at every point: each store call fails, loses its answer or is killed; real jobs are
# killed at random moments; two writers race. Prints how many crash points were tried.
set -euo pipefail
cd "$(dirname "$0")/.."

logs=build/results/faults
status=0
rm -rf "$logs"
mkdir -p "$logs"

tests() {
  build/dev/tests/fault_test --gtest_list_tests | awk '/^[^ ]/ { suite = $1 } /^ / { print suite $1 }'
}

# Each test is a process of its own, so that every processor has one.
run_test() {
  local log=$1/${2//\//-}.log
  if PARTITA_FAULTS=all build/dev/tests/fault_test --gtest_filter="$2" >"$log" 2>&1; then
    echo "passed $2: $(grep -E '^(crash points|rounds): ' "$log")"
  else
    cat "$log"
    return 1
  fi
}
export -f run_test

tests | xargs -P "$(nproc)" -I '{}' bash -c 'run_test "$@"' run_test "$logs" '{}' || status=1
cat "$logs"/*.log | awk '/^crash points: / { points += $3 } END { print "crash points in all: " points + 0 }'
.venv/bin/python tests/fault/random_kills.py --binary build/release/partita || status=1
exit "$status"
