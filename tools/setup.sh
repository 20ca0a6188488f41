#!/usr/bin/env bash
# usage: tools/setup.sh build|test|check
# Installs what is missing for building, testing or checking: Debian packages, and Python
# packages into .venv. Says nothing and takes no time when everything is there.
set -euo pipefail
cd "$(dirname "$0")/.."

kind=${1:?usage: tools/setup.sh build|test|check}
case $kind in
  build | test | check) ;;
  *) echo "tools/setup.sh: unknown kind '$kind'; say build, test or check" >&2; exit 2 ;;
esac

packages_build=(cmake ninja-build ccache mold libcli11-dev libspdlog-dev libfmt-dev
  nlohmann-json3-dev libtomlplusplus-dev libxxhash-dev libsqlite3-dev libsnappy-dev libzstd-dev
  libpugixml-dev libisal-dev libcurl4-openssl-dev libssl-dev)
packages_test=(libgtest-dev libgmock-dev libbenchmark-dev clang-format-14 valgrind
  fish mandoc zsh)
packages_check=(clang-14 clang-tidy-14 libclang-rt-14-dev zlib1g-dev libbz2-dev spin gcovr)

run_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "tools/setup.sh: run as root or install sudo; needed for: $*" >&2
    exit 1
  fi
}

has_jdk() {
  local major
  major=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${major:-0}" -ge 17 ]
}

# The interpreter that makes .venv is the first python3 in PATH; only Debian's own lacks venv
# without a package.
missing_packages() {
  local wanted=("${packages_build[@]}")
  [ "$kind" = build ] || wanted+=("${packages_test[@]}")
  [ "$kind" != check ] || wanted+=("${packages_check[@]}")
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | sort -u)
  command -v g++ >/dev/null || echo g++
  command -v python3 >/dev/null || echo python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  [ "$kind" = build ] || has_jdk || echo openjdk-17-jre-headless
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "tools/setup.sh: no apt-get here; install by hand: ${missing[*]}" >&2
    exit 1
  fi
  echo "installing: ${missing[*]}"
  run_as_root apt-get update -q
  run_as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# .venv is as the requirement files say when its stamp holds their hash. A set-up for tests
# serves the build as well.
install_python() {
  local requirements=requirements.txt stamp hash
  [ "$kind" = build ] || requirements=requirements-test.txt
  stamp=.venv/installed-$requirements
  hash=$(cat requirements*.txt | sha256sum)
  [ "$(cat "$stamp" 2>/dev/null)" != "$hash" ] || return 0
  echo "installing Python packages of $requirements into .venv"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
  echo "$hash" | tee "$stamp" >.venv/installed-requirements.txt
}

install_packages
install_python
