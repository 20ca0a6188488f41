#!/usr/bin/env bash
# usage: tools/check_style.sh [--fix]
# Fails when a C++ source is not formatted; --fix formats it.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=(--dry-run -Werror)
[ "${1:-}" != --fix ] || mode=(-i)
find include src cli tests bench examples -name '*.h' -print0 -o -name '*.cc' -print0 |
  xargs -0 -r -P "$(nproc)" -n 20 clang-format-14 --style=file "${mode[@]}"
