"""Rows that are not as they should be are dropped or made NULL only where the user says so, and never without a word."""
import gzip
import json

import pytest

RECORDS = "id,k,v\n1,a,x\n2,a\n3,b,y\n4,b,z,w\n5,b,q\n"
DROPPED = "malformed and dropped, as the read option mode=DROPMALFORMED says: 2 rows"
NULLED = "malformed, with NULL for what is missing or does not fit"
JOB = ["--partition-by", "k", "--output", "json=out", "--report", "report.json"]


@pytest.fixture(name="file", params=["in.csv", "in.csv.gz"])
def make_file(partita, request):
    pack = gzip.compress if request.param.endswith(".gz") else bytes
    (partita.folder / request.param).write_bytes(pack(RECORDS.encode()))
    return request.param


def written(partita):
    """The rows of the output by id, the folders' column left out."""
    lines = [line for path in (partita.folder / "out").rglob("*.json") for line in path.read_text().splitlines()]
    return sorted((json.loads(line) for line in lines), key=lambda row: row["id"])


def report(partita):
    return json.loads((partita.folder / "report.json").read_text())


def test_a_malformed_row_is_an_error_unless_something_else_is_said(partita, file):
    outcome = partita("write", file, *JOB)
    assert outcome.code == 3
    assert "row 2 (line 3), column v" in outcome.stderr
    assert not (partita.folder / "out").exists()


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_dropped_rows_are_counted_on_the_terminal_and_in_the_report(partita, file, quiet):
    outcome = partita("write", file, *JOB, "--read-option=mode=DROPMALFORMED", *quiet)
    assert outcome.code == 0
    assert DROPPED in outcome.stderr
    assert written(partita) == [{"id": 1, "v": "x"}, {"id": 3, "v": "y"}, {"id": 5, "v": "q"}]
    told = report(partita)
    assert (told["num_rows"], told["num_rows_dropped"], told["num_rows_with_nulls"]) == (3, 2, 0)
    assert any(DROPPED in warning for warning in told["warnings"])


def test_rows_with_nulls_are_counted_too(partita, file):
    outcome = partita("write", file, *JOB, "--read-option=mode=PERMISSIVE")
    assert outcome.code == 0
    assert NULLED in outcome.stderr
    assert written(partita) == [
        {"id": 1, "v": "x"}, {"id": 2}, {"id": 3, "v": "y"}, {"id": 4, "v": "z"}, {"id": 5, "v": "q"},
    ]  # fmt: skip
    told = report(partita)
    assert (told["num_rows"], told["num_rows_dropped"], told["num_rows_with_nulls"]) == (5, 0, 2)


def test_a_condition_and_dropped_rows_are_told_apart(partita, file):
    partita.ok("write", file, *JOB, "--read-option=mode=DROPMALFORMED", "--where", "id > 1")
    told = report(partita)
    assert (told["num_rows"], told["num_rows_left_out"], told["num_rows_dropped"]) == (2, 1, 2)


@pytest.mark.parametrize("command", [["count"], ["show"], ["scan"], ["scan", "--format=json"], ["count", "--where=id > 0"]])
def test_reading_commands_tell_how_many_were_dropped(partita, file, command):
    outcome = partita(*command, file, "--read-option=mode=DROPMALFORMED")
    assert outcome.code == 0
    assert DROPPED in outcome.stderr
    assert DROPPED not in outcome.stdout
    if command[0] == "count":
        assert outcome.stdout == "3\n"


def test_rows_below_partition_folders_are_dropped_and_counted_too(partita):
    for value in ("x", "y"):
        (partita.folder / f"in/p={value}").mkdir(parents=True)
        (partita.folder / f"in/p={value}/1.csv").write_text(RECORDS)
    partita.ok("write", "in", *JOB, "--read-option=mode=DROPMALFORMED", "--read-option=header=true")
    assert [(row["id"], row["p"]) for row in written(partita)] == [(n, p) for n in (1, 3, 5) for p in "xy"]
    told = report(partita)
    assert (told["num_rows"], told["num_rows_dropped"], told["num_rows_with_nulls"]) == (6, 4, 0)


def test_sound_rows_are_read_without_a_word(partita):
    (partita.folder / "in.csv").write_text("id,k\n1,a\n")
    assert partita("count", "in.csv", "--read-option=mode=PERMISSIVE").stderr == ""


def test_the_text_of_malformed_records_can_be_kept(partita, file):
    options = ["--read-option=mode=PERMISSIVE", "--read-option=columnNameOfCorruptRecord=bad"]
    lines = partita.ok("scan", file, *options, "--format=json").splitlines()
    assert [json.loads(line).get("bad") for line in lines] == [None, "2,a", None, "4,b,z,w", None]
    schema = partita.ok("schema", file, *options)
    assert " |-- bad: string (nullable = true)\n" in schema
    outcome = partita("scan", file, "--read-option=mode=PERMISSIVE", "--read-option=columnNameOfCorruptRecord=V")
    assert outcome.code == 2
    assert "the files have a column of that name" in outcome.stderr


def test_a_crawl_takes_no_malformed_rows(partita, file):
    outcome = partita("crawl", file, "--database", "d", "--read-option=mode=PERMISSIVE")
    assert outcome.code == 2
    assert "mode other than FAILFAST" in outcome.stderr


def test_many_threads_and_segments_count_alike(partita):
    rows = "".join(f"{i},{i % 7},x\n" if i % 10 else f"{i}\n" for i in range(200_000))
    (partita.folder / "in.csv").write_text("id,k,v\n" + rows)
    for threads in (1, 4):
        partita.ok("write", "in.csv", *JOB, "--mode=overwrite", "--read-option=mode=DROPMALFORMED",
                   f"--threads={threads}", "--memory=32MiB")  # fmt: skip
        told = report(partita)
        assert (told["num_rows"], told["num_rows_dropped"]) == (180_000, 20_000)
