#!/usr/bin/env bash
# usage: tools/clang_tidy.sh
# Runs clang-tidy over the product's sources and prints what it finds. The sources alone: what a test macro unfolds to
# takes clang-tidy a minute a file. Nothing is compiled, and nothing precompiled is used, so a forgotten include is found.
set -euo pipefail
cd "$(dirname "$0")/.."

here=$(printf %s "$PWD" | sed 's/[^A-Za-z0-9_/-]/\\&/g')
cmake --preset tidy -DPython3_EXECUTABLE="$PWD/.venv/bin/python" >/dev/null
run-clang-tidy-14 -clang-tidy-binary clang-tidy-14 -quiet -j "$(nproc)" -p build/tidy \
  "^$here/(src|cli)/(?!.*_(test|bench)\.cc\$)" 2>&1 |
  sed -E 's/\x1b\[[0-9;]*m//g; /^clang-tidy-14 |^[0-9]+ (warning|error)s?( and [0-9]+ errors?)? generated|^Suppressed |^Use -header-filter/d'
