#!/usr/bin/env bash
# usage: bench/peers/setup.sh quick|all
# Brings the peers, each set of versions that agree in an environment of its own, below
# .venv-bench. A set that cannot be installed is told and left out; the runner says so too.
set -uo pipefail
cd "$(dirname "$0")/../.."

case ${1:?usage: bench/peers/setup.sh quick|all} in
  quick) names=(quick) ;;
  all) names=(peers daft sail) ;;
  *) echo "setup.sh: say quick or all" >&2; exit 2 ;;
esac

# An environment is there when its stamp holds the hash of its requirements.
install() {
  local folder=.venv-bench/$1 requirements=bench/peers/requirements-$1.txt hash
  hash=$(sha256sum <"$requirements")
  [ "$(cat "$folder/installed" 2>/dev/null)" != "$hash" ] || return 0
  echo "installing the peers of $requirements into $folder"
  rm -rf "$folder"
  python3 -m venv "$folder" &&
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements" &&
    echo "$hash" >"$folder/installed"
}

for name in "${names[@]}"; do
  if [ "$name" = quick ] && [ -f .venv-bench/peers/installed ]; then
    continue
  fi
  install "$name" || echo "setup.sh: the peers of $name are left out" >&2
done
