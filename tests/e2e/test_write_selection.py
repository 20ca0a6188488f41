"""write --where and --select: which rows and columns arrive, how many are left out, what is refused."""

import csv
import io
import json

import duckdb
import pytest

WHERE = "(make = 'TESLA' or `Electric Range` between 20 and 40) and City not like 'S%'"
NAMES = ["City", "VIN (1-10)", "Make", "electric range", "Model Year"]


@pytest.fixture(scope="module")
def cars(shared_partita):
    """30,000 register rows as table db.cars_csv."""
    shared_partita.ok("generate", "--rows", 30000, "cars.csv")
    shared_partita.ok("crawl", "cars.csv", "--database", "db")
    return shared_partita


def write(partita, out, *arguments):
    """Runs the three-format job into a folder of its own; the report."""
    outputs = [f"--output={name}={out}/{name}" for name in ("parquet", "json", "csv")]
    return json.loads(
        partita.ok(
            "write", "--partition-by", "Model Year", "--partition-by", "Make", *outputs,
            "--option=csv.header=true", "--report=-", *arguments,
        )  # fmt: skip
    )


def scanned(partita, *arguments):
    """The rows of a scan as tuples of text, sorted."""
    text = partita.ok("scan", *arguments, "--format", "csv")
    return sorted(map(tuple, list(csv.reader(io.StringIO(text)))[1:]))


def read_back(partita, out, name):
    """What DuckDB finds in an output, as text in the order of NAMES."""
    source = {
        "parquet": f"read_parquet('{partita.folder}/{out}/parquet/**/*.parquet', hive_partitioning=true, hive_types_autocast=false)",
        "csv": f"read_csv('{partita.folder}/{out}/csv/**/*.csv', hive_partitioning=true, hive_types_autocast=false, all_varchar=true, escape='\\')",
        "json": f"read_json('{partita.folder}/{out}/json/**/*.json', hive_partitioning=true, hive_types_autocast=false, format='newline_delimited')",
    }[name]
    columns = ", ".join(f"""coalesce(cast("{column}" as varchar), '')""" for column in NAMES)
    return sorted(duckdb.connect().execute(f"select {columns} from {source}").fetchall())


@pytest.mark.parametrize("memory", ["48MiB", "1GiB"])
def test_the_rows_of_a_scan_with_the_same_condition_arrive(cars, memory):
    out = f"some{memory}"
    report = write(cars, out, "--table=db.cars_csv", "--where", WHERE, "--select", ",".join(NAMES), f"--memory={memory}")
    wanted = scanned(cars, "--table=db.cars_csv", "--where", WHERE, "--select", ",".join(NAMES))
    assert 100 < len(wanted) < 20000
    assert (report["num_rows"], report["num_rows_left_out"]) == (len(wanted), 30000 - len(wanted))
    for name in ("parquet", "json", "csv"):
        assert read_back(cars, out, name) == wanted


def test_files_hold_the_selected_columns_in_their_order(cars):
    write(cars, "columns", "--table=db.cars_csv", "--select", ",".join(NAMES))
    (header,) = {
        file.read_text(encoding="utf-8").partition("\n")[0] for file in (cars.folder / "columns/csv").rglob("*.csv")
    }
    assert header == "City,VIN (1-10),electric range"
    tree = cars.ok("schema", "columns/parquet")
    assert [line.split(":")[0].removeprefix(" |-- ") for line in tree.splitlines()[1:-1]] == [
        "City", "VIN (1-10)", "electric range", "Model Year", "Make",
    ]  # fmt: skip


def test_a_condition_that_no_row_meets_gives_an_empty_data_set(cars):
    report = write(cars, "none", "--table=db.cars_csv", "--where", "Make = 'NOBODY'")
    assert (report["num_rows"], report["num_rows_left_out"], report["num_partitions"]) == (0, 30000, 0)
    assert (cars.folder / "none/parquet/_SUCCESS").exists()
    write(cars, "none", "--table=db.cars_csv", "--mode=overwrite")
    emptied = write(cars, "none", "--table=db.cars_csv", "--where", "Make = 'NOBODY'", "--mode=overwrite")
    assert all("no row of the input matches" in warning for warning in emptied["warnings"])
    assert len(emptied["warnings"]) == 3


def test_a_row_that_breaks_its_type_stops_the_job_even_where_the_condition_leaves_it_out(partita):
    (partita.folder / "in.csv").write_text("k,n\na,1\nb,2\n")
    partita.ok("crawl", "in.csv", "--database", "d")
    (partita.folder / "in.csv").write_text("k,n\na,1\nb,two\n")
    outcome = partita("write", "--table=d.in_csv", "--where", "k = 'a'", "--partition-by=k", "--output=json=out")
    assert outcome.code == 3
    assert "line 3" in outcome.stderr and "two" in outcome.stderr


def test_a_bad_key_is_told_by_its_place_in_the_input(partita):
    long_key = "x" * 300
    (partita.folder / "in.csv").write_text(f"k,v\na,1\nb,2\n{long_key},3\n")
    call = ["write", "in.csv", "--partition-by=k", "--output=json=out", "--where"]
    outcome = partita(*call, "v > 1")
    assert outcome.code == 3 and "line 4" in outcome.stderr
    partita.ok(*call, "v < 3")


@pytest.mark.parametrize(
    "arguments, named",
    [
        (["--where", "State = "], ["State = ", "^"]),
        (["--where", "Stat = 'WA'"], ["Stat", "state"]),
        (["--where", "State = 5"], ["State"]),
        (["--select", "Citty,Make,Model Year"], ["Citty", "city"]),
        (["--select", "City,Make"], ["select it too", "Model Year"]),
        (["--select", "Model Year,Make"], ["partition columns"]),
        (["--select", "City,Make,Model Year,CITY"], ["once", "CITY"]),
    ],
)
def test_a_wrong_selection_is_refused_and_changes_nothing(cars, arguments, named):
    outcome = cars(
        "write", "--table=db.cars_csv", "--partition-by", "Model Year", "--partition-by", "Make",
        "--output=json=refused", *arguments,
    )  # fmt: skip
    assert outcome.code == 2
    for text in named:
        assert text in outcome.stderr
    assert not (cars.folder / "refused").exists()
