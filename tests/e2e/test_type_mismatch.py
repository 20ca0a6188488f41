"""Values that do not fit their column's type, and empty strings: what the user says becomes of them, and nothing is lost."""
import bz2
import gzip
import json
import os
import signal
import time

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from declared_tables import declare_csv, make_catalog

# Rows 3 and 6 have a value that does not fit, row 4 too few fields, row 5 too many.
RECORDS = (
    "id,k,n,note\n"
    "1,a,007,x\n"
    '2,b,+2,"two\nlines"\n'
    '3,a,12x,"q""q"\n'
    "4,b\n"
    "5,a,5,y,z\n"
    "6,b,6.5,\n"
    "7,a,,z\n"
)
COLUMNS = "id bigint, k string, n int, note string"
MISFITS = "1,a,007,x\n2,b,12x,y\n3,a,,z\n4,b,9,w\n"
JOB = ["--partition-by", "k", "--output", "json=out", "--report", "report.json"]
PACKERS = {"in.csv": bytes, "in.csv.gz": gzip.compress, "in.csv.bz2": bz2.compress}


def put(partita, name, text):
    path = partita.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(PACKERS[path.name](text.encode()))
    return path


def declare(partita, name="in.csv", text=RECORDS, columns=COLUMNS):
    """A table of a file with these bytes, whose first line is its header where it has one."""
    path = put(partita, name, text)
    make_catalog(partita)
    table = declare_csv(partita, "t", path, columns)
    header = ["--read-option", "header=true"] if text.startswith("id,") else []
    return ["--table", table, *header]


@pytest.fixture(name="table", params=PACKERS)
def make_table(partita, request):
    return declare(partita, request.param)


def written(partita, folder="out"):
    """The rows of a JSON output by id, the folders' column left out."""
    lines = [line for path in (partita.folder / folder).rglob("*.json") for line in path.read_text().splitlines()]
    return sorted((json.loads(line) for line in lines), key=lambda row: row.get("id") or 0)


def report(partita):
    return json.loads((partita.folder / "report.json").read_text())


def put_aside(folder):
    """The records of the one quarantine file in a folder."""
    (path,) = folder.iterdir()
    assert path.name.startswith("quarantine-") and path.suffix == ".jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def assert_nothing_written(partita):
    assert not (partita.folder / "out").exists()
    assert not list(partita.folder.glob(".out*"))


# ---- fail


@pytest.mark.parametrize("how", [[], ["--on-type-mismatch=fail"]])
def test_a_misfit_is_an_error_unless_something_else_is_said(partita, table, how):
    outcome = partita("write", *table, *JOB, *how)
    assert outcome.code == 3
    assert "row 3 (line 5), column n" in outcome.stderr
    assert_nothing_written(partita)


# ---- quarantine


def test_malformed_records_are_put_aside_with_place_and_reason(partita, table):
    outcome = partita("write", *table, *JOB, "--on-type-mismatch", "quarantine=bad/rows")
    assert outcome.code == 0, outcome.stderr
    assert written(partita) == [
        {"id": 1, "n": 7, "note": "x"},
        {"id": 2, "n": 2, "note": "two\nlines"},
        {"id": 7, "note": "z"},
    ]
    records = put_aside(partita.folder / "bad/rows")
    file = next(str(partita.folder / name) for name in PACKERS if (partita.folder / name).exists())
    assert [record.pop("file") for record in records] == [file] * 4
    assert records == [
        {"row": 3, "line": 5, "column": "n", "reason": 'not a int: "12x"', "record": '3,a,12x,"q""q"'},
        {"row": 4, "line": 6, "column": None, "reason": "2 fields instead of 4", "record": "4,b"},
        {"row": 5, "line": 7, "column": None, "reason": "5 fields instead of 4", "record": "5,a,5,y,z"},
        {"row": 6, "line": 8, "column": "n", "reason": 'not a int: "6.5"', "record": "6,b,6.5,"},
    ]
    told = report(partita)
    (path,) = (partita.folder / "bad/rows").iterdir()
    assert (told["num_rows"], told["num_rows_put_aside"], told["quarantine_file"]) == (3, 4, str(path))
    assert told["job_id"] in path.name
    assert "malformed and put aside" in outcome.stderr and "4 rows" in outcome.stderr
    assert str(path) in outcome.stderr


def test_a_quarantine_file_is_json_lines_for_other_tools(partita):
    partita.ok("write", *declare(partita), *JOB, "--on-type-mismatch=quarantine=bad")
    rows = duckdb.sql(f"select row, line, record from read_json('{partita.folder}/bad/*.jsonl') order by row").fetchall()
    assert rows[0] == (3, 5, '3,a,12x,"q""q"')
    assert len(rows) == 4


def test_rows_of_a_condition_and_records_put_aside_are_told_apart(partita, table):
    partita.ok("write", *table, *JOB, "--on-type-mismatch=quarantine=bad", "--where", "id > 1")
    told = report(partita)
    assert (told["num_rows"], told["num_rows_left_out"], told["num_rows_put_aside"]) == (2, 1, 4)


def test_each_run_has_a_file_of_its_own(partita):
    table = declare(partita)
    for number in (1, 2):
        partita.ok("write", *table, *JOB, "--on-type-mismatch=quarantine=bad", "--mode=overwrite")
        assert len(list((partita.folder / "bad").iterdir())) == number


def test_nothing_is_made_where_nothing_is_put_aside(partita):
    table = declare(partita, text="id,k,n,note\n1,a,1,x\n")
    outcome = partita("write", *table, *JOB, "--on-type-mismatch=quarantine=bad")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert not (partita.folder / "bad").exists()
    assert report(partita)["quarantine_file"] == ""


def test_a_dry_run_counts_and_makes_no_file(partita):
    outcome = partita("write", *declare(partita), *JOB, "--on-type-mismatch=quarantine=bad", "--dry-run")
    assert outcome.code == 0
    assert "4 rows" in outcome.stderr
    assert report(partita)["num_rows_put_aside"] == 4
    assert not (partita.folder / "bad").exists()
    assert_nothing_written(partita)


def test_files_named_without_a_table_have_records_of_other_lengths_put_aside(partita):
    put(partita, "in.csv", RECORDS)
    partita.ok("write", "in.csv", *JOB, "--on-type-mismatch=quarantine=bad")
    assert [record["row"] for record in put_aside(partita.folder / "bad")] == [4, 5]
    assert [row["n"] for row in written(partita) if row["id"] in (3, 6)] == ["12x", "6.5"]


def test_records_below_partition_folders_are_put_aside_by_path(partita):
    for value in ("y", "x"):
        put(partita, f"in/p={value}/in.csv", RECORDS)
    partita.ok("write", "in", *JOB, "--on-type-mismatch=quarantine=bad", "--read-option=header=true",
               "--read-option=inferSchema=false", '--read-option=escape="')  # fmt: skip
    records = put_aside(partita.folder / "bad")
    assert [(record["file"].rsplit("/", 2)[1], record["row"]) for record in records] == [
        ("p=x", 4), ("p=x", 5), ("p=y", 4), ("p=y", 5)
    ]  # fmt: skip
    assert len(written(partita)) == 10
    assert report(partita)["num_rows_put_aside"] == 4


@pytest.mark.parametrize("name", PACKERS)
def test_any_number_of_threads_puts_the_same_records_aside(partita, name):
    """Many more than fit into a buffer, from files of several segments with line breaks in quotes."""
    text = "id,k,n,note\n" + "".join(
        f'{i},{"ab"[i % 2]},{"bad" if i % 3 == 0 else i},"{"v" * (i % 50)}\n"\n' for i in range(60_000)
    )
    table = declare(partita, name, text)
    files = []
    for threads in (1, 4):
        partita.ok("write", *table, *JOB, "--on-type-mismatch", f"quarantine=bad{threads}", "--mode=overwrite",
                   f"--threads={threads}", "--memory=32MiB")  # fmt: skip
        (path,) = (partita.folder / f"bad{threads}").iterdir()
        files.append(path.read_bytes())
        told = report(partita)
        assert (told["num_rows"], told["num_rows_put_aside"]) == (40_000, 20_000)
    assert files[0] == files[1]
    records = [json.loads(line) for line in files[0].splitlines()]
    assert [record["row"] for record in records] == list(range(1, 60_001, 3))
    assert all(record["line"] == 2 * record["row"] for record in records)
    assert sorted({row["id"] for row in written(partita)} | {record["row"] - 1 for record in records}) == list(
        range(60_000)
    )


@pytest.mark.parametrize(
    "place, words",
    [("file", "this is none"), ("file/below", "this is none"), ("out/bad", "output's folder"), ("in", "read as input")],
)
def test_a_place_that_cannot_be_is_told_before_anything_is_written(partita, place, words):
    (partita.folder / "file").write_text("x")
    put(partita, "in/in.csv", "id,k\n1,a\n")
    outcome = partita("write", "in", *JOB, "--on-type-mismatch", f"quarantine={place}")
    assert outcome.code == 2
    assert words in outcome.stderr and place.split("/")[0] in outcome.stderr
    assert_nothing_written(partita)


def test_a_job_that_fails_leaves_no_quarantine(partita):
    table = declare(partita, text=RECORDS + '8,a,1,"open\n')
    outcome = partita("write", *table, *JOB, "--on-type-mismatch=quarantine=bad")
    assert outcome.code == 3
    assert not (partita.folder / "bad").exists()
    assert_nothing_written(partita)


def test_a_quarantine_without_room_leaves_all_as_it_was(partita, small_disk):
    text = "id,k,n,note\n" + "".join(f"{i},a,bad,{'v' * 100}\n" for i in range(40_000))
    outcome = partita("write", *declare(partita, text=text), *JOB, f"--on-type-mismatch=quarantine={small_disk}/bad")
    assert outcome.code == 4
    assert "could not be written; no output has changed" in outcome.stderr and "No space left" in outcome.stderr
    assert not list(small_disk.iterdir())
    assert not (partita.folder / "out").exists()


@pytest.mark.parametrize("moment", ["staging", "quarantine"])
def test_a_killed_job_leaves_the_whole_file_or_none(partita, moment):
    """Killed while it stages, and as soon as the file can be seen."""
    text = "id,k,n,note\n" + "".join(f"{i},{i % 300},{'bad' if i % 2 else i},{'v' * 40}\n" for i in range(60_000))
    table = declare(partita, text=text)
    process = partita.start("write", *table, *JOB, "--on-type-mismatch=quarantine=bad")
    bad = partita.folder / "bad"
    deadline = time.monotonic() + 60
    seen = (lambda: list(partita.folder.glob(".out.partita/stage-*/*"))) if moment == "staging" else (
        lambda: bad.exists() and os.listdir(bad)
    )  # fmt: skip
    while not seen() and process.poll() is None:
        assert time.monotonic() < deadline
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not bad.exists() or len(os.listdir(bad)) <= 1
    if bad.exists() and os.listdir(bad):
        assert len(put_aside(bad)) == 30_000
    assert moment == "staging" or os.listdir(bad)
    partita.ok("write", *table, *JOB, "--on-type-mismatch=quarantine=again", "--mode=overwrite")
    assert len(put_aside(partita.folder / "again")) == 30_000
    assert len(written(partita)) == 30_000


def test_a_quarantine_on_s3(s3_partita, bucket):
    table = declare(s3_partita)
    outcome = s3_partita("write", *table, *JOB, f"--on-type-mismatch=quarantine={bucket.uri('bad')}")
    assert outcome.code == 0, outcome.stderr
    (key,) = bucket.objects()
    assert key.startswith("bad/quarantine-")
    lines = bucket.get(key).splitlines()
    assert [json.loads(line)["row"] for line in lines] == [3, 4, 5, 6]
    outcome = s3_partita("write", *table, *JOB, "--on-type-mismatch=quarantine=s3://no-such-bucket/x", "--mode=overwrite")
    assert outcome.code == 2
    assert "no-such-bucket" in outcome.stderr
    assert len(written(s3_partita)) == 3


# ---- null


def test_values_that_do_not_fit_become_null(partita):
    table = declare(partita, text=MISFITS)
    outcome = partita("write", *table, *JOB, "--on-type-mismatch=null")
    assert outcome.code == 0, outcome.stderr
    assert written(partita) == [
        {"id": 1, "n": 7, "note": "x"}, {"id": 2, "note": "y"}, {"id": 3, "note": "z"}, {"id": 4, "n": 9, "note": "w"},
    ]  # fmt: skip
    told = report(partita)
    assert (told["num_rows"], told["num_rows_with_nulls"]) == (4, 1)
    assert "--on-type-mismatch null says: 1 row" in outcome.stderr


@pytest.mark.parametrize("record", ["5,a\n", "5,a,1,x,y\n"])
def test_records_of_another_length_stay_errors_beside_nulls(partita, record):
    outcome = partita("write", *declare(partita, text=MISFITS + record), *JOB, "--on-type-mismatch=null")
    assert outcome.code == 3
    assert "row 5 (line 5)" in outcome.stderr and "field" in outcome.stderr
    assert_nothing_written(partita)


@pytest.mark.parametrize("command, rows", [(["count"], "4"), (["count", "--where=n > 8"], "1"), (["scan", "--format=csv"], "2,b,,y")])
def test_reading_commands_make_misfits_null_too(partita, command, rows):
    outcome = partita(*command, *declare(partita, text=MISFITS), "--on-type-mismatch=null")
    assert outcome.code == 0, outcome.stderr
    assert rows in outcome.stdout.splitlines()
    assert "--on-type-mismatch null says: 1 row" in outcome.stderr
    assert "says" not in outcome.stdout


# ---- string


@pytest.mark.parametrize("name", PACKERS)
def test_a_column_with_a_misfit_becomes_one_of_strings(partita, name):
    table = declare(partita, name, text=MISFITS)
    outcome = partita("write", *table, *JOB, "--output", "parquet=pq", "--on-type-mismatch=string")
    assert outcome.code == 0, outcome.stderr
    assert [(row["id"], row.get("n")) for row in written(partita)] == [(1, "007"), (2, "12x"), (3, None), (4, "9")]
    data = pq.read_table(partita.folder / "pq")
    assert (data.schema.field("n").type, data.schema.field("id").type) == (pa.string(), pa.int64())
    (changed,) = report(partita)["retyped_columns"]
    assert (changed["name"], changed["type"]) == ("n", "int")
    assert all(word in changed["reason"] for word in (name, "row 2 (line 2)", "column n", '"12x"'))
    assert "column n is read as strings and not as int" in outcome.stderr and changed["reason"] in outcome.stderr


def test_all_other_columns_keep_their_types_and_values(partita):
    outcome = partita("write", *declare(partita, text="1,a,007,x\n"), *JOB, "--on-type-mismatch=string")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert written(partita) == [{"id": 1, "n": 7, "note": "x"}]
    assert report(partita)["retyped_columns"] == []


def test_a_column_to_partition_by_may_become_one_of_strings(partita):
    partita.ok("write", *declare(partita, text=MISFITS), "--partition-by", "n", "--output", "csv=out", "--on-type-mismatch=string")
    folders = sorted(path.name for path in (partita.folder / "out").iterdir() if path.is_dir())
    assert folders == ["n=007", "n=12x", "n=9", "n=__HIVE_DEFAULT_PARTITION__"]


def test_the_first_misfit_of_the_input_is_told_for_each_column(partita):
    text = "".join(f"{'x' if i == 90_000 else i},a,{'first' if i == 70_000 else 'next' if i > 70_000 else i},v\n" for i in range(100_000))
    table = declare(partita, text=text * 5)
    partita.ok("write", *table, *JOB, "--on-type-mismatch=string", "--threads=4")
    told = {column["name"]: column["reason"] for column in report(partita)["retyped_columns"]}
    assert "row 90001 " in told["id"] and '"x"' in told["id"]
    assert "row 70001 " in told["n"] and '"first"' in told["n"]


def test_dates_of_a_format_that_do_not_fit_stay_as_they_stand(partita):
    table = declare(partita, text="1,31/12/2020\n2,2020-12-31\n", columns="id bigint, day date")
    format_of = ["--read-option", "dateFormat=dd/MM/yyyy"]
    assert partita("count", *table, *format_of, "--where=day IS NULL").code == 3
    out = partita.ok("scan", *table, *format_of, "--on-type-mismatch=string", "--format=csv")
    assert out.splitlines()[1:] == ["1,31/12/2020", "2,2020-12-31"]


@pytest.mark.parametrize(
    "command, expected",
    [
        (["schema"], " |-- n: string (nullable = true)"),
        (["show"], "|  2|  b| 12x|   y|"),
        (["count", "--where=n = '007'"], "1"),
    ],
)
def test_reading_commands_know_columns_of_strings_too(partita, command, expected):
    outcome = partita(*command, *declare(partita, text=MISFITS), "--on-type-mismatch=string")
    assert outcome.code == 0, outcome.stderr
    assert expected in outcome.stdout.splitlines()
    assert "column n is read as strings" in outcome.stderr
    assert "read as strings" not in outcome.stdout


# ---- what does not go together


@pytest.mark.parametrize("how", ["fail", "string", "null", "quarantine=bad"])
def test_a_mode_beside_it_is_refused(partita, how):
    outcome = partita("write", *declare(partita), *JOB, "--on-type-mismatch", how, "--read-option=mode=DROPMALFORMED")
    assert outcome.code == 2
    assert "leave one of them out" in outcome.stderr
    assert_nothing_written(partita)


@pytest.mark.parametrize("command", ["count", "schema", "show", "scan"])
def test_only_a_write_has_a_quarantine(partita, command):
    outcome = partita(command, *declare(partita), "--on-type-mismatch=quarantine=bad")
    assert outcome.code == 2
    assert "only a write puts records aside" in outcome.stderr


@pytest.mark.parametrize("name", ["in.json", "in.parquet"])
@pytest.mark.parametrize("how", ["string", "null", "quarantine=bad"])
def test_other_formats_have_rules_of_their_own(partita, name, how):
    if name == "in.json":
        (partita.folder / name).write_text('{"k": "a", "v": 1}\n')
    else:
        pq.write_table(pa.table({"k": ["a"], "v": [1]}), partita.folder / name)
    outcome = partita("write", name, *JOB, "--on-type-mismatch", how)
    assert outcome.code == 2
    assert "for CSV alone" in outcome.stderr
    assert_nothing_written(partita)
    partita.ok("write", name, *JOB, "--on-type-mismatch=fail")


@pytest.mark.parametrize("how", ["drop", "quarantine", "quarantine="])
def test_a_misspelt_one_is_told(partita, how):
    outcome = partita("write", *declare(partita), *JOB, "--on-type-mismatch", how)
    assert outcome.code == 2
    assert "takes fail, string, null or quarantine=PATH" in outcome.stderr


def test_a_job_file_says_it_too(partita):
    table = declare(partita)
    (partita.folder / "job.toml").write_text(
        f"""[source]
table = "{table[1]}"
on_type_mismatch = "quarantine=bad"
empty_strings = "keep"
options = {{ header = true }}
[write]
partition_by = "k"
[[output]]
format = "json"
path = "out"
"""
    )
    partita.ok("run", "job.toml")
    assert len(put_aside(partita.folder / "bad")) == 4


# ---- empty strings

EMPTY = 'id,k,n,note\n1,a,"",""\n2,a,,\n3,a,3,x\n'


def notes(partita):
    return [(row["id"], row.get("n"), row.get("note")) for row in written(partita)]


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("how, first", [([], None), (["--empty-strings=keep"], ""), (["--empty-strings=null"], None)])
def test_an_empty_string_in_quotes_of_csv(partita, name, how, first):
    table = declare(partita, name, EMPTY)
    partita.ok("write", *table, *JOB, *how)
    assert notes(partita) == [(1, None, first), (2, None, None), (3, 3, "x")]


@pytest.mark.parametrize("how, first", [([], None), (["--empty-strings=keep"], "")])
def test_empty_strings_change_no_type_that_is_found(partita, how, first):
    put(partita, "in.csv", EMPTY)
    partita.ok("write", "in.csv", *JOB, *how)
    assert notes(partita) == [(1, None, first), (2, None, None), (3, 3, "x")]


@pytest.mark.parametrize("how", ["fail", "null", "string", "quarantine=bad"])
def test_empty_strings_are_kept_beside_misfits(partita, how):
    table = declare(partita, text=EMPTY + ("4,a,bad,\"\"\n" if how != "fail" else ""))
    partita.ok("write", *table, *JOB, "--empty-strings=keep", "--on-type-mismatch", how)
    assert [note for _, _, note in notes(partita)][:3] == ["", None, "x"]


@pytest.mark.parametrize("form", ["json", "parquet"])
@pytest.mark.parametrize("how, nulls", [([], 1), (["--empty-strings=keep"], 1), (["--empty-strings=null"], 2)])
def test_empty_strings_of_other_formats(partita, form, how, nulls):
    rows = [{"id": 1, "k": "a", "v": ""}, {"id": 2, "k": "a", "v": None}, {"id": 3, "k": "", "v": "x"}]
    file = f"in.{form}"
    if form == "json":
        (partita.folder / file).write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), partita.folder / file)
    assert partita.ok("count", file, *how, "--where=v IS NULL") == f"{nulls}\n"
    assert partita.ok("count", file, *how, "--where=v = ''") == f"{2 - nulls}\n"
    partita.ok("write", file, *JOB, *how)
    assert sum("v" not in row for row in written(partita)) == nulls
    shown = partita.ok("show", file, *how)
    assert shown.count("NULL") == (3 if nulls == 2 else 1)


def test_statistics_of_parquet_rule_no_empty_string_out(partita):
    """No value of the row group is NULL for Parquet, but all are for us."""
    pq.write_table(pa.table({"k": ["a", "b"], "v": ["", ""]}), partita.folder / "in.parquet")
    assert partita.ok("count", "in.parquet", "--empty-strings=null", "--where=v IS NULL") == "2\n"
    assert partita.ok("count", "in.parquet", "--empty-strings=null", "--where=v IS NOT NULL") == "0\n"


def test_strings_that_are_kept_come_back_from_csv_that_we_wrote(partita):
    pq.write_table(pa.table({"k": ["a"] * 3, "v": ["", None, "x"]}), partita.folder / "in.parquet")
    partita.ok("write", "in.parquet", "--partition-by", "k", "--output", "csv=out")
    lines = partita.ok("scan", "out", "--empty-strings=keep", "--format=json").splitlines()
    assert [json.loads(line).get("_c0") for line in lines] == ["", None, "x"]


@pytest.mark.parametrize(
    "how, option",
    [("keep", "emptyValue=x"), ("null", "emptyValue=x"), ("keep", "nullValue=")],
)
def test_options_that_say_something_else_are_refused(partita, how, option):
    outcome = partita("write", *declare(partita), *JOB, "--empty-strings", how, "--read-option", option)
    assert outcome.code == 2
    assert option.split("=", maxsplit=1)[0] in outcome.stderr and "--empty-strings" in outcome.stderr
    assert_nothing_written(partita)


def test_null_values_beside_kept_strings(partita):
    table = declare(partita, text='id,k,n,note\n1,a,NA,""\n2,a,2,NA\n')
    partita.ok("write", *table, *JOB, "--empty-strings=keep", "--read-option=nullValue=NA")
    assert notes(partita) == [(1, None, ""), (2, 2, None)]
