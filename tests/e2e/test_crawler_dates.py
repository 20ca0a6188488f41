"""Dates and timestamps that a crawl finds with `--types rich`, and that no reader or writer alters them."""
import json

import pytest

from crawled_tables import columns, crawl, entry, put, said
from hive_reader import hive_rows

# Values of a column, and the type that they give it.
COLUMNS = {
    "days": (["2024-01-31", "1999-12-31", ""], "date"),
    "the first day and the last": (["0001-01-01", "9999-12-31"], "date"),
    "leap days": (["2024-02-29", "2000-02-29"], "date"),
    "no leap day": (["2024-02-29", "2023-02-29"], "string"),
    "timestamps": (["2024-01-31 10:30:00", "2024-01-31 23:59:59.999"], "timestamp"),
    "with T": (["2024-01-31T10:30:00", "2024-01-31T10:30:00.5"], "timestamp"),
    "as Spark writes them": (["2024-01-31T10:30:00.000Z", "2024-01-31T10:30:00.250Z"], "timestamp"),
    "in UTC": (["2024-01-31 10:30:00+00:00", ""], "timestamp"),
    "nanoseconds that are zero": (["2024-01-31 10:30:00.123000000"], "timestamp"),
    "microseconds": (["2024-01-31 10:30:00.123456"], "string"),
    "another zone": (["2024-01-31T10:30:00+02:00"], "string"),
    "days and timestamps": (["2024-01-31", "2024-01-31 00:00:00"], "string"),
    "with T and without": (["2024-01-31T10:30:00", "2024-01-31 10:30:00"], "string"),
    "with Z and without": (["2024-01-31T10:30:00Z", "2024-01-31T10:30:00"], "string"),
    "other orders": (["31/01/2024", "2024/01/31"], "string"),
    "one digit": (["2024-1-31", "2024-01-31"], "string"),
    "blanks around": (["2024-01-31", " 2024-01-31"], "string"),
    "no seconds": (["2024-01-31 10:30"], "string"),
    "midnight at the end": (["2024-01-31 24:00:00"], "string"),
    "months": (["2024-01", "2024-02"], "string"),
    "years": (["2024", "2023"], "bigint"),
    "a word among days": (["2024-01-31"] * 5000 + ["soon"], "string"),
    "a year among days": (["2024-01-31"] * 5000 + ["2024"], "string"),
}


def csv_of(values) -> str:
    return "when,n\n" + "".join(f"{value},{number}\n" for number, value in enumerate(values))


def json_of(values) -> str:
    return "".join(json.dumps({"n": number} | ({"when": value} if value else {})) + "\n" for number, value in enumerate(values))


@pytest.mark.parametrize("case", COLUMNS)
def test_a_column_has_the_type_that_holds_all_its_values(partita, case):
    values, expected = COLUMNS[case]
    put(partita.folder, {"t.csv": csv_of(values)})
    crawl(partita, "t.csv", "--types", "rich")
    assert said(partita, "t_csv") == f"csv , header: when {expected}, n bigint"
    # Every row fits it.
    assert partita.ok("scan", "--table", "d.t_csv", "--format", "json").count("\n") == len(values)


@pytest.mark.parametrize("case", [case for case in COLUMNS if case != "years"])
def test_texts_of_json_have_the_same_types(partita, case):
    values, expected = COLUMNS[case]
    put(partita.folder, {"t.json": json_of(values)})
    crawl(partita, "t.json", "--types", "rich")
    assert set(columns(entry(partita, "t_json")).split(", ")) == {f"when {expected}", "n bigint"}
    assert partita.ok("scan", "--table", "d.t_json", "--format", "json").count("\n") == len(values)


@pytest.mark.parametrize("options", [[], ["--types", "plain"], ["--glue-types"]])
def test_who_does_not_ask_gets_strings(partita, options):
    put(partita.folder, {"t.csv": csv_of(["2024-01-31"]), "t.json": json_of(["2024-01-31"])})
    crawl(partita, "t.csv", "t.json", *options)
    assert said(partita, "t_csv") == "csv , header: when string, n bigint"
    assert set(columns(entry(partita, "t_json")).split(", ")) == {"when string", "n bigint"}


def test_other_rules_may_stand_beside(partita):
    put(partita.folder, {"t.csv": "when,zip\n2024-01-31,02020\n" + "2024-02-01,1\n" * 2000 + "never,x\n"})
    crawl(partita, "t.csv", "--types", "rich", "--glue-types", "--sample")
    assert said(partita, "t_csv") == "csv , header: when date, zip bigint"


def test_where_the_serde_takes_dates_for_numbers_they_stay_strings(partita):
    put(partita.folder, {"t.csv": "when,n\n'2024-01-31',1\n"})
    crawl(partita, "t.csv", "--types", "rich", "--read-option", "quote='")
    assert said(partita, "t_csv") == "csv , header: when string, n bigint"


def test_nested_json_has_dates_too(partita):
    put(partita.folder, {"a.json": '{"who": {"born": "1999-12-31"}, "seen": ["2024-01-31T10:30:00Z"]}\n'})
    crawl(partita, "a.json", "--types", "rich")
    assert set(columns(entry(partita, "a_json")).split(", ")) == {"who struct<born:date>", "seen array<timestamp>"}


def reasons(report: dict) -> dict:
    return {column["name"]: column["reason"] for table in report["tables"] for column in table["columns"]}


def test_each_decision_is_explained(partita):
    put(partita.folder, {"t.csv": (
        "day,at,mixed,fine,n\n"
        "2024-01-31,2024-01-31T10:30:00Z,2024-01-31,2024-01-31 10:30:00,1\n"
        "2024-02-01,2024-01-31T10:30:00Z,2024-02-01 00:00:00,2024-01-31 10:30:00.000001,2\n")})  # fmt: skip
    told = reasons(crawl(partita, "t.csv", "--types", "rich", "--explain"))
    file = f"file {partita.folder}/t.csv"
    assert told == {
        "day": "every value is a date like 2024-01-31",
        "at": "every value is a timestamp like 2024-01-31T10:30:00Z",
        "mixed": f'{file}, row 1 (line 2), column mixed, value "2024-01-31": a date like 2024-01-31; '
                 f'{file}, row 2 (line 3), column mixed, value "2024-02-01 00:00:00": '
                 "a timestamp like 2024-01-31 10:30:00",
        "fine": f'{file}, row 2 (line 3), column fine, value "2024-01-31 10:30:00.000001": '
                "text, as it would change if read as a date or timestamp",
        "n": "every value is an integer",
    }  # fmt: skip


def test_json_tells_the_line_that_made_a_string_of_a_timestamp(partita):
    put(partita.folder, {"a.json": (
        '{"a": "2024-01-31T10:30:00Z", "b": "2024-01-31"}\n{"a": "2024-01-31T10:30:00"}\n{"a": "2024-01-31T10:30:00"}\n')})
    told = reasons(crawl(partita, "a.json", "--types", "rich", "--explain"))
    assert told == {"a": f"file {partita.folder}/a.json, line 2", "b": f"file {partita.folder}/a.json, line 1"}


def test_a_crawler_keeps_what_it_looks_for(partita):
    put(partita.folder, {"t/year=2024/a.csv": csv_of(["2024-01-31"])})
    partita.ok("crawler", "create", "c", "--database", "d", "--target", "t", "--types", "rich")
    partita.ok("crawler", "run", "c")
    assert said(partita, "t") == "csv , header: when date, n bigint by year"
    assert "types          of all rows, dates and timestamps\n" in partita.ok("crawler", "show", "c")
    put(partita.folder, {"t/year=2023/a.csv": csv_of(["2023-12-24", "Christmas"])})
    partita.ok("crawler", "run", "c")
    assert said(partita, "t") == "csv , header: when string, n bigint by year"
    # A partitioned table's string stays one, whatever the partitions that are left hold.
    (partita.folder / "t/year=2023/a.csv").unlink()
    partita.ok("crawler", "run", "c")
    assert said(partita, "t") == "csv , header: when string, n bigint by year"


def test_another_word_for_types_is_refused(partita):
    outcome = partita("crawl", "t.csv", "--database", "d", "--types", "ritch")
    assert outcome.code == 2 and "rich" in outcome.stderr


# ---- No reader or writer alters a value

DAYS = ["2024-01-31", "0001-01-01", "1582-10-10", "9999-12-31", "", "1970-01-01"]
BLANK = ["2024-01-31 10:30:00", "0001-01-01 00:00:00", "1582-10-10 12:00:00.5", "9999-12-31 23:59:59.999", "",
         "1969-12-31 23:59:59.001"]  # fmt: skip
WITH_T = [value.replace(" ", "T") for value in BLANK]
WITH_Z = [value and value + "Z" for value in WITH_T]
ROWS = "part,k,day,at,t,z\n" + "".join(
    f"x,{number},{','.join(row)}\n" for number, row in enumerate(zip(DAYS, BLANK, WITH_T, WITH_Z)))
NAMES = "k", "day", "at", "t", "z"
TYPES = "day date, at timestamp, t timestamp, z timestamp"


def ddl(table: dict) -> str:
    return ", ".join(f"`{c['Name']}` {c['Type']}" for c in table["StorageDescriptor"]["Columns"])


def texts(frame) -> list:
    """Rows as Spark casts them to strings, which shows every microsecond."""
    return sorted(tuple(row) for row in frame.selectExpr(*(f"cast(`{name}` as string)" for name in NAMES)).collect())


def expected_texts() -> list:
    """The texts of the file as they are cast back: without T and Z, and NULL for what is empty."""
    times = [value or None for value in BLANK]
    return sorted((str(number), day or None, at, at, at) for number, (day, at) in enumerate(zip(DAYS, times)))


@pytest.fixture
def dated(partita):
    put(partita.folder, {"t/a.csv": ROWS})
    crawl(partita, "t", "--types", "rich")
    assert said(partita, "t") == f"csv , header: part string, k bigint, {TYPES}"
    return partita


def by_entry(spark, table: dict):
    """The frame of a CSV table, as its entry says that it is read."""
    reader = spark.read.schema(ddl(table)).option("header", True).option("mode", "FAILFAST")
    return reader.csv(table["StorageDescriptor"]["Location"])


def write(partita, file_format: str, *arguments):
    partita.ok("write", "--table", "d.t", "--partition-by", "part", "--output", f"{file_format}={file_format}", *arguments)


def test_spark_reads_every_value_by_the_entry(dated, spark):
    assert texts(by_entry(spark, entry(dated, "t"))) == expected_texts()


@pytest.mark.parametrize("file_format", ["parquet", "json", "csv"])
def test_spark_reads_back_every_value_that_we_wrote(dated, spark, file_format):
    write(dated, file_format)
    frame = spark.read.schema(ddl(entry(dated, "t"))).format(file_format).load(str(dated.folder / file_format))
    assert texts(frame) == expected_texts()


def lines(folder) -> list:
    return sorted(line for path in folder.rglob("part-*") for line in path.read_text().splitlines())


@pytest.mark.parametrize("file_format", ["json", "csv"])
def test_text_files_have_the_lines_that_spark_writes(dated, spark, file_format):
    write(dated, file_format)
    frame = by_entry(spark, entry(dated, "t"))
    frame.write.partitionBy("part").format(file_format).save(str(dated.folder / "sparks"))
    assert lines(dated.folder / file_format) == lines(dated.folder / "sparks") != []


@pytest.mark.parametrize("file_format, arguments", [("json", []), ("csv", ["--option", "csv.header=true"])])
def test_what_we_wrote_is_crawled_as_the_same_types(dated, file_format, arguments):
    write(dated, file_format, *arguments)
    crawl(dated, file_format, "--types", "rich")
    assert set(columns(entry(dated, file_format)).split(", ")) == {"k bigint", *TYPES.split(", ")}

    def rows(table):
        return sorted(dated.ok("scan", "--table", table, "--select", ",".join(NAMES), "--format", "csv").splitlines())

    assert rows(f"d.{file_format}") == rows("d.t")


def test_days_are_partitions_as_spark_names_them(dated, spark):
    dated.ok("write", "--table", "d.t", "--partition-by", "day", "--output", "parquet=ours")
    by_entry(spark, entry(dated, "t")).write.partitionBy("day").parquet(str(dated.folder / "sparks"))
    folders = {path.name for path in (dated.folder / "ours").glob("day=*")}
    assert folders == {path.name for path in (dated.folder / "sparks").glob("day=*")}
    assert "day=1582-10-10" in folders and len(folders) == len(DAYS)


def test_hive_reads_every_value_by_the_entry(dated, tmp_path_factory):
    """But before 1582, where its calendar is another. Spark's Hive takes the header for a row, whatever the entry says."""
    rows = [row for row in hive_rows(entry(dated, "t"), tmp_path_factory.mktemp("hive")) if row[0] != "part"]
    old = {str(number) for number, day in enumerate(DAYS) if day and day < "1582-10-15"}
    assert {row[1:] for row in rows if row[1] not in old} == {row for row in expected_texts() if row[0] not in old}
    assert len(rows) == len(DAYS)
