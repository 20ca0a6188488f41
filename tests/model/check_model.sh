#!/usr/bin/env bash
# usage: tests/model/check_model.sh
# Checks the models of the commit protocols, that for folders in both its methods, and that each deliberate bug is found.
set -euo pipefail
cd "$(dirname "$0")"
models=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# check MODEL [-Dflag...]: prints "holds" or "broken".
check() {
  local model=$models/$1
  shift
  spin -a "$@" "$model" >spin.log 2>&1 || { cat spin.log >&2; exit 1; }
  cc -O1 -w -DSAFETY -DNOREDUCE -DMEMLIM=4000 -o pan pan.c
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

bugs_of() { grep -o 'BUG_[A-Z_]*' "$models/$1" | sort -u | grep -v '^BUG_$'; }

for method in 0 1; do
  expect holds commit.pml -DMERGE=$method
  for bug in $(bugs_of commit.pml); do
    expect broken commit.pml -DMERGE=$method "-D$bug"
  done
done
expect holds commit_objects.pml
expect holds commit_objects.pml -DONE_GENERATION -DMAX_CRASHES=2
for bug in $(bugs_of commit_objects.pml); do
  expect broken commit_objects.pml "-D$bug"
done
exit $failed
