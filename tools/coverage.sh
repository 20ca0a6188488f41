#!/usr/bin/env bash
# usage: tools/coverage.sh
# Prints which share of each source file the unit tests of build/coverage ran; details in
# build/coverage/report/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p build/coverage/report
gcovr --root . --object-directory build/coverage --filter 'src/' --filter 'cli/' \
  --exclude '.*_(test|bench)\.cc' --exclude-throw-branches -j "$(nproc)" \
  --html-details build/coverage/report/index.html --txt --print-summary
