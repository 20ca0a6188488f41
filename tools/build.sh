#!/usr/bin/env bash
# usage: tools/build.sh PRESET [TARGET...]
# Configures build/PRESET where that is not done yet, and builds the targets (default: all).
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:?usage: tools/build.sh PRESET [TARGET...]}
shift
python=$PWD/.venv/bin/python
stamp=build/$preset/configured

# Another place, Arrow or preset needs a fresh configuration; the rest CMake notices itself.
state=$(echo "$PWD"; cat CMakePresets.json requirements.txt)
if [ ! -f "build/$preset/build.ninja" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$state" ]; then
  cmake --fresh --preset "$preset" -DPython3_EXECUTABLE="$python"
  echo "$state" >"$stamp"
fi
# All that is wrong is told, not only what comes first.
cmake --build "build/$preset" --parallel "$(nproc)" ${@:+--target "$@"} -- -k 0
