"""The C++ library from an install tree: a program of its own builds, does the reference job, sees nothing hidden."""

import os
import pathlib
import subprocess
import sys

import pytest

import readers
from conftest import BINARY, ROOT

TABLE = "electric_vehicle_population_data_csv"


def run(*command, **keywords):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **keywords)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    """Where the library is installed."""
    folder = tmp_path_factory.mktemp("installed")
    run("cmake", "--build", BINARY.parent, "--target", "partita_shared")
    run("cmake", "--install", BINARY.parent, "--prefix", folder, "--component", "development")
    return folder


def build(source, folder, prefix):
    run("cmake", "-S", source, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DPython3_EXECUTABLE={sys.executable}")
    run("cmake", "--build", folder)


def test_the_example_does_the_reference_job(partita, prefix, tmp_path):
    build(ROOT / "examples", tmp_path / "build", prefix)
    partita.ok("generate", "--rows", 5000, "ev.csv")
    partita.ok("crawl", "ev.csv", "--database", "glue_db", "--table", TABLE)
    environment = {**partita.environment}
    said = run(tmp_path / "build/partition_job", "out", cwd=partita.folder, env=environment)
    assert said.startswith(partita.ok("schema", "--table", f"glue_db.{TABLE}"))
    assert "5,000 rows in" in said
    partita.ok("run", ROOT / "examples/ev_population.toml", OUT="by_hand")
    for name in readers.ROWS:
        assert readers.rows_by_folder(partita.folder / "out" / name, name) == readers.rows_by_folder(
            partita.folder / "by_hand" / name, name
        )


def test_a_program_passes_arrow_batches_in_and_out(partita, prefix, tmp_path):
    build(pathlib.Path(__file__).parent / "consumer", tmp_path / "build", prefix)
    assert run(tmp_path / "build/consumer", cwd=partita.folder, env=partita.environment) == "ok\n"


def test_only_what_the_headers_declare_is_visible(prefix):
    (library,) = (path for path in prefix.glob("lib*/**/libpartita.so.*") if not path.is_symlink())
    names = run("nm", "--dynamic", "--defined-only", "--demangle", library).splitlines()
    symbols = {line.split(" ", 2)[2] for line in names}
    ours = {name for name in symbols if "partita::" in name}
    assert any(name.startswith("partita::Write(") for name in ours)
    hidden = ("Spark", "WriteJob", "CsvScan", "SqliteCatalog", "FolderTransaction", "RowIndexer", "MemoryBudget")
    assert [name for name in ours if any(part in name for part in hidden)] == []
    assert not any(name.startswith(("sqlite3_", "XXH", "ZSTD_")) for name in symbols)


def test_a_header_alone_compiles(prefix, tmp_path):
    pyarrow = pathlib.Path(os.path.dirname(__import__("pyarrow").__file__))
    headers = sorted((prefix / "include/partita").glob("*.h"))
    assert len(headers) <= 8
    for header in headers:
        source = tmp_path / "one.cc"
        source.write_text(f"#include <partita/{header.name}>\nint main() {{}}\n")
        run("c++", "-std=c++20", "-fsyntax-only", f"-I{prefix}/include", f"-isystem{pyarrow}/include", source)
