#!/usr/bin/env bash
# usage: tools/test_s3_faults.sh
# On MinIO: kills real jobs and recoveries at every request that they make, lets twenty writers race for fifty rounds, and
# measures what a bad network costs. Prints how many crash points were tried.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
for script in s3_kills s3_writers s3_network; do
  echo "== tests/fault/$script.py"
  .venv/bin/python "tests/fault/$script.py" --binary build/release/partita || failed=1
done
exit $failed
