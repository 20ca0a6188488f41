"""Text that is compressed with snappy in Hadoop's frames: what Spark writes we read, and what we read Spark reads alike."""
import json
import struct

import pyarrow
import pytest

from crawled_tables import entry
from test_inputs_write import put

RAW = pyarrow.Codec("snappy")
HEADER = ["--read-option", "header=true"]


def block(text: bytes, chunk_bytes: int = 1000) -> bytes:
    """One block of Hadoop's frames, in chunks of as much text."""
    chunks = [RAW.compress(text[i : i + chunk_bytes], asbytes=True) for i in range(0, len(text), chunk_bytes)]
    return struct.pack(">I", len(text)) + b"".join(struct.pack(">I", len(chunk)) + chunk for chunk in chunks)


def csv_rows(count: int) -> str:
    return "".join(f"{i},{i * 7919 % 10007},Käse {i % 13}\n" for i in range(count))


def rows_of(text: str) -> list:
    return sorted(text.splitlines()[1:])


def rows_in_spark(frame) -> list:
    return sorted(",".join(map(str, row)) for row in frame.collect())


def hadoop_file(spark, path, writes):
    """A file by Hadoop's own codec, of as many calls to write()."""
    java = spark._jvm  # pylint: disable=protected-access
    codec = java.org.apache.hadoop.io.compress.SnappyCodec()
    codec.setConf(spark._jsc.hadoopConfiguration())  # pylint: disable=protected-access
    stream = codec.createOutputStream(java.java.io.FileOutputStream(str(path)))
    for data in writes:
        stream.write(bytearray(data))
    stream.close()


@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_what_spark_compresses_every_command_reads(partita, spark, file_format):
    rows = [(i, i * 7919 % 10007, f"Käse, {i}" if i % 3 else None) for i in range(30_000)]
    frame = spark.createDataFrame(rows, "id bigint, n bigint, s string")
    writer = frame.repartition(3).write.option("compression", "snappy").option("header", True)
    writer.format(file_format).save(str(partita.folder / "in"))
    files = sorted((partita.folder / "in").glob(f"*.{file_format}.snappy"))
    assert len(files) == 3 and max(path.stat().st_size for path in files) > 100_000  # several blocks
    assert partita.ok("count", "in") == "30000\n"
    assert "id: long" in partita.ok("schema", "in")
    assert "only showing top 2 rows" in partita.ok("show", "-n", 2, "in")
    read = partita.ok("scan", "in", "--select", "id,n,s", "--format", "json").splitlines()
    assert sorted(map(json.loads, read), key=lambda row: row["id"]) == [
        {name: value for name, value in zip(("id", "n", "s"), row) if value is not None} for row in rows
    ]
    partita.ok("crawl", "in", "--database", "d")
    assert partita.ok("count", "--table", "d.in") == "30000\n"
    parameters = entry(partita, "in")["Parameters"]
    assert (parameters["compressionType"], parameters["recordCount"]) == ("snappy", "30000")
    partita.ok("write", "--table", "d.in", "--partition-by", "s", "--output", "json=out", "--where", "n < 100")
    assert partita.ok("count", "out") == f"{sum(n < 100 for _, n, _ in rows)}\n"


@pytest.mark.parametrize("writes", ["one large", "large, then small", "small", "none"])
def test_what_hadoops_codec_writes_spark_and_we_read_alike(partita, spark, writes):
    text = ("id,n,s\n" + csv_rows(40_000)).encode()
    assert len(text) > 3 * 212_992  # several chunks in one block
    pieces = {
        "one large": [text],  # Hadoop ends such a file with an empty block
        "large, then small": [text[:-100], text[-100:]],
        "small": [text[i : i + 50_000] for i in range(0, len(text), 50_000)],
        "none": [],
    }[writes]
    hadoop_file(spark, partita.folder / "in.csv.snappy", pieces)
    assert (partita.folder / "in.csv.snappy").read_bytes().endswith(b"\0\0\0\0") == (writes in ("one large", "none"))
    if not pieces:
        assert spark.read.text(str(partita.folder / "in.csv.snappy")).count() == 0
        assert partita("count", "in.csv.snappy").stderr.count("no row and no header") == 1
        return
    theirs = rows_in_spark(spark.read.csv(str(partita.folder / "in.csv.snappy"), header=True))
    assert len(theirs) == 40_000
    assert rows_of(partita.ok("scan", "in.csv.snappy", "--format", "csv")) == theirs


@pytest.mark.parametrize("chunk_bytes", [7, 1000, 200_000])
def test_blocks_that_follow_each_other_spark_and_we_read_alike(partita, spark, chunk_bytes):
    parts = [b"id,n,s\n", csv_rows(3000).encode(), csv_rows(1).encode(), csv_rows(9000).encode()]
    put(partita.folder / "in.csv.snappy", b"".join(block(part, chunk_bytes) for part in parts))
    theirs = rows_in_spark(spark.read.csv(str(partita.folder / "in.csv.snappy"), header=True))
    assert len(theirs) == 12_001
    assert rows_of(partita.ok("scan", "in.csv.snappy", "--format", "csv", *HEADER)) == theirs


@pytest.mark.parametrize("command", ["count", "scan", "show", "crawl", "write"])
def test_damaged_files_are_named_with_the_byte_and_nothing_is_left(partita, command):
    whole = block(b"id,n,s\n") + block(csv_rows(300).encode())
    first = len(block(b"id,n,s\n"))
    more = {"crawl": ["--database", "d"], "write": ["--partition-by", "s", "--output", "csv=out"]}.get(command, [])
    for content, parts in {
        whole[:-1]: ["cut off", str(len(whole) - 1)],
        whole[: first + 3]: ["cut off", str(first + 3)],
        whole + b"garbage": ["something else", f"byte {len(whole)}"],
        whole + b"\0" * 512: ["something else", f"byte {len(whole)}"],
        whole + struct.pack(">I", 0) + whole: ["something else", f"byte {len(whole)}"],
        whole + struct.pack(">I", 5) + block(b"1,2,3,4\n")[4:]: ["something else", f"byte {len(whole)}"],
        whole + struct.pack(">I", 9) + block(b"1,2\n")[4:] + struct.pack(">I", 1 << 30): ["a chunk has", "1073741824", "byte"],
        whole[: first + 8] + b"\xff" * 8 + whole[first + 16 :]: ["something else", f"byte {first}"],
        whole[: first + 200] + b"\xff" * 60 + whole[first + 260 :]: ["damaged", "byte"],
        b"id,n,s\n" + csv_rows(3).encode(): ["not snappy", "as its name says"],
    }.items():
        put(partita.folder / "in/a.csv.snappy", whole)
        put(partita.folder / "in/b.csv.snappy", content)
        outcome = partita(command, "in", *more)
        assert outcome.code == 3, (parts, outcome.stdout[:200])
        for part in ["in/b.csv.snappy", *parts]:
            assert part in outcome.stderr
        assert not (partita.folder / "out").exists()
    assert partita.ok("catalog", "databases") == ""


@pytest.mark.parametrize("name, text", [("a.csv.snappy", "k,v\n" + "1,2\n" * 1_000_000), ("a.json.snappy", '{"k": 1}\n' * 500_000)])
def test_a_bomb_is_refused_unless_it_is_allowed(partita, name, text):
    put(partita.folder / name, block(text.encode(), 200_000))
    outcome = partita("count", name, "--read-option", "maxUnpackedBytes=500000")
    assert outcome.code == 3 and name in outcome.stderr and "maxUnpackedBytes" in outcome.stderr
    assert int(partita.ok("count", name, "--read-option", f"maxUnpackedBytes={len(text)}")) >= 500_000


def test_a_block_that_lies_about_gigabytes_takes_no_memory_for_them(partita):
    lie = struct.pack(">II", 0x7FFFFFFF, 10) + b"\xff\xff\xff\x07" + b"x" * 6  # 16 MiB - 1 of text
    put(partita.folder / "in.csv.snappy", block(b"k,v\n") + lie)
    outcome = partita("count", "in.csv.snappy")
    assert outcome.code == 3 and "damaged" in outcome.stderr


@pytest.mark.parametrize("name", ["a.csv.sz", "a.csv.lz4"])
def test_other_frames_are_refused_by_their_name(partita, name):
    put(partita.folder / "in" / name, block(b"k,v\n1,2\n"))
    outcome = partita("count", "in")
    assert outcome.code == 3 and name in outcome.stderr and "unpack it first" in outcome.stderr
