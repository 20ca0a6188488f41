"""A small file with everything that breaks writers, against real Spark on the same file.

Spark reads it with doubled quotes and quoted line ends (escape='"', multiLine); what is written is read with Spark's
default escape, the backslash. Our run uses --compat spark: Spark's CSV writer trims blanks at the ends.
"""

import pathlib

import pytest

import readers
import spark_oracle

FORMATS = ["parquet", "json", "csv"]
NASTY = pathlib.Path(__file__).parent.parent / "data" / "nasty.csv"
TYPES = {"id": "bigint", "size": "bigint", "amount": "double", "flag": "boolean"}
KEY_SETS = {"two keys": ["Kind", "Size"], "typed keys": ["Amount", "Flag"], "text key": ["Text"], "spelled": ["zEROS"]}


@pytest.fixture(scope="module")
def crawled(shared_partita):
    shared_partita.ok("crawl", NASTY, "--database", "nasty_db", "--table", "nasty")
    return "nasty_db.nasty"


def test_types_hold_for_every_row_and_leading_zeros_make_a_string(shared_partita, crawled):
    tree = shared_partita.ok("schema", "--table", crawled)
    assert tree == (
        "root\n"
        " |-- id: long (nullable = true)\n"
        " |-- kind: string (nullable = true)\n"
        " |-- size: long (nullable = true)\n"
        " |-- text: string (nullable = true)\n"
        " |-- padded: string (nullable = true)\n"
        " |-- zeros: string (nullable = true)\n"
        " |-- amount: double (nullable = true)\n"
        " |-- flag: boolean (nullable = true)\n\n"
    )


@pytest.fixture(scope="module", params=list(KEY_SETS))
def job(request, shared_partita, spark, crawled, tmp_path_factory):
    root = tmp_path_factory.mktemp("nasty")
    keys = KEY_SETS[request.param]
    outputs = [f"--output={f}={root / 'ours' / f}" for f in FORMATS]
    shared_partita.ok(
        "write", "--table", crawled, *[f"--partition-by={key}" for key in keys], *outputs,
        "--option=csv.header=true", "--compat=spark",
    )
    frame = spark_oracle.catalog_frame(spark, NASTY, TYPES, multi_line=True)
    spark_oracle.write_all(frame, keys, root / "theirs")
    return root


@pytest.mark.parametrize("file_format", FORMATS)
def test_folders_and_rows_are_sparks(job, file_format):
    ours = readers.rows_by_folder(job / "ours" / file_format, file_format)
    theirs = readers.rows_by_folder(job / "theirs" / file_format, file_format)
    assert sorted(ours) == sorted(theirs)
    for folder, rows in theirs.items():
        assert ours[folder] == rows, folder


@pytest.mark.parametrize("file_format", FORMATS)
def test_spark_reads_back_what_it_reads_from_its_own(job, spark, file_format):
    def load(root):
        reader = spark.read
        if file_format == "csv":
            reader = reader.option("header", True).option("multiLine", True)
        return reader.format(file_format).load(str(root / file_format))

    ours, theirs = load(job / "ours"), load(job / "theirs")
    assert ours.columns == theirs.columns
    assert ours.exceptAll(theirs).count() == 0
    assert theirs.exceptAll(ours).count() == 0


def test_without_compat_no_blank_is_lost(shared_partita, crawled, tmp_path):
    out = tmp_path / "csv"
    shared_partita.ok(
        "write", "--table", crawled, "--partition-by=Kind", f"--output=csv={out}",
        "--option=csv.header=true",
    )
    text = "".join(path.read_text(encoding="utf-8") for paths in readers.data_files(out).values() for path in paths)
    assert ", padded ," in text and ",\t both\t," in text and ",   ," in text
