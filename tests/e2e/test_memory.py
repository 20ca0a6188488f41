"""A fixed memory budget at any number of partitions."""

import json
import subprocess
import sys

import pytest

import readers

MIB = 1 << 20
# A process counts what its parent held when it was started, and a test run holds much: so a
# small one stands between, and says what its child needed.
LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def run_and_measure(arguments, environment) -> int:
    """Runs a command that must succeed; the most memory it held, in bytes."""
    launched = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, *map(str, arguments)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    code, peak = map(int, launched.stdout.split()[-2:])
    assert code == 0, launched.stderr
    return peak


@pytest.fixture(scope="module")
def inputs(shared_partita, tmp_path_factory):
    root = tmp_path_factory.mktemp("memory")
    shared_partita.ok("generate", "--rows", 1_000_000, root / "skewed.csv")
    shared_partita.ok("generate", "--rows", 1_000_000, "--partitions", 100_000, root / "many.csv")
    return root


@pytest.mark.parametrize(
    ("name", "formats", "partitions"),
    [("skewed", ["parquet", "json", "csv"], 229), ("many", ["csv"], 100_000), ("many", ["parquet"], 100_000)],
)
def test_a_million_rows_in_256_mib_stay_below_400_mib_resident(
    partita, inputs, tmp_path, name, formats, partitions
):
    report = tmp_path / "report.json"
    source = inputs / f"{name}.csv"
    arguments = [
        *partita.command("write", source), "--partition-by=Model Year", "--partition-by=Make",
        "--memory=256MiB", "--quiet", f"--report={report}", f"--temp-dir={tmp_path}",
        *[f"--output={f}={tmp_path / 'out' / f}" for f in formats],
    ]
    assert run_and_measure(arguments, partita.environment) < 400 * MIB
    told = json.loads(report.read_text())
    assert told["num_rows"] == 1_000_000
    assert len(told["partitions"]) == partitions
    for file_format in formats:
        root = tmp_path / "out" / file_format
        assert sum(1 for _ in readers.data_files(root)) == partitions
        assert count_rows(root, file_format) == 1_000_000


def test_files_and_partitions_take_little_beside_a_small_budget(partita, inputs, tmp_path):
    # What was kept of each of 100,000 files beside the budget once made this 130 MiB.
    root = tmp_path / "out"
    arguments = [
        *partita.command("write", inputs / "many.csv"), "--partition-by=Model Year", "--partition-by=Make",
        "--memory=64MiB", "--threads=2", "--durability=fast", "--quiet", f"--temp-dir={tmp_path}",
        f"--output=csv={root}",
    ]  # fmt: skip
    assert run_and_measure(arguments, partita.environment) < 100 * MIB
    assert sum(1 for _ in readers.data_files(root)) == 100_000
    assert count_rows(root, "csv") == 1_000_000


def test_a_long_array_of_objects_takes_memory_for_its_values_alone(partita, tmp_path):
    # Where the members of all its objects stand once took 80 bytes each, a gigabyte here.
    source = tmp_path / "rows.json"
    every_column = {f"c{i}": 1 for i in range(60)}
    source.write_text(json.dumps(every_column) + "\n" + json.dumps([{"c0": 2}] * 200_000) + "\n")
    root = tmp_path / "out"
    arguments = [
        *partita.command("write", source), "--partition-by=c0", "--read-option=mode=DROPMALFORMED",
        "--memory=256MiB", "--quiet", f"--temp-dir={tmp_path}", f"--output=parquet={root}",
    ]  # fmt: skip
    assert run_and_measure(arguments, partita.environment) < 400 * MIB
    assert count_rows(root, "parquet") == 200_001


def count_rows(root, file_format):
    """Rows by a walk over line ends (the generator quotes none) or over Parquet footers."""
    import pyarrow.parquet

    total = 0
    for paths in readers.data_files(root).values():
        for path in paths:
            if file_format == "parquet":
                total += pyarrow.parquet.read_metadata(path).num_rows
            else:
                total += path.read_bytes().count(b"\n")
    return total
