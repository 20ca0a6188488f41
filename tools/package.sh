#!/usr/bin/env bash
# usage: tools/package.sh
# Packs build/release/partita with every library it needs, but the C library, into
# build/partita-VERSION-linux-ARCH.tar.gz. It runs from wherever it is unpacked.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=build/release/partita
version=$(sed -n 's/.*PARTITA_VERSION_STRING "\(.*\)"/\1/p' include/partita/version.h)
name=partita-$version-linux-$(uname -m)
staging=build/package/$name
rm -rf build/package
mkdir -p "$staging/lib" "$staging/licenses"

# Installing replaces the run path of the build by one beside the binary.
cmake --install build/release --prefix "$staging" --component partita --strip >/dev/null

# package_of FILE: the Debian package that it is of, which may know it without /usr.
package_of() {
  { dpkg-query -S "$1" || dpkg-query -S "${1#/usr}"; } 2>/dev/null | cut -d : -f 1
}

# libcurl is loaded when a request is sent, so the binary does not name it.
curl=$(g++ -print-file-name=libcurl.so.4)

# Libraries of the C library must be those of the machine it runs on.
{ echo "$curl"; ldd "$binary" "$curl" | sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p'; } | sort -u |
  grep -vE '/(libc|libm|libdl|librt|libpthread|libresolv|ld-linux[^/]*)\.so' |
  while read -r library; do
    cp -L "$library" "$staging/lib/"
    # Those of the Arrow wheel are of no package.
    if package=$(package_of "$(readlink -f "$library")"); then
      cp "/usr/share/doc/$package/copyright" "$staging/licenses/$package.txt"
    fi
  done

# install_text COMMAND… PATH: what the program prints, as a file of the package.
install_text() {
  local path=$staging/${*: -1}
  mkdir -p "$(dirname "$path")"
  "$binary" "${@:1:$#-1}" >"$path"
}
install_text manual share/man/man1/partita.1
install_text completion bash share/bash-completion/completions/partita
install_text completion fish share/fish/vendor_completions.d/partita.fish
install_text completion zsh share/zsh/site-functions/_partita

cp LICENSE README.md "$staging/"
cp .venv/lib/python3*/site-packages/pyarrow-*.dist-info/licenses/LICENSE.txt "$staging/licenses/arrow.txt"
cp .venv/lib/python3*/site-packages/pyarrow-*.dist-info/licenses/NOTICE.txt "$staging/licenses/arrow-notice.txt"
for package in libcli11-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev \
  libsqlite3-dev libsnappy-dev libtomlplusplus-dev libzstd-dev libstdc++6; do
  cp "/usr/share/doc/$package/copyright" "$staging/licenses/$package.txt"
done

tar -C build/package --owner=0 --group=0 --sort=name -czf "build/$name.tar.gz" "$name"
echo "build/$name.tar.gz"
