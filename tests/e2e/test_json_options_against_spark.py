"""JSON lines that are malformed, and types that are looked for, give what real Spark gives by the same options."""
import dataclasses
import gzip
import itertools
import json
import math

import pyarrow.ipc
import pytest
from declared_tables import declare_json, make_catalog

ERROR = "an error"
CORRUPT = ("_corrupt_record", "string")
FLAT = (("a", "int"), ("b", "string"), ("c", "double"))
DEEP = (
    ("s", "struct<x:int,y:string>"), ("l", "array<int>"), ("m", "map<string,int>"), ("ls", "array<struct<x:int,y:string>>"),
    ("ll", "array<array<int>>"), ("lm", "array<map<string,int>>"), ("ms", "map<string,struct<x:int>>"), ("z", "int"),
)  # fmt: skip
TAKEN = ("PERMISSIVE", "DROPMALFORMED")
MODES = TAKEN + ("FAILFAST",)


@dataclasses.dataclass(frozen=True)
class Case:
    """Lines, the columns that they are declared to have (none: they are looked for), and how they are read."""

    text: str
    columns: tuple
    options: tuple


def case(text, columns, mode, **options):
    return Case(text, columns, tuple({"mode": mode, **options}.items()))


def of_each(texts, columns, modes=MODES, **options):
    return [case(text, columns, mode, **options) for text in texts for mode in modes]


def of_all(texts, columns, **options):
    """One file of all lines, where those that are malformed are taken."""
    return [case("".join(texts), columns, mode, **options) for mode in TAKEN]


NO_JSON = [
    "x\n", "5\n", "null\n", '"s"\n', '{"a":1\n', '{"a":1,"b":"x\n', '{"a":1,"b":tru}\n', '{"a":}\n', '{"a":1,,"b":"x"}\n', '{"a":1,}\n',
    "{a:1}\n", '{"a":01}\n', '{"a":+1}\n', '{"c":1.}\n', '{"b":"x\ty"}\n', '{"b":"\\q"}\n', '{"a":1,"z":{"q":}}\n', '{"a":1,"z":[1,2}\n',
    '{"a":1}\nx\n{"a":2}\n\n{"a":\n', "// c\n",
]  # fmt: skip
ARRAYS = [
    "[]\n", '[{"a":1},{"a":2}]\n', '[{"a":1},{"a":"x"},{"b":"y"}]\n', '[{"a":1},5]\n', '[{"a":1},null]\n', "[1]\n", '[[{"a":1}]]\n',
    '[{"a":1}\n', '[{"a":1},{"a":\n', '[{"a":1},]\n',
]  # fmt: skip
MISFITS = [
    '{"a":"1"}\n', '{"a":1.0}\n', '{"a":1e2}\n', '{"a":true}\n', '{"a":[1],"b":"x"}\n', '{"a":{"b":1},"c":2}\n', '{"a":""}\n', '{"c":""}\n',
    '{"a":99999999999,"b":"x"}\n', '{"a":99999999999999999999999}\n', '{"c":"1.5"}\n', '{"c":true}\n', '{"a":"x","b":"y","c":2}\n',
    '{"a":1,"a":"x"}\n', '{"a":"x","a":2}\n', '{"a":1}\r\n{"a":"x"}\r\n{"a":3}\r\n',
]  # fmt: skip
SOUND = [
    "{}\n", "\n  \n\t\n{}\n", '{"b":{"x": [1, 2.50]}}\n', '{"b":1.500}\n', '{"b":""}\n', '{"c":"NaN"}\n{"c":"-INF"}\n{"c":1e400}\n{"c":3}\n',
    "{'a':1}\n", '{"a":null,"b":null}\n', '{"_corrupt_record":"z","a":3}\n', '{"a":1,"other":[{}]}\n', '{"b":"\\ud800"}\n', "",
]  # fmt: skip
NESTED = [
    '{"s":{"x":"no","y":"q"},"z":1}\n', '{"s":{"x":"no","y":"q"},"z":"no"}\n', '{"s":5,"z":1}\n', '{"s":[1],"z":1}\n', '{"s":"","z":1}\n',
    '{"s":{"x":{"z":5},"y":"q"},"z":1}\n', '{"s":{"x":[1,{"z":5}],"y":"q"},"z":1}\n', '{"s":{"y":"q","z":7},"z":1}\n', '{"s":{},"z":1}\n',
    '{"l":[1,"x",3],"z":1}\n', '{"l":[1,null,3],"z":1}\n', '{"l":["x",[1,{"z":9}]],"z":1}\n', '{"l":5,"z":1}\n', '{"l":"","z":1}\n',
    '{"m":{"k":1,"j":"x"},"z":1}\n', '{"m":{"k":{"z":2}},"z":1}\n', '{"m":[1],"z":1}\n', '{"m":{},"z":1}\n',
    '{"ls":[{"x":1},{"x":"no","y":"q"},{"x":3}],"z":1}\n', '{"ls":[{"x":1},5],"z":1}\n', '{"ls":[{"x":1},null],"z":1}\n', '{"ls":{"x":1},"z":1}\n',
    '{"ll":[[1],["x"]],"z":1}\n', '{"ll":[[1],5],"z":1}\n', '{"lm":[{"k":1},{"k":"x"}],"z":1}\n', '{"ms":{"k":{"x":"no"},"j":{"x":2}},"z":1}\n',
    '{"ms":{"k":5},"z":1}\n', '{"s":{"x":1,"y":"q","x":"no"},"z":1}\n', '[{"s":{"x":"no","y":"q"}},{"z":2}]\n',
]  # fmt: skip
TYPED = [
    ("boolean", ["true", '"true"', "1"]), ("smallint", ["32767", "32768" * 3]), ("bigint", ["9223372036854775807", "9223372036854775808"]),
    ("float", ["1.5", '"1.5"', '"Infinity"']), ("decimal(5,2)", ["1.5", '"1.5"', "1000", "0.005"]), ("binary", ['"AQ=="', "1"]),
    ("date", ['"2020-01-01"', '"2020-02-30"', "2020"]), ("timestamp", ['"2020-01-01T10:00:00Z"', "1577872800", "1.5", '"never"']),
    ("timestamp_ntz", ['"2020-01-01T10:00:00"', "2020", '"2020-01-01T10:00:00Z"']),
]  # fmt: skip
INFERRED = [
    '{"a":1}\n{"a":2.5,"B":true}\n', '{"a":1}\nx\n{"b":[1,2]}\n', '{"a":1}\n5\n', '{"a":1}\n[{"b":2},{"a":3}]\n[1]\n', '{"a":1}\n[]\n\n',
    '{"Z":1,"a":{"x":[1.5,true],"y":null}}\n{"a":{"x":[]}}\n{"a":\n', '{"a":12345678901234567890}\n{"a":\n', '{"a":"x"}\n{"a":1}\n', "{}\n",
    '{"a":{"b":{"c":[{"d":1}]}},"e":null,"f":[]}\n', '{"a":1}\n{"a":{"b":1}}\n',
]  # fmt: skip

LINES = NO_JSON + ARRAYS + MISFITS + SOUND
CASES = (
    of_all(LINES, FLAT + (CORRUPT,))
    + of_all(LINES, FLAT)
    + of_all(LINES, (("bad", "string"),) + FLAT, columnNameOfCorruptRecord="bad")
    + of_all(NESTED, DEEP + (CORRUPT,))
    + of_all(NESTED, DEEP)
    + list(
        itertools.chain.from_iterable(
            of_all(['{"v":%s,"w":1}\n' % value for value in values], (("v", kind), ("w", "int"), CORRUPT)) for kind, values in TYPED
        )
    )
    + of_each([NO_JSON[0], NO_JSON[4], ARRAYS[2], ARRAYS[3], MISFITS[0], MISFITS[1], "".join(SOUND)], FLAT, ["FAILFAST"])
    + of_each([NESTED[0], NESTED[8], NESTED[9], NESTED[18]], DEEP, ["FAILFAST"])
    + of_each(INFERRED, (), TAKEN)
    + of_each(INFERRED[:3], (), ["FAILFAST"])
    + of_each(INFERRED, (), ["PERMISSIVE"], primitivesAsString="true")
    + of_each(INFERRED[1:3], (), ["PERMISSIVE"], columnNameOfCorruptRecord="Bad")
)


def plain(value):
    """A value that is not nested, of Spark's or of Arrow's."""
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    if isinstance(value, bytearray):
        return bytes(value)
    return value.replace(tzinfo=None) if hasattr(value, "hour") else value


def of_spark(value, kind):
    """A value of Spark's: structs as dictionaries, maps as sorted pairs."""
    if value is None:
        return None
    name = kind.typeName()
    if name == "map":
        return sorted((key, of_spark(part, kind.valueType)) for key, part in value.items())
    if name == "array":
        return [of_spark(part, kind.elementType) for part in value]
    if name == "struct":
        return {field.name: of_spark(value[field.name], field.dataType) for field in kind.fields}
    return plain(value)


def of_arrow(value):
    """The same of a value of Arrow's, whose maps are lists of pairs."""
    if isinstance(value, dict):
        return {name: of_arrow(part) for name, part in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return sorted((key, of_arrow(part)) for key, part in value)
    return [of_arrow(part) for part in value] if isinstance(value, list) else plain(value)


def rows_of_spark(spark, path, tried):
    reader = spark.read.options(**dict(tried.options))
    if tried.columns:
        reader = reader.schema(", ".join(f"{name} {kind}" for name, kind in tried.columns))
    try:
        frame = reader.json(str(path))
        rows = [of_spark(row, frame.schema) for row in frame.collect()]
        return (None if tried.columns else frame._jdf.schema().treeString().strip()), rows  # pylint: disable=protected-access
    except Exception:  # pylint: disable=broad-except
        return ERROR


def rows_of_partita(partita, name, path, tried):
    options = [f"--read-option={key}={value}" for key, value in tried.options]
    where = ["--table", declare_json(partita, name, path, tried.columns)] if tried.columns else [path]
    out = partita.folder / f"{name}.arrow"
    outcome = partita("scan", *where, *options, "--format", "arrow", "--output", out)
    if outcome.code != 0:
        return ERROR if outcome.code == 3 else outcome.stderr
    with pyarrow.ipc.open_stream(out) as reader:
        rows = [of_arrow(row) for row in reader.read_all().to_pylist()]
    return (None if tried.columns else partita.ok("schema", path, *options).strip()), rows


def first_difference(wanted, got):
    """The row that is the first to differ, where there are rows at all."""
    if isinstance(wanted, tuple) and isinstance(got, tuple) and wanted[0] == got[0]:
        for pair in itertools.zip_longest(wanted[1], got[1]):
            if pair[0] != pair[1]:
                return pair
    return wanted, got


@pytest.fixture(scope="module")
def catalogued(shared_partita):
    make_catalog(shared_partita)
    return shared_partita


def test_there_are_cases_enough():
    lines = len(set(LINES + NESTED + INFERRED)) + sum(len(values) for _, values in TYPED)
    assert lines >= 100 and len(set(CASES)) >= 40


def test_every_case_is_read_as_spark_reads_it(spark, catalogued):
    spark.sparkContext.setLogLevel("OFF")  # errors are expected
    wrong = []
    for number, tried in enumerate(dict.fromkeys(CASES)):
        path = catalogued.folder / f"case{number}.json"
        path.write_bytes(tried.text.encode())
        wanted = rows_of_spark(spark, path, tried)
        got = rows_of_partita(catalogued, f"case{number}", path, tried)
        if got != wanted:
            wrong.append((tried.options, tried.columns, *first_difference(wanted, got)))
    assert wrong == []


# What Spark takes without a word: the line, Spark's rows of columns a, b and c, and ours, which say that something was there.
NOTICED = [
    ('{"a":1}{"a":2}', (1, None), (1, None)),
    ('{"a":1} x', (1, None), (1, None)),
    ('{"a":1,"a":2}', (2, None), (2, None)),
    ('{"b":"x","a":1,"b":"y"}', (1, "y"), (1, "y")),
]


@pytest.mark.parametrize("line, spark_row, row", NOTICED)
def test_what_spark_loses_is_malformed(spark, catalogued, tmp_path, line, spark_row, row):
    path = tmp_path / "noticed.json"
    path.write_text(line + "\n")
    columns = FLAT + (CORRUPT,)
    taken = Case(line, columns, (("mode", "PERMISSIVE"),))
    ((_, spark_rows), name) = (rows_of_spark(spark, path, taken), f"noticed{abs(hash(line))}")
    assert [(found["a"], found["b"], found["_corrupt_record"]) for found in spark_rows] == [(*spark_row, None)]
    _, rows = rows_of_partita(catalogued, name, path, taken)
    assert [(found["a"], found["b"], found["_corrupt_record"]) for found in rows] == [(*row, line)]
    assert catalogued.ok("count", "--table", f"declared.{name}", "--read-option=mode=DROPMALFORMED") == "0\n"
    refused = catalogued("scan", "--table", f"declared.{name}", "--format", "json")
    assert refused.code == 3
    assert "noticed.json, line 1" in refused.stderr


def test_a_number_beyond_its_type_is_not_wrapped_around(spark, catalogued, tmp_path):
    path = tmp_path / "wrapped.json"
    path.write_text('{"v":128}\n')
    tried = Case("", (("v", "tinyint"), CORRUPT), (("mode", "PERMISSIVE"),))
    assert rows_of_spark(spark, path, tried) == (None, [{"v": -128, "_corrupt_record": None}])
    assert rows_of_partita(catalogued, "wrapped", path, tried) == (None, [{"v": None, "_corrupt_record": '{"v":128}'}])


@pytest.mark.parametrize("mode", MODES)
def test_text_that_is_not_utf8_is_an_error_in_every_mode(catalogued, tmp_path, mode):
    path = tmp_path / "latin.json"
    path.write_bytes('{"a":1}\n{"a":"é"}\n'.encode("latin1"))
    outcome = catalogued("scan", path, f"--read-option=mode={mode}", "--format", "json")
    assert outcome.code == 3
    assert "latin.json, line 2" in outcome.stderr and "UTF-8" in outcome.stderr


# ---- What is said and counted

WRITTEN = '{"id":1,"k":"a"}\n{"id":2,"k":\n{"id":3,"k":"b"}\n[{"id":4,"k":"a"},{"id":5,"k":"b"}]\n7\n'
DROPPED = "malformed and dropped, as the read option mode=DROPMALFORMED says: 2 rows"
NULLED = "malformed, with NULL for what is missing or does not fit"
JOB = ["--partition-by", "k", "--output", "json=out", "--report", "report.json"]


@pytest.fixture(name="file", params=["in.json", "in.json.gz"])
def make_file(partita, request):
    pack = gzip.compress if request.param.endswith(".gz") else bytes
    (partita.folder / request.param).write_bytes(pack(WRITTEN.encode()))
    return request.param


def report(partita):
    told = json.loads((partita.folder / "report.json").read_text())
    return told["num_rows"], told["num_rows_dropped"], told["num_rows_with_nulls"]


def test_a_malformed_line_is_an_error_unless_something_else_is_said(partita, file):
    outcome = partita("write", file, *JOB)
    assert outcome.code == 3
    assert "line 2" in outcome.stderr
    assert not (partita.folder / "out").exists()


def test_dropped_lines_are_counted_on_the_terminal_and_in_the_report(partita, file):
    outcome = partita("write", file, *JOB, "--read-option=mode=DROPMALFORMED")
    assert outcome.code == 0, outcome.stderr
    assert DROPPED in outcome.stderr
    assert report(partita) == (4, 2, 0)
    assert any(DROPPED in warning for warning in json.loads((partita.folder / "report.json").read_text())["warnings"])


def test_lines_without_values_are_written_and_counted(partita, file):
    outcome = partita("write", file, *JOB, "--read-option=mode=PERMISSIVE")
    assert outcome.code == 0, outcome.stderr
    assert NULLED in outcome.stderr
    assert report(partita) == (6, 0, 2)
    (lines,) = (partita.folder / "out/k=__HIVE_DEFAULT_PARTITION__").glob("*.json")
    assert [json.loads(line) for line in lines.read_text().splitlines()] == [
        {"_corrupt_record": '{"id":2,"k":'}, {"_corrupt_record": "7"},
    ]  # fmt: skip


@pytest.mark.parametrize("command", [["count"], ["show"], ["scan"], ["count", "--where=id > 0"], ["scan", "--select=k"]])
def test_reading_commands_tell_how_many_were_dropped(partita, file, command):
    outcome = partita(*command, file, "--read-option=mode=DROPMALFORMED")
    assert outcome.code == 0, outcome.stderr
    assert DROPPED in outcome.stderr
    if command[0] == "count":
        assert outcome.stdout == "4\n"


def test_the_same_rows_are_dropped_whatever_is_selected(partita):
    (partita.folder / "in.json").write_text('{"a":1,"b":2}\n{"a":2,"b":"x"}\n{"a":3}\n')
    make_catalog(partita)
    table = declare_json(partita, "t", partita.folder / "in.json", [("a", "int"), ("b", "int")])
    drop = "--read-option=mode=DROPMALFORMED"
    assert partita.ok("count", "--table", table, drop) == "2\n"
    assert partita.ok("scan", "--table", table, drop, "--select=a", "--format=json") == '{"a":1}\n{"a":3}\n'


def test_a_named_column_is_there_even_if_no_line_is_malformed(partita):
    (partita.folder / "in.json").write_text('{"a":1}\n')
    named = ["--read-option=mode=PERMISSIVE", "--read-option=columnNameOfCorruptRecord=bad"]
    assert " |-- bad: string" in partita.ok("schema", "in.json", *named)
    outcome = partita("schema", "in.json", named[0], "--read-option=columnNameOfCorruptRecord=A")
    assert outcome.code == 2
    assert "the files have a column of that name" in outcome.stderr
    assert partita("count", "in.json", named[0]).stderr == ""


def test_a_crawl_takes_primitives_as_strings_but_no_malformed_lines(partita):
    (partita.folder / "in.json").write_text('{"a":1,"b":{"c":true}}\n')
    outcome = partita("crawl", "in.json", "--database", "d", "--read-option=mode=PERMISSIVE")
    assert outcome.code == 2
    assert "mode other than FAILFAST" in outcome.stderr
    partita.ok("crawl", "in.json", "--database", "d", "--read-option=primitivesAsString=true")
    assert "struct<c:string>" in partita.ok("catalog", "show", "d.in_json")
    assert partita.ok("scan", "--table", "d.in_json", "--format=json") == '{"a":"1","b":{"c":"true"}}\n'


def test_options_of_another_format_are_refused(partita):
    (partita.folder / "in.json").write_text('{"a":1}\n')
    (partita.folder / "in.csv").write_text("a,b\n1,2\n")
    for command in (["scan"], ["count"], ["write", *JOB]):
        of_csv = partita(*command, "in.json", "--read-option=sep=;")
        assert of_csv.code == 2
        assert "JSON is read without such options; leave out read option sep" in of_csv.stderr
        of_json = partita(*command, "in.csv", "--read-option=primitivesAsString=true")
        assert of_json.code == 2
        assert "CSV is read without such options; leave out read option primitivesAsString" in of_json.stderr
