"""scan: what it reads and skips, what it writes, what it refuses."""
import io
import json
import shutil

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest


@pytest.fixture(scope="module")
def cars(shared_partita):
    """20,000 register rows in three formats, and their folder."""
    shared_partita.ok("generate", "--rows", 20000, "cars.csv")
    shared_partita.ok("crawl", "cars.csv", "--database", "db")
    shared_partita.ok(
        "write", "--table", "db.cars_csv", "--partition-by", "Model Year", "--partition-by", "Make",
        "--output", "parquet=parquet", "--output", "json=json", "--output", "csv=csv", "--option", "csv.header=true",
        "--register", "db.parts",
    )  # fmt: skip
    return shared_partita


def explained(partita, *arguments):
    return json.loads(partita.ok("scan", *arguments, "--explain", "--format", "json"))


def test_a_condition_on_both_keys_opens_one_folder(cars):
    everything = explained(cars, "parquet")
    assert everything["partitions"]["skipped"] == 0
    one = explained(cars, "parquet", "--where", "\"Model Year\" = 2021 and Make == 'TESLA'")
    assert one["partitions"] == {"read": 1, "skipped": everything["partitions"]["read"] - 1}
    assert one["files"] == {"read": 1, "skipped": 0}


def test_only_the_chosen_folder_is_listed_and_opened(cars):
    """Whatever lies in folders that are ruled out, no one meets it."""
    for name in ("parquet", ".parquet.partita"):
        shutil.copytree(cars.folder / name, cars.folder / name.replace("parquet", "spoilt", 1))
    chosen = "Model Year=2021/Make=TESLA"
    for file in (cars.folder / "spoilt").rglob("*.parquet"):
        if str(file.parent.relative_to(cars.folder / "spoilt")) != chosen:
            file.write_bytes(b"no Parquet")
            (file.parent / "part-dangling.parquet").symlink_to("nowhere")
    where = "`Model Year` = 2021 and Make = 'TESLA'"
    wanted = cars.ok("scan", "parquet", "--where", where, "--format", "csv")
    assert len(wanted.splitlines()) > 1
    assert cars.ok("scan", "spoilt", "--where", where, "--format", "csv") == wanted
    assert cars("scan", "spoilt", "--where", "Make = 'TESLA'", "--format", "csv").code == 3


@pytest.mark.parametrize("file_format", ["parquet", "json", "csv"])
def test_all_formats_give_the_same_rows(cars, file_format):
    text = "make = 'TESLA' and `Electric Range` > 0 or city like 'S%'"
    options = ["--read-option", "header=true"] if file_format == "csv" else []
    names = "VIN (1-10),City,Model Year,Make,Electric Range"
    got = cars.ok("scan", file_format, *options, "--where", text, "--select", names, "--format", "csv")
    wanted = cars.ok("scan", "--table", "db.parts", "--where", text, "--select", names, "--format", "csv")
    assert len(wanted.splitlines()) > 100
    assert sorted(got.splitlines()) == sorted(wanted.splitlines())
    count = cars.ok("count", file_format, *options, "--where", text)
    assert int(count) == len(got.splitlines()) - 1


def test_every_output_format_holds_the_same_rows(cars):
    arguments = ["parquet", "--where", "Make = 'KIA'", "--limit", 50]
    lines = cars.ok("scan", *arguments, "--format", "csv").splitlines()
    assert len(lines) == 51
    cars.ok("scan", *arguments, "--format", "parquet", "--output", "kia.parquet")
    table = pa.parquet.read_table(cars.folder / "kia.parquet")
    assert table.num_rows == 50
    assert lines[0].split(",")[0] == table.column_names[0]
    cars.ok("scan", *arguments, "--format", "arrow", "--output", "kia.arrow")
    with pa.ipc.open_stream(io.BytesIO((cars.folder / "kia.arrow").read_bytes())) as reader:
        assert reader.read_all().equals(table)
    rows = [json.loads(line) for line in cars.ok("scan", *arguments, "--format", "json").splitlines()]
    assert [row["city"] for row in rows] == table["city"].to_pylist()


def test_a_table_shows_twenty_rows_unless_told_otherwise(cars):
    assert "only showing top 20 rows" in cars.ok("scan", "parquet")
    three = cars.ok("scan", "parquet", "--limit", 3, "--select", "MAKE").splitlines()
    assert three[1].strip("|").strip() == "MAKE"
    assert sum(line.startswith("|") for line in three) == 4


@pytest.mark.parametrize(
    "arguments, text",
    [
        (["--where", "Make = 'KIA' and"], "^"),
        (["--where", "Mkae = 'KIA'"], 'did you mean "Make"?'),
        (["--where", "Make = 2011"], "single quotes"),
        (["--where", "`Model Year` = 'new'"], "no such value"),
        (["--select", "Make,Modle"], 'did you mean "model"?'),
        (["--select", "Make,,Model"], "parted by commas"),
        (["--format", "xml"], "xml"),
        (["--output", "x.csv"], "--format"),
        (["--format", "csv", "--output", "cars.csv"], "exists"),
    ],
)
def test_a_wrong_call_is_refused(cars, arguments, text):
    outcome = cars("scan", "parquet", *arguments)
    assert outcome.code == 2
    assert text in outcome.stderr


def test_a_condition_that_rules_everything_out_gives_no_rows(cars):
    where = "`Model Year` = 1900"
    assert cars.ok("scan", "parquet", "--where", where, "--format", "json") == ""
    assert cars.ok("count", "parquet", "--where", where) == "0\n"
    assert cars("scan", "parquet", "--where", where + " and nothing = 1").code == 2


def test_row_groups_whose_ranges_rule_the_condition_out_are_skipped(cars):
    table = pa.table({"n": list(range(10000))})
    pa.parquet.write_table(table, cars.folder / "n.parquet", row_group_size=1000)
    plan = explained(cars, "n.parquet", "--where", "n between 2500 and 2600")
    assert plan["row_groups"] == {"read": 1, "skipped": 9}
    assert cars.ok("count", "n.parquet", "--where", "n between 2500 and 2600") == "101\n"


def test_a_damaged_file_is_named_and_leaves_no_output(cars):
    broken = cars.folder / "broken"
    broken.mkdir()
    pa.parquet.write_table(pa.table({"n": [1]}), broken / "a.parquet")
    (broken / "b.parquet").write_bytes((broken / "a.parquet").read_bytes()[:-5])
    outcome = cars("scan", "broken", "--format", "csv", "--output", "broken.csv")
    assert outcome.code == 3
    assert "b.parquet" in outcome.stderr
    assert not list(cars.folder.glob("broken.csv*"))


@pytest.mark.parametrize("place", ["rows/", "rows.csv/", "s3://lake/rows/"])
def test_a_file_is_not_named_like_a_folder(cars, place):
    """Dropping the slash would write a file that nobody has named."""
    for command in (["scan", "parquet", "--format=csv", f"--output={place}"], ["generate", "--rows=1", place]):
        outcome = cars(*command)
        assert outcome.code == 2 and "file's name" in outcome.stderr and place in outcome.stderr
    assert not list(cars.folder.glob("rows*"))


def test_a_pipe_that_closes_early_ends_the_scan(cars):
    process = cars.start("scan", "parquet", "--format", "json")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=60) != 0
    assert process.stderr.read().count(b"\n") <= 1
    process.stderr.close()


def test_folders_of_uneven_depth_are_bad_input_and_hidden_ones_no_data(cars):
    uneven = cars.folder / "uneven"
    for place in ("year=2011", "year=2012/month=1", ".staging/year=old"):
        (uneven / place).mkdir(parents=True)
        pa.parquet.write_table(pa.table({"n": [1]}), uneven / place / "a.parquet")
    outcome = cars("count", "uneven", "--where", "year = 2012")
    assert outcome.code == 3 and "conflicting partition columns" in outcome.stderr
    (uneven / "year=2012/month=1/a.parquet").unlink()
    assert cars.ok("count", "uneven", "--where", "year = 2011") == "1\n"
