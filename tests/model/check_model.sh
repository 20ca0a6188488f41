#!/usr/bin/env bash
# usage: tests/model/check_model.sh
# Checks the commit protocol's model in both methods, and that each deliberate bug is found.
set -euo pipefail
cd "$(dirname "$0")"
model=$PWD/commit.pml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# check NAME [-Dflag...]: prints "holds" or "broken".
check() {
  spin -a "$@" "$model" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
  cc -O0 -w -DSAFETY -DNOREDUCE -DMEMLIM=2000 -o pan pan.c
  ./pan -m100000 >pan.log 2>&1
  if grep -q 'max search depth too small\|out of memory' pan.log; then
    cat pan.log >&2
    exit 1
  fi
  grep -q 'errors: 0' pan.log && echo holds || echo broken
}

failed=0
expect() {
  local wanted=$1 got
  shift
  got=$(check "$@")
  echo "$got: $* ($(sed -n 's/^ *\([0-9]*\) states, stored.*/\1 states/p' "$work/pan.log"))"
  [ "$got" = "$wanted" ] || { echo "  should be: $wanted"; failed=1; }
}

bugs=$(grep -o 'BUG_[A-Z_]*' "$model" | sort -u | grep -v '^BUG_$')
for method in 0 1; do
  expect holds -DMERGE=$method
  for bug in $bugs; do
    expect broken -DMERGE=$method "-D$bug"
  done
done
exit $failed
