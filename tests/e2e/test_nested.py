"""Structs, arrays and maps: written to JSON and Parquet as Spark writes them, refused where there is no way."""
import collections
import json

import duckdb
import pyarrow
import pyarrow.parquet
import pytest

import readers
from spark_output import sorted_lines, table, tree

NASTY = ['a,b', 'say "hi"', "two\nlines", "", "back\\slash", "日本 😀", "(1:2[-", None]


def json_rows(count: int):
    """Rows of every shape that JSON has, some members missing, some NULL, some empty."""
    for i in range(count):
        row = {"id": i, "k": f"k{i % 5}"}
        if i % 4:
            row["who"] = {"name": NASTY[i % 8], "age": i % 90 if i % 3 else None, "at": {"x": i / 8, "ok": i % 2 == 0}}
        if i % 3:
            row["tags"] = [NASTY[(i + j) % 8] for j in range(i % 4)]
        if i % 5:
            row["visits"] = [{"n": j, "of": [{"t": NASTY[j], "w": [j] * j}] * (j % 3)} for j in range(i % 3)] + [None] * (i % 2)
        row["grid"] = [[i, None], [], None] if i % 7 else None
        yield row


QUERY = """
  select id, concat('k', id % 5) k,
    if(id % 4 = 0, null, named_struct('d', date_add(date'2020-01-01', int(id)), 't', timestamp_micros(id * 123456789),
      'z', cast(timestamp_micros(id) as timestamp_ntz), 'q', cast(id / 7 as decimal(20, 6)), 'w', cast(0 as decimal(20, 18)),
      'b', cast(concat('\\\\x00', id) as binary), 'f', cast(id as float) / 3, 'y', cast(id % 100 as byte))) st,
    if(id % 3 = 0, map(), map(concat('a"', id), id, 'z', null)) m,
    map(cast(id as int), map('u', array(named_struct('v', if(id % 2 = 0, null, id)), null))) mm,
    map(date'2020-01-02', array(double('nan'), 1.5D, null)) md,
    map(timestamp'2020-01-02 03:04:05.123456', true) mt, map(cast(1.50 as decimal(10, 2)), 1) mq,
    if(id % 6 = 0, null, array(array(), array(id, null), null)) aa
  from range({count})
"""


@pytest.fixture(name="inputs", scope="module")
def make_inputs(spark, tmp_path_factory):
    """The same folder for all tests: nested JSON lines, and nested Parquet that Spark wrote."""
    folder = tmp_path_factory.mktemp("nested")
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in json_rows(700)]
    (folder / "json").mkdir()
    (folder / "json/a.json").write_text("".join(lines[:300]), encoding="utf-8")
    (folder / "json/b.json").write_text("".join(lines[300:]), encoding="utf-8")
    spark.sql(QUERY.format(count=500)).coalesce(1).write.parquet(str(folder / "parquet"))
    return folder


def write(partita, source, *more):
    return partita.ok("write", source, "--partition-by", "k", "--output", "parquet=out/parquet",
                      "--output", "json=out/json", *more)  # fmt: skip


def assert_as_spark(partita, spark, frame, json_options=(), parquet_options=()):
    """What we wrote to out/ is what Spark writes: lines byte for byte, rows, and the schema Spark reads back."""
    theirs = partita.folder / "spark"
    for name, options in (("json", json_options), ("parquet", parquet_options)):
        frame.write.partitionBy("k").options(**dict(options)).format(name).save(str(theirs / name))
        ours = partita.folder / "out" / name
        assert readers.rows_by_folder(ours, name) == readers.rows_by_folder(theirs / name, name)
        mine, his = (spark.read.format(name).load(str(path)) for path in (ours, theirs / name))
        assert tree(mine) == tree(his)
        assert collections.Counter(mine.toJSON().collect()) == collections.Counter(his.toJSON().collect())


@pytest.mark.parametrize("kind", ["json", "parquet"])
@pytest.mark.parametrize("threads", [1, 2])
def test_spark_writes_the_same_of_the_same_nested_input(partita, spark, inputs, kind, threads):
    write(partita, inputs / kind, "--threads", threads)
    assert_as_spark(partita, spark, spark.read.format(kind).load(str(inputs / kind)))


@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_options_hold_within_nested_values(partita, spark, inputs, kind):
    write(partita, inputs / kind, "--option", "json.ignoreNullFields=false", "--option",
          "parquet.outputTimestampType=TIMESTAMP_MICROS", "--option", "parquet.compression=zstd",
          "--option", "parquet.parquet.page.row.count.limit=3")  # fmt: skip
    spark.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    try:
        assert_as_spark(partita, spark, spark.read.format(kind).load(str(inputs / kind)),
                        {"ignoreNullFields": "false"}.items(), {"compression": "zstd"}.items())  # fmt: skip
    finally:
        spark.conf.unset("spark.sql.parquet.outputTimestampType")


@pytest.mark.parametrize("kind", ["json", "parquet"])
def test_what_was_written_is_read_back_by_every_command(partita, spark, inputs, kind):
    write(partita, inputs / kind)
    for name in ("parquet", "json"):
        out = partita.folder / "out" / name
        frame = spark.read.format(name).load(str(out))
        assert partita.ok("schema", out) == tree(frame)
        shown = partita.ok("show", "-n", 1000, "--truncate", 0, out)
        assert sorted_lines(shown) == sorted_lines(table(frame, 1000, 0))
        assert partita.ok("count", out) == f"{frame.count()}\n"
        assert f"{frame.count()} rows" in partita.ok("verify", out)
    # And once more from there: the same rows.
    partita.ok("write", "out/parquet", "--partition-by", "k", "--output", "json=again/json", "--output", "parquet=again/parquet")
    for name in ("parquet", "json"):
        assert readers.rows_by_folder(partita.folder / "again" / name, name) == readers.rows_by_folder(
            partita.folder / "out" / name, name
        )


def test_duckdb_reads_the_same_values(partita, inputs):
    write(partita, inputs / "json")
    rows = duckdb.sql(
        f"select id, who.at.x, len(tags), visits[1].n from read_parquet('{partita.folder}/out/parquet/**/*.parquet') order by id"
    ).fetchall()
    for (i, x, num_tags, first), row in zip(rows, json_rows(700), strict=True):
        assert i == row["id"]
        assert x == (row["who"]["at"]["x"] if "who" in row else None)
        assert num_tags == (len(row["tags"]) if "tags" in row else None)
        visits = row.get("visits")
        assert first == (visits[0]["n"] if visits and visits[0] else None)


def test_nested_rows_beyond_the_memory_are_spilled_and_come_back(partita, tmp_path):
    wide = {"k": 0, "deep": [{"text": "x" * 900, "more": list(range(40))}] * 4}
    with open(tmp_path / "in.json", "w", encoding="utf-8") as file:
        for i in range(12_000):
            wide["k"], wide["deep"][0]["text"] = i % 7, f"{i:0900}"
            file.write(json.dumps(wide) + "\n")
    partita.ok("write", tmp_path / "in.json", "--partition-by", "k", "--output", "json=out/json",
               "--memory", "24MiB", "--threads", 1, "--report", "report.json")  # fmt: skip
    report = json.loads((partita.folder / "report.json").read_text())
    assert report["num_rows"] == 12_000 and report["bytes_spilled"] > 0
    written = collections.Counter()
    for folder, rows in readers.rows_by_folder(partita.folder / "out/json", "json").items():
        for line, count in rows.items():
            written[json.dumps({"k": int(folder[2:]), **json.loads(line)}, sort_keys=True)] += count
    with open(tmp_path / "in.json", encoding="utf-8") as file:
        assert written == collections.Counter(json.dumps(json.loads(line), sort_keys=True) for line in file)


def test_conditions_ask_whether_a_nested_column_is_null_and_select_leaves_it_out(partita, inputs):
    rows = list(json_rows(700))
    write(partita, inputs / "json", "--where", "who IS NULL", "--select", "id,k,tags")
    lines = [json.loads(line) for rows in readers.rows_by_folder(partita.folder / "out/json", "json").values() for line in rows]
    assert sorted(line["id"] for line in lines) == [row["id"] for row in rows if "who" not in row]
    assert all(set(line) <= {"id", "tags"} for line in lines)
    write(partita, inputs / "json", "--where", "who IS NOT NULL AND id < 100", "--mode", "overwrite")
    lines = [json.loads(line) for rows in readers.rows_by_folder(partita.folder / "out/json", "json").values() for line in rows]
    assert sorted(line["id"] for line in lines) == [row["id"] for row in rows[:100] if "who" in row]


def test_a_registered_table_keeps_its_nested_types(partita, spark, inputs):
    partita.ok("write", inputs / "parquet", "--partition-by", "k", "--output", "json=out", "--select", "id,k,m,aa", "--register", "d.t")
    # By its own types, not by those of the JSON text, in which a map looks like a struct.
    assert "|-- m: map (nullable = true)" in partita.ok("schema", "--table", "d.t")
    partita.ok("write", "--table", "d.t", "--partition-by", "k", "--output", "parquet=again")
    frame = spark.read.parquet(str(inputs / "parquet")).select("id", "m", "aa", "k")
    again = spark.read.parquet(str(partita.folder / "again"))
    assert tree(again) == tree(frame)
    assert collections.Counter(again.toJSON().collect()) == collections.Counter(frame.toJSON().collect())


def test_a_crawl_finds_nested_types_and_a_write_takes_its_table(partita, spark, inputs):
    partita.ok("crawl", inputs / "json", "--database", "d")
    assert partita.ok("schema", "--table", "d.json") == tree(spark.read.json(str(inputs / "json")))
    partita.ok("write", "--table", "d.json", "--partition-by", "k", "--output", "parquet=out/parquet", "--output", "json=out/json")
    assert_as_spark(partita, spark, spark.read.json(str(inputs / "json")))


def refused(partita, code, source, *more, output="parquet=out"):
    outcome = partita("write", source, "--partition-by", "k", "--output", output, *more)
    assert outcome.code == code, outcome.stderr
    assert not (partita.folder / "out").exists()
    return outcome.stderr


def test_csv_is_refused_with_the_column_and_its_type_before_anything_is_written(partita):
    (partita.folder / "in.json").write_text('{"k": 1, "v": 2, "deep": {"x": [1]}}\n')
    outcome = partita("write", "in.json", "--partition-by", "k", "--output", "csv=out/csv", "--output", "json=out/json")
    assert outcome.code == 2
    assert "column deep" in outcome.stderr and "struct<x:array<bigint>>" in outcome.stderr
    assert not (partita.folder / "out/csv").exists() and not (partita.folder / "out/json").exists()
    partita.ok("write", "in.json", "--partition-by", "k", "--output", "csv=out/csv", "--select", "k,v")


def test_nested_columns_are_no_partition_keys(partita):
    (partita.folder / "in.json").write_text('{"k": {"a": 1}, "v": 2}\n')
    message = refused(partita, 2, "in.json")
    assert "STRUCT<a: BIGINT>" in message and "`k`" in message


def test_maps_whose_keys_have_no_text_are_written_to_parquet_alone(partita, spark, tmp_path):
    spark.sql("select 1 k, map(named_struct('a', 1), 'x') m, map(X'4865', 1) b").write.parquet(str(tmp_path / "in"))
    message = refused(partita, 2, tmp_path / "in", output="json=out")
    assert "column m" in message and "struct<a:int>" in message
    partita.ok("write", tmp_path / "in", "--partition-by", "k", "--output", "parquet=out")
    assert spark.read.parquet(str(partita.folder / "out")).toJSON().count() == 1
    # Spark writes the address of the key in memory.
    partita.ok("write", tmp_path / "in", "--partition-by", "k", "--output", "json=keys", "--select", "k,b")
    ((line, _),) = readers.rows_by_folder(partita.folder / "keys", "json")["k=1"].items()
    assert line == '{"b":{"SGU=":1}}'


BAD_LINES = {
    "a member named twice": ('{"k": 1, "deep": {"x": 1, "x": 2}}', ["line 2", "twice", "x"]),
    "names that differ in case": ('{"k": 1, "deep": {"X": 1}}', ["letter case", "'X'", "'x'"]),
    "too deep": ('{"k": 1, "deep": ' + '{"x":' * 1200 + "1" + "}" * 1200 + "}", ["line 2", "1000 levels"]),
    "deeper than a file's types": ('{"k": 1, "d": ' + "[" * 150 + "1" + "]" * 150 + "}", ["column d", "100 levels"]),
    "cut off": ('{"k": 1, "deep": {"x": [1, 2', ["line 2"]),
}


@pytest.mark.parametrize("name", BAD_LINES)
def test_bad_nested_json_is_told_and_nothing_is_written(partita, name):
    line, wanted = BAD_LINES[name]
    (partita.folder / "in.json").write_text('{"k": 1, "deep": {"x": 1}}\n' + line + "\n")
    message = refused(partita, 3, "in.json")
    assert all(text in message for text in wanted), message


WRONG_SHAPES = {
    "struct": (pyarrow.struct({"x": pyarrow.int64()}), ["[1]", '"text"', "7", '{"x": "a"}', '{"x": [1]}', '{"x": 1.5}']),
    "array": (pyarrow.list_(pyarrow.int64()), ['{"x": 1}', "7", '["a"]', "[[1]]", "[99999999999999999999]"]),
    "map": (pyarrow.map_(pyarrow.string(), pyarrow.int64()), ["[1]", "true", '{"a": {}}', '{"a": "x"}']),
    "map of numbers": (pyarrow.map_(pyarrow.int32(), pyarrow.int64()), ['{"a": 1}']),
}


@pytest.mark.parametrize("name", WRONG_SHAPES)
def test_a_value_of_another_shape_than_its_tables_type_is_told_by_file_line_and_column(partita, name):
    kind, values = WRONG_SHAPES[name]
    rows = pyarrow.table({"k": ["x"], "deep": pyarrow.array([None], kind)})
    pyarrow.parquet.write_table(rows, partita.folder / "in.parquet")
    partita.ok("write", "in.parquet", "--partition-by", "k", "--output", "json=t", "--register", "d.t")
    (file,) = (partita.folder / "t/k=x").glob("part-*.json")
    for value in values:
        file.write_text('{"deep": null}\n{"deep": ' + value + "}\n")
        outcome = partita("write", "--table", "d.t", "--partition-by", "k", "--output", "json=out")
        assert outcome.code == 3, value
        assert file.name in outcome.stderr and "line 2" in outcome.stderr and "column deep" in outcome.stderr
        assert not (partita.folder / "out").exists()
    # NULL is a value of every type, also in a map.
    file.write_text('{"deep": null}\n{"deep": ' + {"s": '{"x": null}', "a": "[null]"}.get(name[0], '{"1": null}') + "}\n")
    partita.ok("write", "--table", "d.t", "--partition-by", "k", "--output", "json=out")
    assert sum(sum(rows.values()) for rows in readers.rows_by_folder(partita.folder / "out", "json").values()) == 2
