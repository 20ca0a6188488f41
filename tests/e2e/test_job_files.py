"""run, config check and dry runs: what they do, what they refuse, what they leave alone."""

import json
import os
import pathlib
import subprocess
import tomllib

import jsonschema
import pytest

import readers
from conftest import ROOT

EXAMPLE = ROOT / "examples/ev_population.toml"
TABLE = "glue_db.electric_vehicle_population_data_csv"


@pytest.fixture
def cars(partita):
    """5,000 register rows under the name the example reads."""
    partita.ok("generate", "--rows", 5000, "ev.csv")
    partita.ok("crawl", "ev.csv", "--database", "glue_db", "--table", TABLE.split(".")[1])
    return partita


def contents(folder):
    """Every path below a folder with its bytes; folders too."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in pathlib.Path(folder).rglob("*")
        if path.name not in ("catalog.db-wal", "catalog.db-shm")
    }


def test_the_example_is_the_reference_job(cars):
    cars.ok("run", EXAMPLE)
    cars.ok(
        "write", "--table", TABLE, "--partition-by", "Model Year", "--partition-by", "Make",
        "--output=parquet=by_hand/parquet", "--output=json=by_hand/json", "--output=csv=by_hand/csv",
        "--option=csv.header=true",
    )  # fmt: skip
    for name in readers.ROWS:
        assert readers.rows_by_folder(cars.folder / "out" / name, name) == readers.rows_by_folder(
            cars.folder / "by_hand" / name, name
        )
    cars.ok("run", EXAMPLE)  # overwrites


def test_a_job_file_may_come_through_a_pipe(cars):
    reading, writing = os.pipe()
    os.write(writing, EXAMPLE.read_bytes())
    os.close(writing)
    result = subprocess.run(
        cars.command("config", "check", "/dev/stdin"), stdin=reading, capture_output=True, text=True, check=False,
        env=cars.environment,
    )  # fmt: skip
    os.close(reading)
    assert result.stdout == "/dev/stdin: no mistake found\n"


def test_overrides_and_environment_change_a_run(cars):
    report = json.loads(
        cars.ok(
            "run", EXAMPLE, "--set", "write.report=-", "--set", "source.where=Make = 'TESLA'",
            "--set", "output[2].options.sep=;", "--set", "write.register=db.teslas", OUT="elsewhere",
        )  # fmt: skip
    )
    assert {output["path"] for output in report["outputs"]} == {f"elsewhere/{name}" for name in readers.ROWS}
    assert report["num_rows_left_out"] > 0
    assert cars.ok("count", "--table", "db.teslas") == f"{report['num_rows']}\n"
    (header,) = {f.read_text().partition("\n")[0] for f in (cars.folder / "elsewhere/csv").rglob("*.csv")}
    assert ";" in header and "," not in header


def test_a_wrong_job_file_is_refused_by_run_and_check(cars):
    text = EXAMPLE.read_text()
    for wrong, named in [
        (text.replace("mode", "mod"), ["mod", "mode", "job.toml:10:"]),
        (text.replace("header = true", "heder = true"), ["heder", "header"]),
        (text.replace('"overwrite"', '"overwrit"'), ["overwrit", "append"]),
        (text.replace("[write]", "[write]\nregister = 'x'"), ["DATABASE.TABLE"]),
        (text.replace('"parquet"', '"orc"'), ["orc"]),
        (text + "[resources]\nmemory = '1KiB'\n", ["memory"]),
        (text.replace("[write]", "where = 'a ='\n[write]"), ["  a =\n", "^"]),
        (text.replace("[write]", "where = ''\n[write]"), ["empty"]),
        (text.replace('["Model Year", "Make"]', "[]"), ["partition column"]),
        (text.replace('["Model Year", "Make"]', "['a', 'A']"), ["already exists"]),
        (text.replace("/json", "/parquet"), ["folders of their own"]),
        (text.replace("[write]", "options = { foo = 1 }\n[write]"), ["foo"]),
    ]:
        (cars.folder / "job.toml").write_text(wrong)
        for command in (["run"], ["config", "check"]):
            outcome = cars(*command, "job.toml")
            assert outcome.code == 2, wrong
            for part in named:
                assert part in outcome.stderr
    assert not (cars.folder / "out").exists()
    assert cars("run", "missing.toml").code == 2


def test_check_accepts_the_example_and_looks_at_no_data(partita):
    assert "no mistake" in partita.ok("config", "check", EXAMPLE)
    assert os.listdir(partita.folder) == []


def test_the_schema_accepts_what_run_accepts(partita):
    schema = json.loads(partita.ok("config", "schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    job = tomllib.loads(EXAMPLE.read_text())
    jsonschema.validate(job, schema)
    job["write"]["mod"] = "append"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(job, schema)


def test_the_page_lists_every_key(partita):
    schema = json.loads(partita.ok("config", "schema"))
    keys = set()
    for section, entry in schema["properties"].items():
        keys |= {f"{section}.{key}" for key in entry.get("items", entry)["properties"]}
    page = (ROOT / "docs/format/job.md").read_text()
    listed = {line.split("`")[1] for line in page.splitlines() if line.startswith("| `")}
    assert listed == keys


@pytest.mark.parametrize("mode, removes", [("overwrite", "all"), ("overwrite-partitions", "touched"), ("append", "none")])
def test_a_dry_run_says_what_the_run_then_does_and_changes_nothing(cars, mode, removes):
    cars.ok("run", EXAMPLE)
    before = contents(cars.folder)
    call = ["run", EXAMPLE, "--set", f"write.mode={mode}", "--set", "source.where=Make = 'TESLA'", "--set", "write.report=-"]
    dry = json.loads(cars.ok(*call, "--dry-run"))
    assert contents(cars.folder) == before
    assert dry["is_dry_run"]
    data_files = {
        name: {str(f.relative_to(cars.folder / "out" / name)) for fs in readers.data_files(cars.folder / "out" / name).values() for f in fs}
        for name in readers.ROWS
    }
    wet = json.loads(cars.ok(*call))
    for planned, done in zip(dry["outputs"], wet["outputs"]):
        for key in ("format", "path", "num_files", "num_rows", "bytes"):
            assert planned[key] == done[key]
        assert {f["path"].rpartition("/")[0] for f in planned["files"]} == {f["path"].rpartition("/")[0] for f in done["files"]}
        old = data_files[planned["format"]]
        wanted = {"all": old, "none": set(), "touched": {path for path in old if "Make=TESLA" in path}}[removes]
        assert {file["path"] for file in planned["files_replaced"]} == wanted
        assert planned["num_files_replaced"] == len(wanted)
        left = {str(f.relative_to(cars.folder / planned["path"])) for fs in readers.data_files(cars.folder / planned["path"]).values() for f in fs}
        assert left & old == old - wanted
    for key in ("num_rows", "num_partitions", "num_rows_left_out"):
        assert dry[key] == wet[key]


def test_a_dry_run_makes_no_folder_and_no_catalog(partita):
    (partita.folder / "in.csv").write_text("k,v\na,1\nb,2\n")
    text = partita.ok(
        "write", "in.csv", "--partition-by=k", "--output=csv=out/deep", "--register=db.t", "--dry-run",
    )  # fmt: skip
    assert text.startswith("dry run, nothing is changed: 2 rows in 2 partitions")
    assert sorted(os.listdir(partita.folder)) == ["in.csv"]


def test_a_dry_run_refuses_what_the_run_would(cars):
    cars.ok("run", EXAMPLE)
    (cars.folder / "out/json/notes.txt").write_text("mine")
    before = contents(cars.folder)
    assert cars("run", EXAMPLE, "--dry-run").code == 5
    assert cars("run", EXAMPLE, "--dry-run", "--set", "write.mode=error").code == 5
    assert cars("run", EXAMPLE, "--dry-run", "--set", "output[0].path=ev.csv").code in (2, 5)
    assert "left as it was" in cars.ok("run", EXAMPLE, "--dry-run", "--set", "write.mode=ignore")
    assert contents(cars.folder) == before
