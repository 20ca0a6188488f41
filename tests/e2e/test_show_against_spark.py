"""schema, show and count print what real Spark prints for the same files."""
import pathlib
import resource

import pytest
from spark_output import sorted_lines, table, tree

NULL = "__HIVE_DEFAULT_PARTITION__"

ALL_TYPES = """
  select cast(1 as byte) b, cast(2 as short) s, 3 i, 4L l, cast(1.5 as float) f, 1e10D d,
    cast(1.50 as decimal(10,2)) dec, cast(0 as decimal(38,18)) dec0,
    cast('0.0000001' as decimal(20,10)) dec7, cast('-0.05' as decimal(5,2)) nd, 'x' str,
    X'48656C00FF' bin, date'2024-01-31' dt, timestamp'2016-12-01 00:00:00' ts,
    timestamp'1600-02-29 12:34:56.1234' ts2, timestamp_ntz'2016-12-01 00:00:00.5' ntz,
    true bo, '' empty, date'-0001-01-01' old, date'12345-01-01' far
  union all
  select -128Y, -32768S, -2147483648, -9223372036854775808L, float('-1e-5'), double('NaN'),
    cast(-99999999.99 as decimal(10,2)), cast('1e-18' as decimal(38,18)), null, null,
    'a\\tb\\nc\\\\d\\r\\u0007', X'', date'0001-01-01', timestamp'1969-12-31 23:59:59.999999',
    timestamp'9999-12-31 23:59:59', timestamp_ntz'1582-10-10 00:00:00', false,
    '日本語日本語日本語日本語', null, null
  union all
  select null, null, null, null, float('inf'), -0D, null, null, null, null, repeat('é', 30),
    null, null, null, null, null, null, repeat('😀', 11), null, null
"""

NESTED = """
  select array(1, null, 3) a, map('k', 1, 'z', null) m,
    named_struct('x', 1, 'y', named_struct('z', cast(null as string))) st,
    array(named_struct('q', X'00')) ast, map(1, array(1.0D, double('nan'))) ma,
    array(array('a', 'b'), null) aa, map('a', map('b', date'2020-01-01')) mm,
    array(timestamp'2016-12-01 00:00:00.25') ats
  union all
  select null, map(), null, array(), null, array(), null, array(null)
"""

JSON_FILES = {
    "order": '{"b":1,"a":{"z":1,"B":2,"y":[{"q":1,"p":null}]},"É":1,"_x":2,"A1":3}',
    "names": '{"\\uFF5E":1,"😀":2,"é":3,"tab\\tname":4}',
    "conflicts": '{"a":1,"b":1,"c":true,"d":{"x":1},"e":[1],"f":{"x":1},"g":1}\n'
    '{"a":"x","b":1.5,"c":1,"d":"s","e":[1.50,"x"],"f":[ 1, 2 ],"g":{"k" : 1.00}}\n'
    '{"a":1.50,"c":1e3,"d":[1 ,{"a" : "q\\u0041"}],"f":true}',
    "nulls": '{"a":null,"b":[],"c":{},"d":[null],"e":{"x":null},"f":[{}]}\n{}',
    "numbers": '{"a":9223372036854775807,"c":1,"d":123456789012345678901234567890123456789}\n'
    '{"a":-1,"c":99999999999999999999,"d":1e400,"e":99999999999999999999,"f":-0}\n'
    '{"e":1.5,"f":1E-5}',
    "non_finite": '{"a":NaN,"b":"NaN"}\n{"a":-INF,"b":1.5}\n{"a":Infinity}\n{"a":+INF}',
    "blank_lines": '\ufeff{"a":1}\n\n   \n{"a":2}\r\n',
    "arrays": '[{"a":1},{"a":2}]\n{"a":3}',
    "quotes": "{'a':'it\\'s','b':\"x'y\"}",
    "escapes": '{"a":"\\ud83d\\ude00\\/\\b\\f\\u0041"}\n{"a":"日本語 ｆｕｌｌ 한국"}',
    "empty_rows": "{}\n{}",
}

# Values of the folders of one data set each; Spark 4.3 gives other types only to times.
PARTITIONS = [
    ["1", "007", "+5", "-0"],
    ["1", "3000000000"],
    ["1", "99999999999999999999", "1e5", "5."],
    ["1", "1.5", "1d", "2F", ".5", " 1", "NaN", "-Infinity", "0x1p3", "1e400"],
    ["3000000000", "1.5"],
    ["99999999999999999999", "1.5"],
    ["123456789012345678901234567890123456789"],
    ["true", "false"],
    ["2024-01-31", "0001-01-01", NULL],
    ["2024-01-31", "2024-02-30"],
    ["2024-1-31"],
    ["10000-01-01"],
    ["2016-12-01 00%3A00%3A00", "2016-12-01 00%3A00%3A30.5", "2016-12-01"],
    ["2016-12-01 00%3A00%3A30.123"],
    ["2016-12-01 24%3A00%3A00"],
    ["1", "2024-01-01"],
    [NULL],
    [NULL, "1"],
    [NULL, "a", "-0", "01", "1.50"],
    ["a b", "a%20b!", "%E9", "é", "50%25", "50%2", "日本"],
    ["1%30", "%31"],
    ["-2147483648", "-2147483649"],
    ["++1", "-", ".", "1L", "1_000", "0x10", "Inf"],
]


@pytest.fixture(name="parquet", scope="session")
def make_parquet(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("parquet")
    spark.sql(ALL_TYPES).coalesce(1).write.parquet(str(folder / "types"))
    spark.sql(NESTED).coalesce(1).write.parquet(str(folder / "nested"))
    return folder


def assert_same(partita, frame, path, rows=20, truncate=20):
    assert partita.ok("schema", path) == tree(frame)
    shown = partita.ok("show", "-n", rows, "--truncate", truncate, path)
    assert shown == table(frame, rows, truncate)
    assert partita.ok("count", path) == f"{frame.count()}\n"


@pytest.mark.parametrize("name", ["types", "nested"])
@pytest.mark.parametrize("rows, truncate", [(20, 20), (20, 0), (2, 5), (1, 3), (3, 1), (0, 20)])
def test_parquet_of_every_type(partita, spark, parquet, name, rows, truncate):
    path = parquet / name
    assert_same(partita, spark.read.parquet(str(path)), path, rows, truncate)


@pytest.mark.parametrize("name", JSON_FILES)
def test_json_lines(partita, spark, tmp_path, name):
    path = tmp_path / f"{name}.json"
    path.write_text(JSON_FILES[name] + "\n", encoding="utf-8", newline="")
    assert_same(partita, spark.read.json(str(path)), path, truncate=0)


@pytest.mark.parametrize("values", PARTITIONS, ids=lambda values: values[-1])
def test_types_of_partition_folders(partita, spark, tmp_path, values):
    root = tmp_path / "t"
    for i, value in enumerate(values):
        folder = root / f"The Key={value}"
        folder.mkdir(parents=True)
        (folder / "x.json").write_text(f'{{"i":{i}}}\n')
    frame = spark.read.json(str(root))
    assert partita.ok("schema", root) == tree(frame)
    assert sorted_lines(partita.ok("show", "--truncate", 0, root)) == sorted_lines(
        table(frame, truncate=0)
    )


NASTY = [
    "plain", "", None, "a,b", 'say "hi"', '"', '""', "back\\slash", '\\"', "a\nb", "\ttab", " pad ",
    "日本語", "ｆｕｌｌ", "😀", "é" * 30, "x" * 200, "null", "NULL", "007", "#x", "{}", "'", "a\\",
]  # fmt: skip
KEYS = ["plain", "a b", "a/b", "50%", "x=y", "{x}", "[1]", "é", "日本", "it's", '"q"', "a:b",
        "c\\d", "?*#^", "tab\there", "nl\nhere", "~|<>;&", None, ""]  # fmt: skip


def write_partitioned(spark, folder: pathlib.Path):
    """Nasty values under nasty keys, in every format, by Spark."""
    rows = [
        (i, value, KEYS[i % len(KEYS)], None if i % 5 == 0 else i % 3)
        for i, value in enumerate(NASTY)
    ]
    frame = spark.createDataFrame(rows, "id long, v string, `The Key` string, n int").coalesce(1)
    writer = frame.write.partitionBy("The Key", "n")
    writer.json(str(folder / "json"))
    writer.parquet(str(folder / "parquet"))
    writer.option("header", "true").csv(str(folder / "csv"))


@pytest.fixture(name="partitioned", scope="session")
def make_partitioned(spark, tmp_path_factory):
    folder = tmp_path_factory.mktemp("partitioned")
    write_partitioned(spark, folder)
    return folder


def read_with_spark(spark, path, name):
    if name == "csv":
        return spark.read.csv(str(path), header=True, multiLine=True)
    return getattr(spark.read, name)(str(path))


@pytest.mark.parametrize("name", ["csv", "json", "parquet"])
def test_partitioned_folders_of_nasty_values(partita, spark, partitioned, name):
    path = partitioned / name
    frame = read_with_spark(spark, path, name)
    options = []
    if name == "csv":
        options = ["--read-option", "header=true", "--read-option", "inferSchema=false"]
    assert partita.ok("schema", path, *options) == tree(frame)
    shown = partita.ok("show", "-n", 100, path, *options)
    assert sorted_lines(shown) == sorted_lines(table(frame, 100))
    assert partita.ok("count", path, *options) == f"{len(NASTY)}\n"


def test_more_files_than_may_be_open(partita, tmp_path):
    """Partitioned output has a file per folder, and few systems allow a thousand open ones."""
    source = tmp_path / "in.csv"
    source.write_text("id,k,v\n" + "".join(f"{i},{i % 600},x\n" for i in range(1800)))
    partita.ok("write", source, "--partition-by=k", f"--output=csv={tmp_path / 'out'}", "--option=csv.header=true")
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, limits[1]))
    try:
        assert partita.ok("count", tmp_path / "out", "--read-option=header=true") == "1800\n"
        assert " |-- k: integer (nullable = true)\n" in partita.ok("schema", tmp_path / "out")
        partita.ok("crawl", tmp_path / "out", "--database=db", "--table=t")
        assert partita.ok("count", "--table", "db.t") == "1800\n"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_foreign_writers_folders_read_as_they_were_meant(partita, tmp_path):
    """Percent-encoded UTF-8 and blanks, as DuckDB and pyarrow write them."""
    import duckdb  # pylint: disable=import-outside-toplevel

    root = tmp_path / "duck"
    duckdb.sql(
        f"""copy (select 1 as id, 'Škoda Auto' as "The Make", 7 as y) to '{root}'
            (format parquet, partition_by ("The Make", y))"""
    )
    assert partita.ok("show", root) == (
        "+---+----------+---+\n"
        "| id|  The Make|  y|\n"
        "+---+----------+---+\n"
        "|  1|Škoda Auto|  7|\n"
        "+---+----------+---+\n"
        "\n"
    )


@pytest.mark.parametrize(
    "files, message",
    [
        (["a=1/x.json", "b=1/x.json"], "conflicting partition columns"),
        (["a=1/x.json", "x.json"], "conflicting partition columns"),
        (["a=/x.json"], "'='"),
        (["c=1/C=1/x.json"], "twice"),
        (["a.json", "b.csv"], "one format"),
        (["_SUCCESS"], "no data"),
    ],
)
def test_folders_that_are_no_data_set(partita, tmp_path, files, message):
    for name in files:
        path = tmp_path / "t" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('{"i":1}\n')
    outcome = partita("schema", tmp_path / "t")
    assert outcome.code == 3
    assert message in outcome.stderr
