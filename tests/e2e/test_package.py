"""The tarball of `make package` runs where there is neither Python nor a compiler."""
import os
import pathlib
import subprocess

import pytest

from conftest import BINARY, ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory) -> pathlib.Path:
    if BINARY != ROOT / "build/release/partita":
        pytest.skip("the package is made of build/release, not of PARTITA_BIN")
    printed = subprocess.run(
        [ROOT / "tools/package.sh"], check=True, capture_output=True, text=True
    ).stdout
    tarball = ROOT / printed.splitlines()[-1]
    assert tarball.name == f"partita-0.1.0-linux-{os.uname().machine}.tar.gz"
    folder = tmp_path_factory.mktemp("package")
    subprocess.run(["tar", "-xzf", tarball, "-C", folder], check=True)
    return folder / tarball.name.removesuffix(".tar.gz")


def test_the_package_finds_every_library_in_itself(unpacked):
    resolved = subprocess.run(
        ["ldd", unpacked / "bin/partita"], check=True, capture_output=True, text=True
    ).stdout
    assert "not found" not in resolved
    assert f"{unpacked}/lib/libarrow.so" in os.path.normpath(resolved.replace("/bin/..", ""))
    assert ".venv" not in resolved
    dynamic = subprocess.run(
        ["readelf", "-d", unpacked / "bin/partita"], check=True, capture_output=True, text=True
    ).stdout
    assert "[$ORIGIN/../lib]" in dynamic


def test_the_package_does_the_whole_job_with_an_empty_environment(unpacked, tmp_path):
    def run(*arguments) -> str:
        return subprocess.run(
            [unpacked / "bin/partita", *arguments],
            cwd=tmp_path,
            env={},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    catalog = ["--catalog", "catalog.db"]
    assert run("--version") == "partita 0.1.0\n"
    run("generate", "--rows", "1000", "ev.csv")
    run("crawl", "ev.csv", "--database", "d", *catalog)
    run("write", "--table", "d.ev_csv", *catalog, "--partition-by", "Make", "--memory", "64MiB",
        "--output", "parquet=p", "--output", "json=j", "--output", "csv=c")  # fmt: skip
    assert [run("count", path) for path in ("p", "j")] == ["1000\n", "1000\n"]


def test_the_package_carries_the_licences_of_what_it_contains(unpacked):
    assert (unpacked / "LICENSE").is_file()
    names = {path.stem for path in (unpacked / "licenses").iterdir()}
    assert {"arrow", "libsqlite3-dev", "libsnappy-dev", "libzstd-dev"} <= names
