"""The same file and the same options give the same rows, NULLs and errors as real Spark."""
import dataclasses
import itertools
import math

import pyarrow.ipc
import pytest
from declared_tables import declare_csv, make_catalog

ERROR = "an error"
TWO = "a string, b string"


@dataclasses.dataclass(frozen=True)
class Case:
    """A file, how it is read, and its columns. Nothing that matters is left to a default."""

    content: bytes
    options: tuple
    columns: str = TWO

    def all_options(self):
        return {"header": "false", "mode": "FAILFAST", "escape": '"', "multiLine": "true", **dict(self.options)}


def case(content, columns=TWO, **options):
    content = content if isinstance(content, bytes) else content.encode()
    return Case(content, tuple(sorted(options.items())), columns)


def both(content, columns=TWO, **options):
    """With line breaks as text, and as ends of records."""
    return [case(content, columns, multiLine=lines, **options) for lines in ("true", "false")]


def of_all(lists):
    return list(itertools.chain.from_iterable(lists))


# ---- Quotes and escapes

DOUBLED = [
    "a,b\nc,d\n", 'a,b\n"c","d"', '"a,b",c\n', '"a""b",c\n', '"""a""",""""\n', '"",x\n,""\n', 'a"b,c"\n', '"a\n",b\n',
    '"a\\",b\n', "a\\b,\\\n", "\n\na,b\n\n", "é,日本\n😀,ß\n", " a , b \n", "a,b\n,\n", '" a "," b"\n',
]  # fmt: skip
BACKSLASHES = [
    '"a\\"b",c\n', "a\\,b\n", '"a\\\\b",c\n', '"a\\xb",c\n', '"\\\\\\"",c\n', '\\"a",c\n', '"x\\\\",y\n',
    '"a""b",c\n', '"a"b,c\n', '"a"b,c"\n', '"a" x,c\n', '""x,c\n', '"a"",c\n', '"a" ,c\n"d"\t,"e" \n', ' "b" ,c\n',
]  # fmt: skip
TEXT_BEHIND = ['"a"b,c\n', '"a""b"c,d\n', '"a" "b",c\n', '"a" ,c\n', '""x,y\n']
BROKEN_LINES = ['"a\nb",c\n', 'a,"b\n"c,d\n', 'a,"\nc,d\n', 'a,b\rc,d\r\ne,f\n', 'a,"b""c\nd,e\n', '"a\rb",c\n']

QUOTING = (
    of_all(both(text) for text in DOUBLED)
    + of_all(both(text, escape="\\") for text in BACKSLASHES)
    + of_all(both(text, unescapedQuoteHandling="STOP_AT_DELIMITER") for text in TEXT_BEHIND)
    + [case(text, multiLine="false", mode="PERMISSIVE") for text in BROKEN_LINES]
    + [case(text, multiLine="false", mode="DROPMALFORMED", escape="\\") for text in BROKEN_LINES]
    + [
        case("'a,''b',\"c\n'd','e'\n", quote="'", escape="'"),
        case("'a\\'b','c'\n", quote="'", escape="\\"),
        case('"a,b"\nc,d"\n', quote="", escape="\\"),
        case('"a\\"b","c\\\\"\n', escape="\\", charToEscapeQuoteEscaping="\\"),
        case('"a\\"b","c\\\\"\n', escape="\\", charToEscapeQuoteEscaping=""),
    ]
)

# ---- What stands between, before and behind fields

COMMENTED = ["#c\na,b\n", "a,b\n#c,d\ne,f\n", '"#a",b\n', "a,#b\n", '#"\na,b\n', " #a,b\n", "a,b\n#", "##\n#\n"]
BETWEEN = (
    of_all(both(text, comment="#") for text in COMMENTED)
    + of_all(both(text, comment="~", header="true") for text in ["~x\na,b\n1,2\n", "\n~x,y\n\na,b\n~1\n2,3\n"])
    + of_all(
        both(text, sep="||", escape="\\")
        for text in ["a||b\nc|d||e\n", '"f||g"||h\n', "i||\n||j\n||\n", '"a"  ||b\n"a"x||b\n', "a,b||c\n", 'a||"b\\"c"\n']
    )
    + of_all(both(text, sep=sep) for text, sep in [("a, b\nc ,d, e\n", ", "), ("a_/-\\_b\n", "_/-\\\\_"), ("aþb\nc,þd\n", "þ")])
    + of_all(both(text, sep=sep) for text, sep in [("a\tb\n\tc\n", "\\t"), ("a\t\tb\tc\n", "\\t\\t"), ("a|b\n", "|"), ("a\\b\n", "\\\\")])
    + both("a,b\r\nc,d\r\n", lineSep="\r\n")
    + both("a,b;c,d;", lineSep=";")
    + [
        case("a,b\r\nc,d\r\n", lineSep="\n", multiLine="false"),
        case("a,b\nc,d\n", lineSep="\n"),
        case("a,b\rc,d\r", lineSep="\r", multiLine="false"),
        case('a,b;"c;d",e;', lineSep=";"),
        case("a,bxyc,dxye,fx", lineSep="xy", multiLine="false"),
        case("aaaa,b\n", maxCharsPerColumn="4"),
        case("a,b\naaaaa,b\n", maxCharsPerColumn="4"),
        case("a,b\n", maxColumns="2"),
        case("a,b,c\n", maxColumns="2"),
        case("aaaa,b\n", maxCharsPerColumn="-1"),
    ]
)

# ---- NULL, the empty string and blanks

EMPTY = 'x,\n,""\n"x",E\n"E",x\n"",\n'
NOTHING = (
    both(EMPTY)
    + both(EMPTY, nullValue="x")
    + both(EMPTY, emptyValue="E")
    + both(EMPTY, nullValue="E", emptyValue="E")
    + both(EMPTY, nullValue="x", emptyValue="E")
    + both("NULL,null\n--,-\n", nullValue="NULL")
    + both("1,\n-,2\n", "a int, b int", nullValue="-")
    + both(' a ,  "b"  \n"c" , d\n', ignoreLeadingWhiteSpace="true", ignoreTrailingWhiteSpace="true")
    + both(" a , b \n", ignoreLeadingWhiteSpace="true")
    + both(" a , b \n", ignoreTrailingWhiteSpace="true")
)

# ---- Malformed records

TYPED = "a int, b date, c string"
CORRUPT = f"{TYPED}, _corrupt_record string"
RECORDS = [
    "1,2020-01-01,x\n", "x,2020-01-01,y\n", "1\n2,2020-01-02\n3,2020-01-03,z\n", "1,2020-01-01,x,y\n2,,\n",
    "x,never,y,z\n", ",,\n", '"4","2020-01-04","a,b"\n5\n', '6,"never","q""r"\n', "2147483648,2020-02-30,\n",
    "1.5,2020-01-01,x\n7,2020-01-07,y\n", '"",2020-01-01,\n', "\n8\n\n9,2020-01-09,\n",
]  # fmt: skip
MALFORMED = (
    of_all(both(text, TYPED, mode=mode) for text in RECORDS for mode in ("PERMISSIVE", "DROPMALFORMED", "FAILFAST"))
    + of_all(both(text, CORRUPT, mode=mode) for text in RECORDS for mode in ("PERMISSIVE", "DROPMALFORMED"))
    + [
        case("1,x\nx,y\n", "bad string, a int, b string", mode="PERMISSIVE", columnNameOfCorruptRecord="bad"),
        case("1,x\r\nx,y\r\n3\r\n", "a int, bad string, b string", mode="PERMISSIVE", columnNameOfCorruptRecord="bad"),
        case("a,b\n1,2\n3\n", "a int, b int", mode="DROPMALFORMED", header="true"),
        case("true,1.25,2.5\nyes,1.255,x\nFALSE,1e2,NaN\n", "a boolean, b decimal(10,2), c double", mode="PERMISSIVE"),
        case("9223372036854775807\n9223372036854775808\n", "a bigint, _corrupt_record string", mode="PERMISSIVE"),
        case("#1,2\n3,4\n5\n#6\n", "a int, b int, _corrupt_record string", mode="PERMISSIVE", comment="#"),
        case("1||2\n3\nx||y\n", "a int, b int, _corrupt_record string", mode="PERMISSIVE", sep="||"),
    ]
)

# ---- Encodings

ACCENTS = "a,é\nß,ü\n"
ENCODINGS = [
    *both(ACCENTS.encode("latin1"), encoding="ISO-8859-1"),
    case("aþb\néþ\n".encode("latin1"), encoding="ISO-8859-1", sep="þ"),
    *both("a,b\n", encoding="US-ASCII"),
    case("a,日本\n😀,\n".encode("utf-16"), encoding="UTF-16"),
    case("a,日本\n".encode("utf-16-be"), encoding="UTF-16"),
    case('"a\n",é\n'.encode("utf-16-le"), encoding="UTF-16LE"),
    case("a,é\n😀,b\n".encode("utf-16-be"), encoding="utf-16be"),
    case("a,b\n1,é\n".encode("utf-16"), encoding="UTF-16", header="true", columns="a int, b string"),
]

# ---- Dates and times by patterns

DAY = "a date, b int"
TIME = "a timestamp, b int"
DATES = [
    (DAY, {"dateFormat": "dd/MM/yyyy"}, ["26/08/2015", "1/2/2015", "2015-08-26", "31/02/2015", "29/02/2016", "26/08/15"]),
    (DAY, {"dateFormat": "yyyyMMdd"}, ["20150826", "2015826", " 20150826", "20151301", "201508260"]),
    (DAY, {"dateFormat": "yyyy-MM-dd"}, ["2015-08-26", "2015-8-26", "2015-08-26 10:00", ""]),
    (DAY, {"dateFormat": "MM-yyyy"}, ["08-2015", "2015-08"]),
    (DAY, {"dateFormat": "dd.MM.yyyy HH:mm"}, ["26.08.2015 18:00", "26.08.2015"]),
    (TIME, {"timestampFormat": "dd/MM/yyyy HH:mm"}, ["26/08/2015 18:00", "26/08/2015 24:00", "2015-08-26 10:00:00"]),
    (TIME, {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSS"}, ["2015-08-26T10:11:12.123", "2015-08-26T10:11:12.1", "2015-08-26T10:11:60.000"]),
    (TIME, {"timestampFormat": "yyyy.MM.dd"}, ["2015.08.26", "2015.08.26 10:00"]),
    (TIME, {"timestampFormat": "HH:mm"}, ["10:11", "1:11"]),
]  # fmt: skip
PATTERNS = [
    case(f"{value},1\n", columns, mode="PERMISSIVE", **options) for columns, options, values in DATES for value in values
] + [case("26/08/2015,1\n", DAY, dateFormat="yyyy-MM-dd"), case("26/08/2015,1\n", DAY, dateFormat="dd/MM/yyyy")]

CASES = QUOTING + BETWEEN + NOTHING + MALFORMED + ENCODINGS + PATTERNS


def text_of(value):
    """A value as Spark's CAST AS STRING writes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else repr(value)
    if hasattr(value, "hour"):
        text = value.strftime("%Y-%m-%d %H:%M:%S.%f")
        return text.rstrip("0").rstrip(".")
    return str(value)


def rows_of_spark(spark, path, tried):
    frame = spark.read.schema(tried.columns).options(**tried.all_options()).csv(str(path))
    try:
        # Each column by its name: nothing is pruned.
        rows = frame.selectExpr(*[f"cast(`{name}` as string)" for name in frame.columns]).collect()
    except Exception:  # pylint: disable=broad-except
        return ERROR
    return [list(row) for row in rows]


def rows_of_partita(partita, name, path, tried):
    options = [f"--read-option={key}={value}" for key, value in tried.all_options().items()]
    out = partita.folder / f"{name}.arrow"
    table = declare_csv(partita, name, path, tried.columns)
    outcome = partita("scan", "--table", table, *options, "--format", "arrow", "--output", out)
    if outcome.code != 0:
        return ERROR if outcome.code == 3 else outcome.stderr
    with pyarrow.ipc.open_stream(out) as reader:
        return [[text_of(value) for value in row.values()] for row in reader.read_all().to_pylist()]


@pytest.fixture(scope="module")
def catalogued(shared_partita):
    make_catalog(shared_partita)
    return shared_partita


def test_there_are_cases_enough():
    assert len(set(CASES)) >= 150


def test_every_case_is_read_as_spark_reads_it(spark, catalogued):
    wrong = []
    for number, tried in enumerate(dict.fromkeys(CASES)):
        path = catalogued.folder / f"case{number}.csv"
        path.write_bytes(tried.content)
        wanted = rows_of_spark(spark, path, tried)
        got = rows_of_partita(catalogued, f"case{number}", path, tried)
        if got != wanted:
            wrong.append((tried, wanted, got))
    assert wrong == []


# What Spark takes without a word, and Partita does not: the file, its options, what the message says, and Spark's rows.
STRICTER = [
    (case('"a"b,c\n'), "closing quote", [['"a"b', "c"]]),
    (case('a,"b'), "never closed", [["a", "b"]]),
    (case(ACCENTS.encode("latin1")), "not UTF-8", [["a", "�"], ["�", "�"]]),
    (case(ACCENTS.encode("latin1"), encoding="US-ASCII"), "byte 3", [["a", "�"], ["�", "�"]]),
    (case("a,b".encode("utf-16-le")[:-1], encoding="UTF-16LE"), "byte 5", None),
]


@pytest.mark.parametrize("tried, message, rows", STRICTER, ids=lambda value: value if isinstance(value, str) else "")
def test_nothing_is_mended_silently(spark, catalogued, tmp_path, tried, message, rows):
    path = tmp_path / "strict.csv"
    path.write_bytes(tried.content)
    if rows is not None:
        assert rows_of_spark(spark, path, tried) == rows
    options = [f"--read-option={key}={value}" for key, value in tried.all_options().items()]
    table = declare_csv(catalogued, f"strict{abs(hash(tried))}", path, tried.columns)
    outcome = catalogued("scan", "--table", table, *options, "--format", "json")
    assert outcome.code == 3
    assert message in outcome.stderr and "strict.csv" in outcome.stderr
