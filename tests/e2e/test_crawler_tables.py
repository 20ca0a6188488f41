"""What a crawl enters: Glue's fields, for readers that take the entry at its word; formats, folders, S3, reasons."""
import bz2
import gzip
import json
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawled_tables import columns, crawl, entry, outcomes, partitions, put, said

TEXT_FORMATS = {
    "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
}
# A Glue crawler's, of a real table; what it counts differs.
GLUE_CSV = {
    "skip.header.line.count": "1",
    "sizeKey": "0",
    "objectCount": "1",
    "UPDATED_BY_CRAWLER": "eletricc_vehicles",
    "CrawlerSchemaSerializerVersion": "1.0",
    "CrawlerSchemaDeserializerVersion": "1.0",
    "recordCount": "0",
    "averageRecordSize": "0",
    "compressionType": "none",
    "classification": "csv",
    "columnsOrdered": "true",
    "areColumnsQuoted": "false",
    "delimiter": ",",
    "typeOfData": "file",
}
# What a Glue crawler finds in the electric-vehicle register.
REGISTER = (
    "vin (1-10) string, county string, city string, state string, postal code bigint, model year bigint, make string, "
    "model string, electric vehicle type string, clean alternative fuel vehicle (cafv) eligibility string, "
    "electric range bigint, base msrp bigint, legislative district bigint, dol vehicle id bigint, "
    "vehicle location string, electric utility string, 2020 census tract bigint"
)


def write_parquet(path, **values):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(values), path)


# ---- Entries


@pytest.mark.parametrize("options", [["--glue-types", "--sample"], ["--sample"], []])
def test_the_register_has_the_types_that_glue_finds(partita, sample, options):
    crawl(partita, sample, "--table", "ev", *options)
    assert columns(entry(partita, "ev")) == REGISTER


def test_a_csv_entry_is_that_of_a_glue_crawler(partita, sample):
    report = crawl(partita, sample, "--table", "ev", "--name", "eletricc_vehicles")
    table = entry(partita, "ev")
    parameters = table["Parameters"]
    counted = {"sizeKey", "recordCount", "averageRecordSize"}
    assert {k: v for k, v in parameters.items() if k not in counted} == {
        k: v for k, v in GLUE_CSV.items() if k not in counted}  # fmt: skip
    assert int(parameters["sizeKey"]) == sample.stat().st_size
    assert int(parameters["recordCount"]) == report["num_rows"] == 5305
    storage = table["StorageDescriptor"]
    assert storage["Parameters"] == parameters
    assert {key: storage[key] for key in TEXT_FORMATS} == TEXT_FORMATS
    assert storage["SerdeInfo"] == {
        "Name": "",
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
        "Parameters": {"field.delim": ","},
    }
    assert (storage["Compressed"], storage["NumberOfBuckets"], storage["StoredAsSubDirectories"]) == (False, -1, False)
    assert (table["TableType"], table["Owner"], table["Retention"]) == ("EXTERNAL_TABLE", "owner", 0)
    assert storage["Location"] == str(sample)


def test_a_samples_number_of_rows_is_estimated_as_glue_does(partita, sample):
    [table] = crawl(partita, sample, "--table", "ev", "--sample")["tables"]
    parameters = entry(partita, "ev")["Parameters"]
    assert int(parameters["recordCount"]) == int(parameters["sizeKey"]) // int(parameters["averageRecordSize"])
    assert table["is_estimated"] and abs(table["num_rows"] - 5305) < 500


def test_a_json_entry_names_its_members_as_they_are_spelled(partita, spark):
    first = '{"Id": 1, "familyName": "Äsop", "Born": {"onDay": "x"}, "more": 2}\n'
    second = '{"Id": 2, "familyName": null, "Born": {"onDay": "y"}, "more": 1.5}\n'
    put(partita.folder, {"p/a.json": first, "p/b.json": second})
    crawl(partita, "p")
    table = entry(partita, "p")
    storage = table["StorageDescriptor"]
    assert {key: storage[key] for key in TEXT_FORMATS} == TEXT_FORMATS
    assert storage["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    assert storage["SerdeInfo"]["Parameters"] == {"paths": "Born,Id,familyName,more"}
    assert columns(table) == "born struct<onday:string>, id bigint, familyname string, more double"
    assert table["Parameters"]["classification"] == "json" and table["Parameters"]["recordCount"] == "2"
    # Spark, which heeds letter case in JSON, given the types and the spelling of the entry.
    paths = {path.lower(): path for path in storage["SerdeInfo"]["Parameters"]["paths"].split(",")}
    ddl = ", ".join(f"`{paths[c['Name']]}` {c['Type']}" for c in storage["Columns"])
    frame = spark.read.schema(ddl).option("mode", "FAILFAST").json(storage["Location"])
    rows = [json.loads(line) for line in partita.ok("scan", "--table", "d.p", "--format", "json").splitlines()]
    assert sorted(rows, key=lambda row: row["id"]) == [
        {"born": {"onday": "x"}, "id": 1, "familyname": "Äsop", "more": 2.0},
        {"born": {"onday": "y"}, "id": 2, "more": 1.5},
    ]
    assert sorted((row.Id, row.familyName, row.more) for row in frame.collect()) == [(1, "Äsop", 2.0), (2, None, 1.5)]


def test_a_parquet_entry_has_the_types_of_its_footers(partita, spark):
    write_parquet(partita.folder / "p/y=1/a.parquet", Id=pa.array([1, 2], pa.int32()), name=["x", None], r=[1.5, 2.5])
    write_parquet(partita.folder / "p/y=2/b.parquet", Id=pa.array([3], pa.int32()), name=["z"], r=[0.5])
    crawl(partita, "p")
    table = entry(partita, "p")
    storage = table["StorageDescriptor"]
    assert said(partita, "p") == "parquet: id int, name string, r double by y"
    assert storage["InputFormat"] == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    assert storage["OutputFormat"] == "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    assert storage["SerdeInfo"]["SerializationLibrary"] == (
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe")  # fmt: skip
    assert storage["SerdeInfo"]["Parameters"] == {"serialization.format": "1"}
    assert table["Parameters"]["recordCount"] == "3"
    assert partita.ok("count", "--table", "d.p", "--where", "y = '2'") == "1\n"
    ddl = ", ".join(f"`{c['Name']}` {c['Type']}" for c in storage["Columns"])
    frame = spark.read.schema(ddl + ", y string").parquet(storage["Location"])
    assert sorted(tuple(row) for row in frame.collect()) == [
        (1, "x", 1.5, "1"), (2, None, 2.5, "1"), (3, "z", 0.5, "2")]  # fmt: skip


def test_spark_reads_a_csv_by_its_entry(partita, spark):
    put(partita.folder, {"t/a.csv": 'Id;Name\n1;"x;y"\n02;\n'})
    crawl(partita, "t", "--glue-types")
    table = entry(partita, "t")
    storage = table["StorageDescriptor"]
    ddl = ", ".join(f"`{c['Name']}` {c['Type']}" for c in storage["Columns"])
    frame = (
        spark.read.schema(ddl)
        .option("sep", storage["SerdeInfo"]["Parameters"]["field.delim"])
        .option("header", table["Parameters"]["skip.header.line.count"] == "1")
        .option("mode", "FAILFAST")
        .csv(storage["Location"])
    )
    assert [tuple(row) for row in frame.collect()] == [(1, "x;y"), (2, None)]
    assert partita.ok("scan", "--table", "d.t", "--format", "json") == '{"id":1,"name":"x;y"}\n{"id":2}\n'


# ---- Tables of a tree


def test_parquet_columns_of_one_name_have_one_type(partita):
    write_parquet(partita.folder / "t/a.parquet", k=pa.array([1], pa.int64()))
    write_parquet(partita.folder / "t/b.parquet", k=pa.array(["x"]))
    report = crawl(partita, "t")
    assert outcomes(report) == {"a_parquet": "created", "b_parquet": "created"}
    assert "column k is bigint in one and string in the other" in report["notes"][0]


def test_why_a_folder_is_not_one_table_is_told(partita):
    put(partita.folder, {"t/a.csv": "a,b\n1,x\n", "t/b.csv": "a,c\n1,x\n"})
    text = partita.ok("crawl", "t", "--database", "d")
    assert f"note: {partita.folder}/t is not one table: files of one table do not agree: column 2" in text
    refused = partita("crawl", "t", "--database", "e", "--table", "one")
    assert refused.code == 3 and "a.csv" in refused.stderr and "b.csv" in refused.stderr
    assert partita.ok("catalog", "databases") == "d\n"


def test_several_paths_are_crawled_at_once(partita):
    put(partita.folder, {"a.csv": "k,v\n1,x\n", "b/c.json": '{"k": 1}\n'})
    assert outcomes(crawl(partita, "a.csv", "b")) == {"a_csv": "created", "b": "created"}
    within = partita("crawl", "b", "b/c.json", "--database", "d")
    assert within.code == 2 and "within another" in within.stderr


def test_a_file_of_no_known_format_is_named_and_nothing_is_entered(partita):
    put(partita.folder, {"t/a.csv": "k,v\n1,x\n", "t/b.zip": b"PK\x03\x04\x14\x00\x00\x00"})
    outcome = partita("crawl", "t", "--database", "d")
    assert outcome.code == 3 and "b.zip" in outcome.stderr and "ZIP" in outcome.stderr
    assert partita.ok("catalog", "databases") == ""
    assert outcomes(crawl(partita, "t", "--exclude", "*.zip")) == {"t": "created"}


PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "deflate": zlib.compress,
    "zst": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}
ROWS = "".join(f"{i},{i / 2},0{i}\n" for i in range(3000))


@pytest.mark.parametrize("ending, compression", [("gz", "gzip"), ("bz2", "bzip2"), ("deflate", "deflate"), ("zst", "zstd")])
def test_compressed_files_are_crawled_by_their_rows(partita, ending, compression):
    pack = PACKERS[ending]
    put(partita.folder, {f"t/y=1/a.csv.{ending}": pack(f"k,v,zip\n{ROWS}".encode()),
                         f"t/y=2/b.csv.{ending}": pack(b"k,v,zip\n7,x,1\n"),
                         f"u/a.json.{ending}": pack(b'{"a": 1}\n' * 3)})  # fmt: skip
    report = crawl(partita, "t", "u", "--explain")
    assert said(partita, "t") == "csv , header: k bigint, v string, zip string by y"
    assert said(partita, "u") == "json: a bigint"
    packed = sum(path.stat().st_size for path in (partita.folder / "t").rglob("*.*"))
    for name, rows in (("t", 3001), ("u", 3)):
        parameters = entry(partita, name)["Parameters"]
        assert (parameters["compressionType"], parameters["recordCount"]) == (compression, str(rows))
        assert partita.ok("count", "--table", f"d.{name}") == f"{rows}\n"
    assert entry(partita, "t")["Parameters"]["sizeKey"] == str(packed)
    told = {column["name"]: column["reason"] for column in report["tables"][0]["columns"]}
    assert told["zip"].endswith('row 1 (line 2), column zip, value "00": text, as it has a leading zero')
    assert f"t/y=2/b.csv.{ending}, row 1 (line 2), column v" in told["v"]
    [sampled, _] = crawl(partita, "t", "u", "--sample")["tables"]
    assert sampled["is_estimated"] and 2000 < sampled["num_rows"] < 4000


def test_compressed_files_without_text_are_passed_over(partita):
    put(partita.folder, {"t/a.csv.gz": gzip.compress(b"k,v\n1,x\n"), "t/b.csv.gz": gzip.compress(b""),
                         "u/a.json.gz": gzip.compress(b"")})  # fmt: skip
    [table] = crawl(partita, "t")["tables"]
    assert (table["num_files"], table["num_rows"]) == (1, 1)
    assert partita.ok("count", "--table", "d.t") == "1\n"
    nothing = partita("crawl", "u", "--database", "d")
    assert nothing.code == 3 and "no row and no header" in nothing.stderr


def test_files_that_are_compressed_and_such_that_are_not_are_several_tables(partita):
    put(partita.folder, {"t/a.csv": "k,v\n1,x\n", "t/b.csv.gz": gzip.compress(b"k,v\n2,y\n")})
    report = crawl(partita, "t")
    assert outcomes(report) == {"a_csv": "created", "b_csv_gz": "created"}
    assert "the compression of one is none, of the other gzip" in report["notes"][0]


@pytest.mark.parametrize("options", [[], ["--sample"]])
def test_a_damaged_compressed_file_is_named_and_nothing_is_entered(partita, options):
    whole = gzip.compress(b"k,v\n1,x\n")
    for broken, part in ((whole[:-3], "cut off"), (b"k,v\n1,x\n", "as its name says"), (whole + b"rest", "something else")):
        put(partita.folder, {"t/a.csv.gz": whole, "t/b.csv.gz": broken})
        outcome = partita("crawl", "t", "--database", "d", *options)
        assert outcome.code == 3 and "t/b.csv.gz" in outcome.stderr and part in outcome.stderr
    assert partita.ok("catalog", "databases") == ""


def test_a_file_that_unpacks_to_more_than_allowed_ends_a_crawl(partita):
    put(partita.folder, {"a.csv.gz": gzip.compress(b"k,v\n" + b"1,x\n" * 10_000),
                         "b.json.gz": gzip.compress(b'{"a": 1}\n' * 10_000)})  # fmt: skip
    for name in ("a.csv.gz", "b.json.gz"):
        few = partita("crawl", name, "--database", "d", "--read-option", "maxUnpackedBytes=10000")
        assert few.code == 3 and name in few.stderr and "maxUnpackedBytes" in few.stderr
        crawl(partita, name, "--read-option", "maxUnpackedBytes=1000000")


def test_a_parquet_file_that_is_compressed_as_a_whole_is_refused(partita):
    write_parquet(partita.folder / "a.parquet", k=[1])
    put(partita.folder, {"b.parquet.gz": gzip.compress((partita.folder / "a.parquet").read_bytes())})
    outcome = partita("crawl", "b.parquet.gz", "--database", "d")
    assert outcome.code == 3 and "b.parquet.gz" in outcome.stderr and "unpack" in outcome.stderr


@pytest.mark.parametrize("text", ['{"a": 1}\n{"a": \n', '{"a": 1}\n[1]\n', '{\n  "a": 1\n}\n', '{"a": 1, "A": 2}\n'])
def test_broken_json_is_told_by_file_and_line(partita, text):
    put(partita.folder, {"a.json": text})
    outcome = partita("crawl", "a.json", "--database", "d")
    assert outcome.code == 3 and "a.json" in outcome.stderr
    assert partita.ok("catalog", "databases") == ""


def test_options_of_csv_are_refused_where_there_is_none(partita):
    put(partita.folder, {"a.json": '{"a": 1}\n'})
    outcome = partita("crawl", "a.json", "--database", "d", "--read-option", "header=true")
    assert outcome.code == 2 and "header" in outcome.stderr
    put(partita.folder, {"b.txt": '{"a";1\n{"b";2\n'})
    crawl(partita, "b.txt", "--read-option", "sep=;")
    assert entry(partita, "b_txt")["Parameters"]["classification"] == "csv"


def test_a_key_that_is_a_column_too_is_refused(partita):
    put(partita.folder, {"t/k=1/a.csv": "k,v\n1,x\n"})
    outcome = partita("crawl", "t", "--database", "d")
    assert outcome.code == 3 and "rename" in outcome.stderr


def test_excluded_files_are_none_of_the_tables(partita):
    put(partita.folder, {"t/a.csv": "k,v\n1,x\n", "t/b.bak": "k,v\n2,y\n"})
    crawl(partita, "t", "--exclude", "*.bak")
    assert entry(partita, "t")["Parameters"]["exclusions"] == json.dumps([f"{partita.folder}/t/*.bak"])
    assert partita.ok("count", "--table", "d.t") == "1\n"
    partita.ok("write", "--table", "d.t", "--partition-by", "k", "--output", "csv=out")
    assert [path.parent.name for path in (partita.folder / "out").rglob("*.csv")] == ["k=1"]


def test_partitions_lie_in_their_folders(partita):
    put(partita.folder, {"t/make=A%2FB/a.csv": "k,v\n1,x\n", "t/make=__HIVE_DEFAULT_PARTITION__/a.csv": "k,v\n2,y\n"})
    crawl(partita, "t")
    listed = partitions(partita, "t")
    assert [p["Values"] for p in listed] == [["A/B"], ["__HIVE_DEFAULT_PARTITION__"]]
    assert listed[0]["StorageDescriptor"]["Location"] == f"{partita.folder}/t/make=A%2FB/"
    rows = partita.ok("scan", "--table", "d.t", "--format", "json")
    assert sorted(rows.splitlines()) == ['{"k":1,"v":"x","make":"A/B"}', '{"k":2,"v":"y"}']


def test_a_tree_on_s3_is_crawled_as_a_local_one(s3_partita, bucket):
    put(s3_partita.folder, {"in/t/y=1/a.csv": "k,v\n1,x\n", "in/t/y=2/a.csv": "k,v\n2,y\n",
                            "in/u/a.json": '{"a": 1}\n', "in/u/skip.tmp": "rubbish"})  # fmt: skip
    for path in (s3_partita.folder / "in").rglob("*.*"):
        bucket.put(f"in/{path.relative_to(s3_partita.folder / 'in')}", path.read_bytes())
    report = crawl(s3_partita, bucket.uri("in"), "--exclude", "**.tmp")
    assert outcomes(report) == {"t": "created", "u": "created"}
    assert said(s3_partita, "t") == "csv , header: k bigint, v string by y"
    assert entry(s3_partita, "u")["StorageDescriptor"]["Location"] == bucket.uri("in/u") + "/"
    assert s3_partita.ok("count", "--table", "d.t", "--where", "y = '2'") == "1\n"
    assert s3_partita.ok("count", "--table", "d.u") == "1\n"
    assert outcomes(crawl(s3_partita, bucket.uri("in"), "--exclude", "**.tmp")) == {"t": "unchanged", "u": "unchanged"}


# ---- Reasons


def reasons(report) -> dict:
    return {column["name"]: column.get("reason") for table in report["tables"] for column in table["columns"]}


def test_the_row_that_forced_a_type_is_told(partita):
    put(partita.folder, {"t/a.csv": "zip,n,m,ok,e,b\n98125,1,1,true,,1\n02020,2,2.5,false,,true\n03030,3,3,,,\n",
                         "t/b.csv": "zip,n,m,ok,e,b\nx,4,4.5,,,\n"})  # fmt: skip
    told = reasons(crawl(partita, "t", "--explain"))
    a = f"file {partita.folder}/t/a.csv"
    assert told == {
        "zip": f'{a}, row 2 (line 3), column zip, value "02020": text, as it has a leading zero',
        "n": "every value is an integer",
        "m": f'{a}, row 2 (line 3), column m, value "2.5": a number with point or exponent',
        "ok": "every value is true or false",
        "e": "no row has a value",
        "b": f'{a}, row 1 (line 2), column b, value "1": an integer; '
             f'{a}, row 2 (line 3), column b, value "true": true or false',  # fmt: skip
    }
    text = partita.ok("crawl", "t", "--database", "d", "--explain", "--quiet")
    assert f"  zip  string: {told['zip']}\n" in text
    sampled = reasons(crawl(partita, "t", "--explain", "--sample"))
    assert sampled["zip"].startswith(f"{a}, row 2, column zip")
    assert reasons(crawl(partita, "t")) == dict.fromkeys(told)


def test_of_many_rows_the_first_one_is_told_whatever_the_threads(partita):
    rows = "".join(f"{i},{i}\n" for i in range(400_000)) + "odd,1\n" + "".join(f"{i},1\n" for i in range(400_000))
    put(partita.folder, {"big.csv": "k,v\n" + rows + "even,1\n"})
    told = reasons(crawl(partita, "big.csv", "--explain"))
    assert told["k"].endswith('row 400001 (line 400002), column k, value "odd": text')
    assert told["v"] == "every value is an integer"


def test_json_tells_the_line_that_changed_a_type_last(partita):
    put(partita.folder, {"a.json": '{"a": 1, "b": "x"}\n{"a": 2.5}\n{"a": 3}\n'})
    told = reasons(crawl(partita, "a.json", "--explain"))
    assert told == {"a": f"file {partita.folder}/a.json, line 2", "b": f"file {partita.folder}/a.json, line 1"}
