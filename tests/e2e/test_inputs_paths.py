"""Paths of inputs: several, patterns as Hadoop reads them, very many files, and those that lead astray."""
import csv
import gzip
import io
import itertools
import json
import os

import pyarrow
import pyarrow.parquet
import pytest

JOB = ["--partition-by", "k", "--output", "csv=out", "--mode", "overwrite"]


def put(partita, *names):
    for name in names:
        path = partita.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"k,v\n1,{name}\n")


def values(partita, *paths) -> list:
    """Which files are read, in order."""
    return [line.split(",")[1] for line in partita.ok("scan", *paths, "--format", "csv").splitlines()[1:]]


NAMES = [
    "in/2023-12/a.csv", "in/2024-01/a.csv", "in/2024-01/b.csv", "in/2024-01/_b.csv", "in/2024-01/.b.csv",
    "in/2024-02/ab.csv", "in/2024-02/d-1.csv", "in/nested/deep/x.csv", "in/2024.csv",
]  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        "in/2024-*/*.csv", "in/2024-*", "in/*/a.csv", "in/*/?.csv", "in/20??-[01]?/*", "in/2024-0[^1]/*.csv",
        "in/2024-0[2-9]/[a-c]*.csv", "in/{2024-01,2024-02}/{a,ab}.csv", "in/{2024-01/{a,b},2023-12/a}.csv",
        "in/2024-0{1,2,3}", "in/{2024,2025}.csv", "i*/2024-01/b.csv", "in/*/*/x.csv", "in/2024-02/d\\-1.csv",
    ],  # fmt: skip
)  # fmt: skip
def test_a_pattern_stands_for_the_files_that_spark_reads(partita, spark, pattern):
    put(partita, *NAMES)
    frame = spark.read.csv(str(partita.folder / pattern), header=True)
    assert sorted(values(partita, pattern)) == sorted(row.v for row in frame.collect())


def test_every_command_takes_several_paths_and_patterns(partita):
    put(partita, *NAMES)
    paths = ["in/2024-01", "in/2023-*/*.csv"]
    assert values(partita, *paths) == ["in/2024-01/a.csv", "in/2024-01/b.csv", "in/2023-12/a.csv"]
    assert partita.ok("count", *paths) == "3\n"
    assert "only showing top 1 row" in partita.ok("show", "-n", 1, *paths)
    assert "v: string" in partita.ok("schema", *paths)
    assert "3 rows" in partita.ok("write", *paths, *JOB)
    (partita.folder / "job.toml").write_text(
        '[source]\npaths = ["in/2024-*/*b.csv"]\n[write]\npartition_by = "k"\nmode = "overwrite"\n'
        '[[output]]\nformat = "csv"\npath = "out"\n'
    )
    partita.ok("run", "job.toml")
    assert partita.ok("count", "out") == "2\n"


def test_a_path_that_is_there_is_no_pattern(partita):
    put(partita, "in/[ab].csv", "in/a.csv", "in/b*/x.csv", "in/bb/y.csv")
    assert values(partita, "in/[ab].csv") == ["in/[ab].csv"]
    assert values(partita, "in/b*") == ["in/b*/x.csv"]
    assert values(partita, "in/b[b]") == ["in/bb/y.csv"]


@pytest.mark.parametrize("command", ["count", "write"])
def test_a_pattern_that_matches_nothing_is_told(partita, command):
    put(partita, "in/a.csv")
    more = JOB if command == "write" else []
    outcome = partita(command, "in/*.json", *more)
    assert outcome.code == 2
    assert "no file or folder matches in/*.json" in outcome.stderr
    assert partita(command, "in/a.csv", "other/*", *more).code == 2
    broken = partita(command, "in/{a.csv", *more)
    assert broken.code == 2 and "in/{a.csv" in broken.stderr


def test_folders_above_a_pattern_are_no_columns_and_those_below_are(partita):
    put(partita, "in/y=1/m=1/a.csv", "in/y=1/m=2/a.csv", "in/y=2/m=1/a.csv")
    header = ["--read-option", "header=true"]
    assert partita.ok("scan", "in/y=*", *header, "--format", "csv", "--select", "m").split() == ["m", "1", "2", "1"]
    outcome = partita("scan", "in/y=*", *header, "--select", "y")
    assert outcome.code == 2 and "y" in outcome.stderr


def test_an_output_within_what_a_pattern_matches_is_refused(partita):
    put(partita, "in/a/x.csv", "in/b/x.csv")
    outcome = partita("write", "in/*", "--partition-by", "k", "--output", "csv=in/a/out")
    assert outcome.code == 2 and "input" in outcome.stderr
    assert not (partita.folder / "in/a/out").exists()


def test_patterns_match_objects(s3_partita, bucket):
    for name in ["in/2024-01/a.csv", "in/2024-02/b.csv", "in/2024-02/_c.csv", "in/2023/c.csv"]:
        bucket.put(name, f"k,v\n1,{name}\n".encode())
    pattern = bucket.uri("in/2024-*/*.csv")
    assert values(s3_partita, pattern) == ["in/2024-01/a.csv", "in/2024-02/b.csv"]
    s3_partita.ok("write", pattern, bucket.uri("in/20?3"), *JOB)
    assert s3_partita.ok("count", "out") == "3\n"
    outcome = s3_partita("count", bucket.uri("in/*.json"))
    assert outcome.code == 2 and "no file or folder matches" in outcome.stderr


def test_links_that_lead_in_circles_are_told(partita):
    put(partita, "in/a.csv", "in/deep/b.csv")
    os.symlink(partita.folder / "in", partita.folder / "in/deep/back")
    for command in (["count", "in"], ["write", "in", *JOB], ["count", "i*"]):
        outcome = partita(*command)
        assert outcome.code == 3
        assert "a link leads back" in outcome.stderr
    assert not (partita.folder / "out").exists()


def test_a_folder_of_very_many_files_is_read_within_its_memory(partita):
    folder = partita.folder / "in"
    folder.mkdir()
    for i in range(100_000):
        (folder / f"{i:06}.json").write_bytes(b'{"k":%d,"v":%d}\n' % (i % 3, i))
    assert partita.ok("count", "in", timeout=900) == "100000\n"
    partita.ok("write", "in", *JOB, "--memory", "64MiB", timeout=900)
    assert partita.ok("count", "out") == "100000\n"


@pytest.mark.parametrize("command", ["count", "write"])
def test_a_json_array_over_several_lines_tells_what_to_do(partita, command):
    (partita.folder / "a.json").write_text('[\n  {"k": 1},\n  {"k": 2}\n]\n')
    more = JOB if command == "write" else []
    outcome = partita(command, "a.json", *more)
    assert outcome.code == 3
    assert "a.json, line 1" in outcome.stderr and "jq -c" in outcome.stderr


def test_a_file_that_cannot_be_opened_fails_the_job_by_its_name(partita):
    (partita.folder / "in").mkdir()
    for i in range(5):
        (partita.folder / f"in/{i}.json").write_text('{"k": 1, "v": 2}\n')
    os.remove(partita.folder / "in/2.json")
    os.symlink("/no/such/file", partita.folder / "in/2.json")
    for command in (["count", "in"], ["write", "in", *JOB]):
        outcome = partita(*command)
        assert outcome.code in (2, 3, 4)
        assert "/no/such/file" in outcome.stderr or "2.json" in outcome.stderr
    assert not (partita.folder / "out").exists()


# ---- Files that cannot be read


def fill(folder, kind: str):
    """Five files of a row each, of which numbers 1 and 3 are cut off; the names of these."""
    folder.mkdir()
    for i in range(5):
        path = folder / f"{i}.{kind}"
        if kind == "parquet":
            pyarrow.parquet.write_table(pyarrow.table({"k": [1], "v": [i]}), path)
        else:
            text = f"k,v\n1,{i}\n" if kind == "csv.gz" else f'{{"k": 1, "v": {i}}}\n'
            path.write_bytes(gzip.compress(text.encode()))
        if i in (1, 3):
            path.write_bytes(path.read_bytes()[:-5])
    return [f"{folder.name}/{i}.{kind}" for i in (1, 3)]


@pytest.mark.parametrize("kind", ["csv.gz", "json.gz", "parquet"])
def test_a_file_that_cannot_be_read_is_an_error(partita, kind):
    broken = fill(partita.folder / "in", kind)
    for command in (["count", "in"], ["scan", "in", "--format", "json"], ["write", "in", *JOB]):
        outcome = partita(*command)
        assert outcome.code == 3 and broken[0] in outcome.stderr
    assert not (partita.folder / "out").exists()


@pytest.mark.parametrize("kind", ["csv.gz", "json.gz", "parquet"])
def test_files_that_cannot_be_read_are_left_out_where_the_user_says_so(partita, kind):
    broken = fill(partita.folder / "in", kind)
    for command in ("count", "scan", "show", "schema"):
        outcome = partita(command, "in", "--skip-unreadable")
        assert outcome.code == 0
        told = [line for line in outcome.stderr.splitlines() if "left out" in line]
        assert len(told) == 2 and all(name in line for name, line in zip(broken, told))
    assert partita.ok("count", "in", "--skip-unreadable") == "3\n"
    outcome = partita("write", "in", *JOB, "--skip-unreadable", "--report", "report.json")
    assert outcome.code == 0
    report = json.loads((partita.folder / "report.json").read_text())
    assert len(report["warnings"]) == 2
    assert all(name in line for name, line in zip(broken, report["warnings"]))
    assert all(name in outcome.stderr for name in broken)
    rows = [json.loads(line) for line in partita.ok("scan", "out", "--format", "json").splitlines()]
    assert sorted(int(row["_c0"]) for row in rows) == [0, 2, 4]


def test_where_no_file_can_be_read_that_is_an_error(partita):
    fill(partita.folder / "in", "csv.gz")
    for path in (partita.folder / "in").iterdir():
        path.write_bytes(b"no")
    for command in (["count", "in"], ["write", "in", *JOB]):
        outcome = partita(*command, "--skip-unreadable")
        assert outcome.code == 3 and "no file of 5 can be read" in outcome.stderr
    assert not (partita.folder / "out").exists()


def test_broken_rows_are_errors_also_where_unreadable_files_are_skipped(partita):
    put(partita, "in/a.csv", "in/b.csv")
    assert partita.ok("count", "in", "--skip-unreadable") == partita.ok("count", "in")
    (partita.folder / "in/b.csv").write_text("k,v\n1\n")
    outcome = partita("count", "in", "--skip-unreadable")
    assert outcome.code == 3 and "in/b.csv, row 1" in outcome.stderr


def test_a_crawl_leaves_out_no_file_unless_it_is_named(partita):
    put(partita, "in/a.csv")
    outcome = partita("crawl", "in", "--database", "d", "--read-option", "ignoreCorruptFiles=true")
    assert outcome.code == 2 and "ignoreCorruptFiles" in outcome.stderr



ORDERED = {
    "a.csv": "k,v,note\n1,x,\"two,words\"\n2,,\n",
    "b.csv": "Note,k,v\n\"three, more\",3,y\n,4,\n",
    "c.csv": "v,note,k\nz,\"two\nlines\",5\n",
}
ORDERED_ROWS = [("1", "x", "two,words"), ("2", "", ""), ("3", "y", "three, more"), ("4", "", ""), ("5", "z", "two\nlines")]


def put_ordered(partita, ending: str):
    (partita.folder / "in").mkdir()
    for name, text in ORDERED.items():
        data = gzip.compress(text.encode()) if ending else text.encode()
        (partita.folder / "in" / (name + ending)).write_bytes(data)


def rows_of(partita, *arguments) -> list:
    text = partita.ok("scan", *arguments, "--format", "csv", "--select", "k,v,note")
    return sorted(tuple(row) for row in list(csv.reader(io.StringIO(text)))[1:])


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("options", [[], ["--read-option", "mode=PERMISSIVE"], ["--read-option", "escape=\\"]])
def test_columns_in_another_order_are_found_by_the_header(partita, ending, options):
    put_ordered(partita, ending)
    assert rows_of(partita, "in", *options) == ORDERED_ROWS
    assert partita.ok("count", "in", *options) == "5\n"
    partita.ok("write", "in", "--partition-by", "k", "--output", "json=out", *options)
    assert rows_of(partita, "out") == ORDERED_ROWS


def test_a_table_of_the_catalog_is_read_by_each_files_header(partita):
    put_ordered(partita, "")
    partita.ok("crawl", "in/a.csv", "--database", "d", "--table", "t")
    for name in ("b.csv", "c.csv"):
        (partita.folder / "in" / name).rename(partita.folder / "in" / f"later_{name}")
    (partita.folder / "in/a.csv").write_text(ORDERED["b.csv"])
    assert rows_of(partita, "--table", "d.t") == [("3", "y", "three, more"), ("4", "", "")]


def test_wrong_rows_of_a_file_in_another_order_name_their_column(partita):
    put_ordered(partita, "")
    partita.ok("crawl", "in/a.csv", "--database", "d", "--table", "t")
    (partita.folder / "in/a.csv").write_text("v,note,k\nx,y,1\nx,y,soon\n")
    outcome = partita("scan", "--table", "d.t")
    assert outcome.code == 3 and "row 2 (line 3), column k" in outcome.stderr and "soon" in outcome.stderr
    (partita.folder / "in/a.csv").write_text("v,note,k\nx,y,1\nx,y\n")
    outcome = partita("scan", "--table", "d.t")
    assert outcome.code == 3 and "row 2 (line 3), column k: the row ends after 2 of 3 fields" in outcome.stderr


def test_columns_go_by_position_where_the_user_says_so(partita):
    put_ordered(partita, "")
    partita.ok("crawl", "in/a.csv", "--database", "d", "--table", "t", "--read-option", "inferSchema=false")
    (partita.folder / "in/a.csv").write_text("v,note,k\nx,y,1\n")
    by_position = ["--table", "d.t", "--read-option", "enforceSchema=true"]
    assert rows_of(partita, *by_position) == [("x", "y", "1")]


ODD_ROWS = [{"k": k, "v": v, "n": n} for k in ("x", "", '""', "NA") for v in ("y", "", '""', "NA") for n in ("1", "", '""', "NA")]
ODD_OPTIONS = [[], ["--read-option", "nullValue=NA"], ["--empty-strings", "keep"], ["--read-option", "mode=PERMISSIVE"]]


def csv_in_order(rows, names) -> str:
    return "".join(",".join(row[name] for name in names) + "\n" for row in [{name: name for name in names}, *rows])


@pytest.mark.parametrize("options", ODD_OPTIONS)
def test_every_order_of_columns_gives_the_same_rows(partita, options):
    """NULL and the empty string, at the begin and the end of records too."""
    no_number = '""' if "nullValue=NA" in options else "NA"
    rows = [row for row in ODD_ROWS if row["n"] != no_number]
    (partita.folder / "t.csv").write_text("k,v,n\na,b,1\n")
    partita.ok("crawl", "t.csv", "--database", "d", "--table", "t")
    seen = set()
    for names in itertools.permutations("kvn"):
        (partita.folder / "t.csv").write_text(csv_in_order(rows, names))
        seen.add(partita.ok("scan", "--table", "d.t", "--format", "json", *options))
    assert len(seen) == 1 and seen.pop().count("\n") == len(rows)


@pytest.mark.parametrize("options", ODD_OPTIONS[:3])
@pytest.mark.parametrize("record", ["NA", '""', "x"])
def test_a_record_of_one_field_is_an_error_in_every_order(partita, options, record):
    (partita.folder / "t.csv").write_text("k,v,n\na,b,1\n")
    partita.ok("crawl", "t.csv", "--database", "d", "--table", "t")
    for names in itertools.permutations("kvn"):
        (partita.folder / "t.csv").write_text(csv_in_order(ODD_ROWS[:1], names) + record + "\n")
        outcome = partita("scan", "--table", "d.t", *options)
        assert outcome.code == 3 and "row 2 (line 3)" in outcome.stderr and "ends after 1 of 3 fields" in outcome.stderr


def test_bare_files_of_other_names_go_by_position_where_the_user_says_so(partita):
    (partita.folder / "in").mkdir()
    (partita.folder / "in/a.csv").write_text("k,v\n1,x\n")
    (partita.folder / "in/b.csv").write_text("id,word\n2,y\n")
    text = partita.ok("scan", "in", "--format", "csv", "--read-option", "enforceSchema=true")
    assert text == "k,v\n1,x\n2,y\n"


def test_several_paths_are_not_one_table_by_name(partita):
    (partita.folder / "a.csv").write_text("k,v\n1,x\n")
    (partita.folder / "b.csv").write_text("k,v\n2,y\n")
    outcome = partita("crawl", "a.csv", "b.csv", "--database", "d", "--table", "t")
    assert outcome.code == 3 and "a.csv" in outcome.stderr and "b.csv" in outcome.stderr
    assert partita("catalog", "show", "d.t").code == 2


def test_a_single_column_is_read_compressed_too(partita):
    (partita.folder / "in.csv.gz").write_bytes(gzip.compress(b"a\n1\n2\n"))
    assert partita.ok("scan", "in.csv.gz", "--format", "csv") == "a\n1\n2\n"


def test_files_in_several_orders_are_crawled_as_several_tables(partita):
    put_ordered(partita, "")
    partita.ok("crawl", "in", "--database", "d")
    assert partita.ok("catalog", "tables", "d").count("_csv") == 3


def test_a_line_of_a_gigabyte_is_refused_within_the_memory(partita):
    path = partita.folder / "in.csv"
    path.write_text("k,v\n1,a\n2,")
    with path.open("r+b") as file:
        file.truncate(1 << 30)
    outcome = partita("write", "in.csv", *JOB, "--memory", "64MiB")
    assert outcome.code == 3
    assert "in.csv, row 2 (line 3)" in outcome.stderr and "longer than 64 MiB" in outcome.stderr
    assert not (partita.folder / "out").exists()
