#!/usr/bin/env bash
# usage: tools/test_faults.sh
# Breaks a commit at every point: each store call fails, loses its answer or is killed; real jobs are
# killed at random moments; two writers race. Prints how many crash points were tried.
set -euo pipefail
cd "$(dirname "$0")/.."
PARTITA_FAULTS=all build/dev/tests/fault_test
.venv/bin/python tests/fault/random_kills.py --binary build/release/partita
