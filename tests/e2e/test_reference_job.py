"""The job that users run as a Glue script, against real Spark on the same data."""

import pathlib

import pytest

import readers
import spark_oracle

FORMATS = ["parquet", "json", "csv"]
KEYS = ["Model Year", "Make"]
TABLE = "glue_db.electric_vehicle_population_data_csv"
# What a Glue crawler finds in the register; all other columns are strings.
REGISTER_TYPES = {
    name: "bigint"
    for name in [
        "postal code",
        "model year",
        "electric range",
        "base msrp",
        "legislative district",
        "dol vehicle id",
        "2020 census tract",
    ]
}


def crawl_and_write(partita, source, out, *extra):
    """The two commands of the README; the table has the register's name whatever the file is called."""
    partita.ok("crawl", source, "--database", "glue_db", "--table", TABLE.split(".")[1])
    outputs = [f"--output={f}={out / f}" for f in FORMATS]
    keys = [f"--partition-by={key}" for key in KEYS]
    return partita.ok(
        "write", "--table", TABLE, *keys, *outputs, "--option=csv.header=true", "--mode=overwrite", *extra
    )


class Job:
    """Our outputs and Spark's of the same input."""

    def __init__(self, source, ours, theirs, num_rows):
        self.source, self.ours, self.theirs, self.num_rows = source, ours, theirs, num_rows


@pytest.fixture(scope="module", params=["register", "generated"])
def job(request, shared_partita, spark, tmp_path_factory):
    root = tmp_path_factory.mktemp(request.param)
    if request.param == "register":
        source = pathlib.Path(request.getfixturevalue("sample"))
        num_rows = 5305
    else:
        source = root / "generated.csv"
        num_rows = 20000
        shared_partita.ok("generate", "--rows", num_rows, "--seed", 7, source)
    crawl_and_write(shared_partita, source, root / "ours")
    frame = spark_oracle.catalog_frame(spark, source, REGISTER_TYPES)
    spark_oracle.write_all(frame, KEYS, root / "theirs")
    return Job(source, root / "ours", root / "theirs", num_rows)


@pytest.mark.parametrize("file_format", FORMATS)
def test_folders_are_named_as_spark_names_them(job, file_format):
    assert readers.folders(job.ours / file_format) == readers.folders(job.theirs / file_format)


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_folder_has_the_rows_spark_writes_there(job, file_format):
    ours = readers.rows_by_folder(job.ours / file_format, file_format)
    theirs = readers.rows_by_folder(job.theirs / file_format, file_format)
    assert sum(sum(rows.values()) for rows in theirs.values()) == job.num_rows
    for folder, rows in theirs.items():
        assert ours[folder] == rows, folder


@pytest.mark.parametrize("file_format", FORMATS)
def test_independent_readers_find_every_row(job, spark, file_format):
    root = job.ours / file_format
    assert readers.count_with_pyarrow(root, file_format) == job.num_rows
    assert readers.count_with_duckdb(root, file_format) == job.num_rows
    assert readers.count_with_spark(spark, root, file_format) == job.num_rows


def test_spark_reads_the_same_values_and_types_from_both(job, spark):
    ours = spark.read.parquet(str(job.ours / "parquet"))
    theirs = spark.read.parquet(str(job.theirs / "parquet"))
    assert ours.schema == theirs.schema
    assert ours.exceptAll(theirs).count() == 0
    assert theirs.exceptAll(ours).count() == 0


@pytest.mark.parametrize("file_format", FORMATS)
def test_there_is_one_file_per_partition_and_an_empty_success_mark(job, file_format):
    files = readers.data_files(job.ours / file_format)
    assert all(len(paths) == 1 for paths in files.values())
    success = job.ours / file_format / "_SUCCESS"
    assert success.is_file() and success.stat().st_size == 0


def test_the_register_has_229_partitions_spelled_as_the_user_wrote(partita, sample, tmp_path):
    crawl_and_write(partita, sample, tmp_path)
    for file_format in FORMATS:
        names = readers.folders(tmp_path / file_format)
        assert len(names) == 229
        assert "Model Year=2011/Make=CHEVROLET" in names


def test_the_crawled_schema_prints_as_spark_prints_it(partita, spark, sample):
    partita.ok("crawl", sample, "--database", "glue_db", "--table", TABLE.split(".")[1])
    frame = spark_oracle.catalog_frame(spark, sample, REGISTER_TYPES)
    tree = frame._jdf.schema().treeString() + "\n"
    assert partita.ok("schema", "--table", TABLE) == tree


def test_rows_of_a_partition_keep_their_order_whatever_the_thread_count(partita, tmp_path):
    source = tmp_path / "in.csv"
    partita.ok("generate", "--rows", 30000, source)
    contents = []
    for threads in (1, 2, 5):
        out = tmp_path / f"out{threads}"
        partita.ok(
            "write", source, "--partition-by=Make", f"--output=csv={out}",
            "--threads", threads, "--memory", "16MiB",
        )
        contents.append(
            {
                folder: [path.read_bytes() for path in sorted(paths)]
                for folder, paths in readers.data_files(out).items()
            }
        )
    assert contents[0] == contents[1] == contents[2]
