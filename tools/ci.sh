#!/usr/bin/env bash
# usage: tools/ci.sh test|check
# Runs every test and ends with one line, "N passed, N failed" (then skipped ones, if any).
# Set-up comes first (tools/setup.sh); `make test` and `make check` do both.
set -uo pipefail
cd "$(dirname "$0")/.."

kind=${1:?usage: tools/ci.sh test|check}
results=$PWD/build/results
broken=0
rm -rf "$results"
mkdir -p "$results"

# Runs a command under a heading. One that fails is counted, and the rest goes on.
step() {
  local title=$1 start=$SECONDS
  shift
  echo "== $title"
  if "$@"; then
    echo "== $title: $((SECONDS - start)) s"
  else
    echo "== $title: FAILED"
    broken=$((broken + 1))
    return 1
  fi
}

# A test that fails stands in the result file; a run without a result file is a broken step.
has_results() { [ -s "$results/$1.xml" ] || { echo "no result file of $1"; return 1; }; }

run_ctest() {
  ctest --preset "$1" --parallel "$(nproc)" --output-junit "$results/$1.xml" |
    grep -vE '^ *(Start +[0-9]+:|[0-9]+/[0-9]+ Test .* Passed )'
  has_results "$1"
}

run_pytest() {
  .venv/bin/python -m pytest tests/e2e -q -p no:cacheprovider -m "not thorough" \
    --junitxml "$results/e2e.xml"
  has_results e2e
}

run_bench_tests() {
  (cd bench && ../.venv/bin/python -m pytest runner -q -p no:cacheprovider --junitxml "$results/bench.xml")
  has_results bench
}

count_instructions() {
  tools/count_instructions.py --junit "$results/instructions.xml"
  has_results instructions
}

# Counting takes one processor for two minutes whatever else runs, and the end-to-end tests little more than one.
begin_counting() { count_instructions >"$results/instructions.log" 2>&1 & counting=$!; }

end_counting() {
  wait "$counting"
  local status=$?
  cat "$results/instructions.log"
  return "$status"
}

unit_tests() {
  step "build of the unit tests ($1)" tools/build.sh "$1" partita_tests &&
    step "unit tests ($1)" run_ctest "$1"
}

# The servers that tests of S3 talk to take minutes to build where they are not there yet: beside the compiler, and after
# it where both want the processor.
begin_servers() { tools/servers.sh minio toxiproxy duckdb >"$results/servers.log" 2>&1 & servers=$!; }

end_servers() {
  wait "$servers"
  local status=$?
  cat "$results/servers.log"
  return "$status"
}

# The suite of all object stores once more, on a real server.
run_server_contract() {
  .venv/bin/python tests/e2e/s3_servers.py --bucket contract \
    bash -c 'PARTITA_TEST_S3_ENDPOINT=$AWS_ENDPOINT_URL_S3 exec "$@"' -- \
    build/asan/tests/contract_test --gtest_filter='Server/*' --gtest_brief=1 \
    --gtest_output="xml:$results/server_contract.xml"
  has_results server_contract
}

end_to_end_tests() {
  step "build of the release binary" tools/build.sh release partita || return
  step "servers for tests of S3" end_servers && step "contract of object stores on MinIO" run_server_contract
  begin_counting
  step "end-to-end tests" run_pytest
  step "instructions of a job" end_counting
  step "tests of the benchmark's arithmetic" run_bench_tests
}

begin_servers
unit_tests asan
end_to_end_tests
if [ "$kind" = check ]; then
  unit_tests tsan
  step "model of the commit protocol" tests/model/check_model.sh
  step "clang-tidy" tools/clang_tidy.py
  step "build of the fuzzers" tools/build.sh fuzz partita_fuzzers && step "fuzzers, a minute each" tools/fuzz.sh
  unit_tests coverage && step "coverage" tools/coverage.sh
fi
tools/count_tests.py --broken-steps "$broken" "$results"
