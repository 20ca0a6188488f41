"""write reads whatever scan reads: the same rows give the same output, whichever way they lie there."""
import bz2
import gzip
import json
import shutil

import pyarrow
import pyarrow.parquet
import pytest

import readers

WORDS = ["KIA", "a,b", 'say "hi"', "two\nlines", " pad ", "日本", "ends in \\", "50%", "x=y/z", None]
ROWS = [
    {"b": i * 7919 % 1000 - 500, "k": WORDS[i % 10], "n": i / 8 if i % 5 else None, "s": WORDS[i * 3 % 10], "z": 2000 + i % 3}
    for i in range(600)
]
FORMATS = ["parquet", "json", "csv"]


def csv_text(rows, columns) -> str:
    def field(value):
        text = "" if value is None else str(value)
        return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text

    lines = [",".join(columns)] + [",".join(field(row[column]) for column in columns) for row in rows]
    return "\n".join(lines) + "\n"


def json_text(rows, columns) -> str:
    return "".join(
        json.dumps({c: row[c] for c in columns if row[c] is not None}, ensure_ascii=False) + "\n" for row in rows
    )


def write_parquet(rows, columns, path):
    types = {"b": pyarrow.int64(), "k": pyarrow.string(), "n": pyarrow.float64(), "s": pyarrow.string(), "z": pyarrow.int64()}
    schema = pyarrow.schema([(column, types[column]) for column in columns])
    table = pyarrow.Table.from_pylist([{c: row[c] for c in columns} for row in rows], schema)
    pyarrow.parquet.write_table(table, path, row_group_size=100)


def zstd(text: str) -> bytes:
    return pyarrow.Codec("zstd").compress(text.encode(), asbytes=True)


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def lay_out(kind: str, folder) -> list:
    """The rows as one kind of input; what a command line says of it."""
    columns = list(ROWS[0])
    thirds = [ROWS[:200], ROWS[200:201], ROWS[201:]]
    if kind == "csv":
        put(folder / "in.csv", csv_text(ROWS, columns))
        return ["in.csv"]
    if kind == "json":
        for i, part in enumerate(thirds):
            put(folder / f"in/{i}.json", json_text(part, columns))
    elif kind == "parquet":
        (folder / "in").mkdir()
        for i, part in enumerate(thirds):
            write_parquet(part, columns, folder / f"in/{i}.parquet")
    elif kind.startswith("csv."):
        pack = {"gz": lambda t: gzip.compress(t.encode()), "bz2": lambda t: bz2.compress(t.encode()), "zst": zstd}
        for i, part in enumerate(thirds):
            put(folder / f"in/{i}.{kind}", pack[kind[4:]](csv_text(part, columns)))
    elif kind == "json.gz":
        text = json_text(ROWS, columns)
        put(folder / "in.json.gz", gzip.compress(text[:5000].encode()) + gzip.compress(text[5000:].encode()))
        return ["in.json.gz"]
    elif kind.startswith("hive "):
        for value in sorted({row["z"] for row in ROWS}):
            rows, below = [row for row in ROWS if row["z"] == value], folder / f"in/z={value}"
            below.mkdir(parents=True)
            if kind == "hive parquet":
                write_parquet(rows, columns[:-1], below / "a.parquet")
            elif kind == "hive json":
                put(below / "a.json", json_text(rows, columns[:-1]))
            else:
                put(below / "a.csv", csv_text(rows, columns[:-1]))
        return ["in", "--read-option", "header=true", "--read-option", 'escape="'] if kind == "hive csv" else ["in"]
    return ["in"]


KINDS = ["json", "parquet", "csv.gz", "csv.bz2", "csv.zst", "json.gz", "hive csv", "hive json", "hive parquet"]


def write(partita, source, *more) -> str:
    outputs = [part for name in FORMATS for part in ("--output", f"{name}=out/{name}")]
    return partita.ok("write", *source, "--partition-by", "k", *outputs, "--option", "csv.header=true",
                      "--mode", "overwrite", *more)  # fmt: skip


def written(partita) -> dict:
    return {name: readers.rows_by_folder(partita.folder / "out" / name, name) for name in FORMATS}


@pytest.fixture(scope="module")
def expected(shared_partita):
    """What the fast path makes of plain CSV."""
    write(shared_partita, lay_out("csv", shared_partita.folder))
    return written(shared_partita)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_rows_give_the_same_output_from_every_kind_of_input(partita, expected, kind, threads):
    said = write(partita, lay_out(kind, partita.folder), "--threads", threads)
    assert "600 rows" in said
    assert written(partita) == expected


@pytest.mark.parametrize("kind", ["json", "parquet", "hive parquet", "hive json"])
def test_spark_writes_the_same_of_the_same_input(partita, spark, kind):
    source = lay_out(kind, partita.folder)
    write(partita, source)
    frame = spark.read.format(kind.split()[-1]).load(str(partita.folder / source[0]))
    for name in FORMATS:
        path = partita.folder / "spark" / name
        frame.write.partitionBy("k").format(name).option("header", "true").option(
            "ignoreLeadingWhiteSpace", "false").option("ignoreTrailingWhiteSpace", "false").save(str(path))  # fmt: skip
        theirs = readers.rows_by_folder(path, name)
        assert readers.rows_by_folder(partita.folder / "out" / name, name) == theirs


@pytest.mark.parametrize("kind", KINDS)
def test_conditions_and_selected_columns_hold_for_every_kind(partita, kind):
    source = lay_out(kind, partita.folder)
    write(partita, source, "--where", "z = 2001 AND b > 0", "--select", "K,s", "--report", "report.json")
    wanted = [row for row in ROWS if row["z"] == 2001 and row["b"] > 0]
    report = json.loads((partita.folder / "report.json").read_text())
    assert report["num_rows"] == len(wanted)
    out = {path: rows for path, rows in readers.rows_by_folder(partita.folder / "out/json", "json").items()}
    texts = [json.loads(text).get("s") for rows in out.values() for text in rows.elements()]
    assert sorted(texts, key=str) == sorted((row["s"] for row in wanted), key=str)
    assert all(set(json.loads(text)) <= {"s"} for rows in out.values() for text in rows)
    # Of folders only those that can match are read.
    assert report["num_rows_left_out"] == (200 if kind.startswith("hive") else 600) - len(wanted)


def test_a_dry_run_a_job_file_and_the_history_take_them_too(partita):
    lay_out("hive json", partita.folder)
    dry = write(partita, ["in"], "--dry-run")
    assert "600 rows" in dry and not (partita.folder / "out").exists()
    (partita.folder / "job.toml").write_text(
        '[source]\npaths = "in"\nwhere = "z = 2002"\n[write]\npartition_by = "k"\n'
        '[[output]]\nformat = "json"\npath = "out"\n'
    )
    partita.ok("run", "job.toml")
    assert partita.ok("count", "out") == "200\n"
    (run,) = json.loads(partita.ok("runs", "--json"))
    assert run["read_as"] == "JSON: 4 columns, 1 more from folder names"
    assert run["num_rows"] == 200


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("codec", ["none", "gzip"])
def test_a_table_that_a_write_has_registered_is_the_input_of_the_next(partita, file_format, codec):
    lay_out("csv", partita.folder)
    partita.ok("write", "in.csv", "--partition-by", "z", "--output", f"{file_format}=first",
               "--option", f"{file_format}.compression={codec}", "--register", "d.t")  # fmt: skip
    partita.ok("write", "--table", "d.t", "--partition-by", "k", "--output", "json=out", "--where", "z <> 2000")
    assert partita.ok("count", "out") == "400\n"
    rows = readers.rows_by_folder(partita.folder / "out", "json")
    assert {json.loads(text)["z"] for counts in rows.values() for text in counts} == {2001, 2002}


@pytest.mark.parametrize("codec", ["gzip", "bzip2", "deflate"])
@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_what_write_compresses_every_command_reads_back(partita, file_format, codec):
    lay_out("csv", partita.folder)
    partita.ok("write", "in.csv", "--partition-by", "z", "--output", f"{file_format}=out",
               "--option", f"{file_format}.compression={codec}")  # fmt: skip
    assert partita.ok("count", "out") == "600\n"
    rows = partita.ok("scan", "out", "--select", "z", "--where", "z = 2001", "--format", "csv").splitlines()
    assert rows == ["z"] + ["2001"] * 200
    assert "z: integer" in partita.ok("schema", "out")
    assert "only showing top 3 rows" in partita.ok("show", "-n", 3, "out")
    assert "600 rows" in partita.ok("verify", "out")
    shutil.rmtree(partita.folder / ".out.partita")
    assert "600 rows" in partita.ok("verify", "out")  # now by reading every file


def test_a_row_of_a_file_that_cannot_be_written_is_named(partita):
    text = json_text(ROWS[:3], ["b"]) + '{"b": 1, "k": "__HIVE_DEFAULT_PARTITION__"}\n'
    put(partita.folder / "in/a.json", '{"k": "x"}\n')
    put(partita.folder / "in/b.json", text)
    outcome = partita("write", "in", "--partition-by", "k", "--output", "json=out")
    assert outcome.code == 3
    assert f"{partita.folder}/in/b.json, row 4, column k" in outcome.stderr
    assert not (partita.folder / "out").exists()


def test_formats_that_are_mixed_are_refused(partita):
    put(partita.folder / "in/a.csv", "k,v\n1,2\n")
    put(partita.folder / "in/b.json", '{"k": 1, "v": 2}\n')
    outcome = partita("write", "in", "--partition-by", "k", "--output", "csv=out")
    assert outcome.code == 3
    assert "one format" in outcome.stderr and "b.json" in outcome.stderr


def test_spark_and_we_read_compressed_text_alike(partita, spark):
    text = csv_text([row for row in ROWS if row["k"]], ["b", "k", "n"])
    half = len(text) // 2
    parts = {
        "members.csv.gz": b"".join(gzip.compress(part.encode()) for part in (text[:half], "", text[half:])),
        "streams.csv.bz2": b"".join(bz2.compress(part.encode()) for part in (text[:half], text[half:])),
    }
    for name, content in parts.items():
        put(partita.folder / name, content)
        theirs = spark.read.csv(str(partita.folder / name), header=True, escape='"', multiLine=True).count()
        assert partita.ok("count", name) == f"{theirs}\n"


@pytest.mark.parametrize("command", ["count", "write"])
def test_damaged_compressed_files_are_named_with_the_byte(partita, command):
    whole = gzip.compress(csv_text(ROWS, list(ROWS[0])).encode())
    put(partita.folder / "in/a.csv.gz", whole)
    more = ["--partition-by", "k", "--output", "csv=out"] if command == "write" else []
    for content, parts in {
        whole[: len(whole) // 2]: ["cut off", str(len(whole) // 2)],
        whole + b"garbage": ["something else", f"byte {len(whole)}"],
        whole[:500] + b"\0" * 40 + whole[540:]: ["damaged"],
        b"b,k,n,s,z\n1,x,2,y,3\n": ["not gzip", "as its name says"],
    }.items():
        put(partita.folder / "in/b.csv.gz", content)
        outcome = partita(command, "in", *more)
        assert outcome.code == 3
        for part in ["in/b.csv.gz", *parts]:
            assert part in outcome.stderr
        assert not (partita.folder / "out").exists()
    put(partita.folder / "in/b.csv", whole)
    (partita.folder / "in/b.csv.gz").unlink()
    outcome = partita(command, "in", *more)
    assert outcome.code == 3
    assert "in/b.csv" in outcome.stderr and "gzip" in outcome.stderr


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.json.gz"])
def test_a_bomb_is_refused_unless_it_is_allowed(partita, name):
    text = ("k,v\n" + "1,2\n" * 2_000_000) if "csv" in name else '{"k": 1}\n' * 1_000_000
    put(partita.folder / name, gzip.compress(text.encode()))
    assert int(partita.ok("count", name)) in (1_000_000, 2_000_000)
    outcome = partita("count", name, "--read-option", "maxUnpackedBytes=5000000")
    assert outcome.code == 3
    assert name in outcome.stderr and "maxUnpackedBytes" in outcome.stderr
    assert int(partita.ok("count", name, "--read-option", f"maxUnpackedBytes={len(text)}")) > 0
    wrong = partita("count", name, "--read-option", "maxUnpackedBytes=lots")
    assert wrong.code == 2


def test_a_crawl_reads_compressed_csv(partita):
    lay_out("csv.gz", partita.folder)
    partita.ok("crawl", "in", "--database", "d")
    assert partita.ok("count", "--table", "d.in") == "600\n"
    assert "b: long" in partita.ok("schema", "--table", "d.in")
    partita.ok("write", "--table", "d.in", "--partition-by", "k", "--output", "json=out")
    assert partita.ok("count", "out") == "600\n"


def test_many_small_compressed_files_are_one_data_set(partita, spark):
    for i in range(1200):
        put(partita.folder / f"in/{i:05}.csv.gz", gzip.compress(f"k,v\n{i % 7},{i}\n".encode()))
    assert partita.ok("count", "in") == "1200\n"
    partita.ok("write", "in", "--partition-by", "k", "--output", "csv=out")
    total = spark.read.csv(str(partita.folder / "out")).selectExpr("sum(cast(_c0 as int))").first()[0]
    assert total == sum(range(1200))
