"""What works on folders works in buckets: every command, every save mode, judged by clients that are not ours."""

import json
import os
import signal

import pyarrow.parquet
import pytest

import readers
import s3_readers
from conftest import SAMPLE, S3Partita
from s3_fault_proxy import FaultProxy
from s3_servers import leavings, start_minio, state_names
from s3_targets import GOOD, S3Target, rows_by_folder, rows_of, scanned_rows
from test_reference_job import FORMATS, KEYS, TABLE, crawl_and_write

HEADER_OPTION = {"csv": ["--read-option=header=true"], "json": [], "parquet": []}


# ---- The reference job


class Job:
    """The same job twice: from a bucket into it, and from a file into folders."""

    def __init__(self, partita: S3Partita, bucket):
        self.partita, self.bucket = partita, bucket
        self.local = partita.folder / "out"
        source = SAMPLE
        if not source.is_file():
            source = partita.folder / "generated.csv"
            partita.ok("generate", "--rows", 5000, source)
        crawl_and_write(partita, source, self.local)
        self.num_rows = int(partita.ok("count", self.local / "parquet"))
        self.source = bucket.uri("input/register.csv")
        bucket.upload("input/register.csv", source)
        partita.ok("crawl", self.source, "--database", "glue_db", "--table", TABLE.split(".")[1])
        outputs = [f"--output={name}={bucket.uri(f'out/{name}')}" for name in FORMATS]
        report = partita.ok(
            "write", "--table", TABLE, *(f"--partition-by={key}" for key in KEYS), *outputs,
            "--option=csv.header=true", "--mode=overwrite", "--report=-",
        )  # fmt: skip
        self.report = json.loads(report)


@pytest.fixture(scope="module")
def job(s3_server, tmp_path_factory):
    """Of the register's sample, or of generated rows where that is absent."""
    partita = S3Partita(tmp_path_factory.mktemp("job"), s3_server.access)
    yield Job(partita, s3_server.new_bucket())
    partita.assert_no_secret_in_files()


@pytest.mark.parametrize("file_format", FORMATS)
def test_folders_and_rows_are_those_of_a_local_job(job, tmp_path, file_format):
    local = readers.rows_by_folder(job.local / file_format, file_format)
    assert sum(sum(rows.values()) for rows in local.values()) == job.num_rows
    assert rows_by_folder(job.bucket, f"out/{file_format}", file_format, tmp_path) == local


@pytest.mark.parametrize("file_format", FORMATS)
def test_independent_readers_find_every_row(job, file_format):
    place = (job.bucket.access, job.bucket.name, f"out/{file_format}", file_format)
    numbers = pyarrow.parquet.read_table(job.local / "parquet", columns=[s3_readers.NUMBER])[s3_readers.NUMBER]
    wanted = (job.num_rows, sum(numbers.to_pylist()))
    assert s3_readers.find_with_pyarrow(*place) == wanted
    assert s3_readers.find_with_duckdb(*place) == wanted
    if file_format != "csv":
        assert s3_readers.find_with_polars(*place) == wanted


@pytest.mark.thorough
def test_real_spark_reads_the_same_rows_as_from_folders(job):
    found = s3_readers.compare_with_spark(job.bucket.access, job.bucket.uri("out"), job.local)
    assert found == {file_format: [job.num_rows, 0, 0] for file_format in FORMATS}


@pytest.mark.parametrize("file_format", FORMATS)
def test_there_is_one_object_per_partition_an_empty_mark_and_nothing_else(job, file_format):
    objects = job.bucket.objects(f"out/{file_format}/")
    assert objects.pop(f"out/{file_format}/_SUCCESS")[0] == 0
    assert len(objects) == len(readers.folders(job.local / file_format))
    assert leavings(job.bucket, *(f"out/{name}" for name in FORMATS)) == []


def test_the_report_counts_requests_and_bytes(job):
    requests = job.report["requests"]
    num_files = sum(output["num_files"] for output in job.report["outputs"])
    assert num_files == 3 * job.report["num_partitions"]
    assert requests["num_puts"] >= num_files  # a part each
    assert requests["num_posts"] >= 2 * num_files  # begun and completed
    assert requests["bytes_sent"] >= sum(output["bytes"] for output in job.report["outputs"])
    assert requests["bytes_received"] >= job.report["bytes_read"]
    assert requests["num_gets"] > 0 and requests["num_lists"] > 0


def test_the_catalog_has_where_the_objects_lie(job):
    job.partita.ok("crawl", job.bucket.uri("input"), "--database", "db", "--table", "t")
    table = json.loads(job.partita.ok("catalog", "show", "db.t", "--json"))
    assert table["StorageDescriptor"]["Location"].rstrip("/") == job.bucket.uri("input")
    assert job.partita.ok("count", "--table", "db.t") == f"{job.num_rows}\n"


@pytest.mark.parametrize("file_format", FORMATS)
def test_reading_commands_say_what_they_say_of_a_folder(job, file_format):
    option = HEADER_OPTION[file_format]
    there, here = job.bucket.uri(f"out/{file_format}"), job.local / file_format
    for command in (["schema"], ["count"], ["count", "--where=Make = 'TESLA'"]):
        assert job.partita.ok(*command, there, *option) == job.partita.ok(*command, here, *option)
    scan = ["--where=`Model Year` = 2020 and Make = 'TESLA'", "--format=json"]
    found = sorted(job.partita.ok("scan", there, *option, *scan).splitlines())
    assert found == sorted(job.partita.ok("scan", here, *option, *scan).splitlines())
    assert len(found) > 5
    assert job.partita.ok("show", "-n", 3, there, *option).count("\n|") == 4


def test_a_scan_lists_and_opens_only_the_chosen_folder(job):
    where = "--where=`Model Year` = 2020 and Make = 'TESLA'"
    plan = json.loads(job.partita.ok("scan", job.bucket.uri("out/parquet"), where, "--explain", "--format=json"))
    assert plan["partitions"]["read"] == 1 and plan["partitions"]["skipped"] > 50


def test_what_scan_writes_lands_in_the_bucket(job):
    target = job.bucket.uri("scanned/rows.csv")
    arguments = ["scan", job.bucket.uri("out/json"), "--where=Make = 'KIA'", "--format=csv"]
    job.partita.ok(*arguments, f"--output={target}")
    assert sorted(job.bucket.get("scanned/rows.csv").decode().splitlines()) == sorted(
        job.partita.ok(*arguments).splitlines()
    )
    outcome = job.partita(*arguments, f"--output={target}")
    assert outcome.code in (2, 5) and "exists" in outcome.stderr


def test_a_registered_output_is_read_by_its_table(s3_partita, bucket):
    bucket.put("in/good.csv", GOOD)
    s3_partita.ok("write", bucket.uri("in/good.csv"), "--partition-by=Kind", f"--output=parquet={bucket.uri('out')}",
                  "--register=db.parts")  # fmt: skip
    assert s3_partita.ok("count", "--table=db.parts", "--where=Kind = 'a'") == "1\n"
    table = json.loads(s3_partita.ok("catalog", "show", "db.parts", "--json"))
    assert table["StorageDescriptor"]["Location"].rstrip("/") == bucket.uri("out")


# ---- Places


@pytest.mark.parametrize("source, target", [("s3", "s3"), ("local", "s3"), ("s3", "local")])
def test_input_and_output_lie_where_they_like(s3_partita, bucket, source, target):
    bucket.put("in.csv", GOOD)
    (s3_partita.folder / "in.csv").write_text(GOOD)
    paths = {"s3": bucket.uri, "local": lambda key: str(s3_partita.folder / key)}
    output = paths[target]("out")
    s3_partita.ok("write", paths[source]("in.csv"), "--partition-by=Kind", f"--output=csv={output}",
                  "--option=csv.header=true")  # fmt: skip
    assert scanned_rows(s3_partita, output) == rows_of(GOOD)
    assert leavings(bucket, "out") == []


@pytest.mark.parametrize("scheme", ["s3a", "s3n", "S3"])
def test_other_spellings_mean_the_same_bucket(s3_partita, bucket, scheme):
    bucket.put("in.csv", GOOD)
    s3_partita.ok("write", bucket.uri("in.csv", scheme), "--partition-by=Kind",
                  f"--output=csv={bucket.uri('out', scheme)}/", "--option=csv.header=true")  # fmt: skip
    assert scanned_rows(s3_partita, bucket.uri("out")) == rows_of(GOOD)
    assert scanned_rows(s3_partita, bucket.uri("out", scheme)) == rows_of(GOOD)


def test_a_whole_bucket_can_be_the_target_and_the_input(s3_partita, bucket, s3_server):
    bucket.put("good.csv", GOOD)
    root = s3_server.new_bucket()
    s3_partita.ok("write", bucket.uri(), "--partition-by=Kind", f"--output=csv={root.uri()}",
                  "--option=csv.header=true")  # fmt: skip
    assert scanned_rows(s3_partita, root.uri()) == rows_of(GOOD)
    assert len(state_names(root, "")) == 2
    assert leavings(root, "") == []


NASTY = ["plain", "with blank", "a=b", "50%", "a%20b", "käse", "😀", "q'uo\"te", "a+b&c", "semi;colon,",
         "(x)[y]{z}~!@#$^"]  # fmt: skip


def test_keys_may_hold_any_letters(s3_partita, bucket, tmp_path):
    rows = "".join(f'{number},"{text.replace(chr(34), chr(34) * 2)}",x\n' for number, text in enumerate(NASTY))
    source = tmp_path / "in.csv"
    source.write_text("id,Kind,note\n" + rows)
    target = "sets/ü b=c+d%41"
    for place in (tmp_path / "local", bucket.uri(target)):
        s3_partita.ok("write", source, "--partition-by=Kind", f"--output=json={place}")
    local = readers.rows_by_folder(tmp_path / "local", "json")
    assert len(local) == len(NASTY)
    assert rows_by_folder(bucket, target, "json", tmp_path) == local
    for number, text in enumerate(NASTY):
        where = "--where=Kind = '" + text.replace("'", "''") + "'"
        found = s3_partita.ok("scan", bucket.uri(target), where, "--format=json")
        assert json.loads(found)["id"] == number
    s3_partita.ok("write", source, "--partition-by=Kind", f"--output=json={bucket.uri(target)}", "--mode=overwrite")
    assert rows_by_folder(bucket, target, "json", tmp_path) == local
    assert leavings(bucket, target) == []


def test_generate_writes_the_same_bytes_as_into_a_file(s3_partita, bucket):
    s3_partita.ok("generate", "--rows", 2000, "local.csv")
    s3_partita.ok("generate", "--rows", 2000, bucket.uri("made/cars.csv"))
    assert bucket.get("made/cars.csv") == (s3_partita.folder / "local.csv").read_bytes()
    assert list(bucket.objects()) == ["made/cars.csv"] and not bucket.uploads()
    outcome = s3_partita("generate", "--rows", 10, bucket.uri("made/cars.csv"))
    assert outcome.code == 5 and "exists" in outcome.stderr
    s3_partita.ok("generate", "--rows", 10, bucket.uri("made/cars.csv"), "--force")
    assert bucket.get("made/cars.csv").count(b"\n") == 11


def test_reports_and_spilled_rows_are_local(s3_partita, bucket):
    bucket.put("in.csv", GOOD)
    write = ["write", bucket.uri("in.csv"), "--partition-by=Kind", f"--output=csv={bucket.uri('out')}"]
    for option in ("--report", "--temp-dir"):
        for place in (bucket.uri("elsewhere"), bucket.uri("elsewhere").replace("s3", "S3", 1)):
            outcome = s3_partita(*write, option, place)
            assert outcome.code == 2 and place in outcome.stderr
    assert list(bucket.objects()) == ["in.csv"] and not bucket.uploads()


def test_a_large_partition_is_uploaded_in_parts(s3_partita, bucket):
    s3_partita.ok("generate", "--rows", 120_000, "large.csv")
    arguments = ["write", "large.csv", "--partition-by=State", "--option=csv.header=true"]
    s3_partita.ok(*arguments, "--output=csv=local")
    report = json.loads(s3_partita.ok(*arguments, f"--output=csv={bucket.uri('large')}", "--report=-"))
    assert max(entry["bytes"] for entry in report["outputs"][0]["files"]) > 16 << 20
    local = readers.data_files(s3_partita.folder / "local")
    for folder, (path,) in local.items():
        (key,) = bucket.objects(f"large/{folder}/")
        assert bucket.get(key) == path.read_bytes()


@pytest.mark.thorough
def test_thousands_of_partitions_are_written_listed_and_replaced(s3_partita, bucket):
    for seed in (1, 2):
        s3_partita.ok("generate", "--rows", 6000, "--partitions", 2200, "--seed", seed, f"{seed}.csv")
        report = s3_partita.ok("write", f"{seed}.csv", "--partition-by=Model Year", "--partition-by=Make",
                               f"--output=json={bucket.uri('many')}", "--mode=overwrite", "--report=-")  # fmt: skip
        num_partitions = json.loads(report)["num_partitions"]
        assert num_partitions > 2000  # more than a listing and a deletion take
        assert s3_partita.ok("count", bucket.uri("many")) == "6000\n"
        assert len([key for key in bucket.objects("many/") if "/part-" in key]) == num_partitions
        assert leavings(bucket, "many") == []


def test_rows_without_a_partition_leave_a_mark_only(s3_partita, bucket):
    (s3_partita.folder / "in.csv").write_text("id,Kind,note\n")
    s3_partita.ok("write", "in.csv", "--partition-by=Kind", f"--output=csv={bucket.uri('out')}")
    assert list(bucket.objects("out/")) == ["out/_SUCCESS"]


# ---- What others have written


def test_a_data_set_of_pyarrow_is_read_and_verified(s3_partita, bucket):
    files = s3_readers.pyarrow_file_system(bucket.access)
    table = pyarrow.table({"n": list(range(1000)), "k": [f"v{n % 3}" for n in range(1000)]})
    pyarrow.parquet.write_to_dataset(table, f"{bucket.name}/theirs", partition_cols=["k"], filesystem=files)
    assert s3_partita.ok("count", bucket.uri("theirs"), "--where=k = 'v1' and n < 500") == "167\n"
    report = json.loads(s3_partita.ok("verify", bucket.uri("theirs"), "--json"))
    assert not report["has_record"] and report["rows"] == 1000


def test_marks_of_folders_and_hidden_objects_are_no_data(s3_partita, bucket):
    bucket.put("in/a.csv", GOOD)
    bucket.put("in_$folder$", "")
    bucket.put("in/sub_$folder$", "")
    for name in ("_SUCCESS", ".hidden.csv", "_temporary/0/x.csv"):
        bucket.put(f"in/{name}", "no,table\n1,2,3\n")
    s3_partita.ok("write", bucket.uri("in"), "--partition-by=Kind", f"--output=csv={bucket.uri('out')}",
                  "--option=csv.header=true")  # fmt: skip
    assert scanned_rows(s3_partita, bucket.uri("out")) == rows_of(GOOD)


def test_objects_that_others_put_into_a_target_are_replaced_by_force_only(s3_partita, bucket):
    target = S3Target(s3_partita, bucket)
    bucket.put("sets/target/thesis.odt", "years of work")
    target.before = target.snapshot()
    outcome = target.write(target.other)
    assert outcome.code == 5 and "thesis.odt" in outcome.stderr and "--force" in outcome.stderr
    target.assert_untouched()
    assert target.write(target.other, "--force").code == 0
    assert "sets/target/thesis.odt" not in bucket.objects()


def test_neighbours_whose_names_begin_alike_are_left_alone(s3_partita, bucket):
    neighbours = ["sets/target2/part-0.csv", "sets/targe/part-0.csv", "sets/target.csv", "sets/target-old/Kind=a/x"]
    for key in neighbours:
        bucket.put(key, "mine")
    target = S3Target(s3_partita, bucket)
    assert target.write(target.other).code == 0
    for key in neighbours:
        assert bucket.get(key) == b"mine"


# ---- Save modes


@pytest.fixture
def write_rows(s3_partita, bucket):
    """Writes rows given as (k, v) to the bucket in three formats."""

    def write(rows, *arguments, check=True):
        (s3_partita.folder / "in.csv").write_text("k,v\n" + "".join(f"{k},{v}\n" for k, v in rows))
        outputs = [f"--output={name}={bucket.uri(f'out/{name}')}" for name in FORMATS]
        call = ["write", "in.csv", "--partition-by=k", *outputs, "--option=csv.header=true", *arguments]
        return s3_partita.ok(*call) if check else s3_partita(*call)

    return write


def rows_in_bucket(bucket, file_format, folder) -> list:
    """(k, v) of every row, from the keys and an independent reader of the files."""
    found = []
    for key, rows in rows_by_folder(bucket, f"out/{file_format}", file_format, folder).items():
        for row, times in rows.items():
            value = row if file_format == "csv" else row.split('"')[3]
            found += [(key.removeprefix("k="), value)] * times
    return sorted(found)


MODES = {
    "append": [("a", "x"), ("b", "y"), ("b", "z"), ("c", "w")],
    "overwrite-partitions": [("a", "x"), ("b", "z"), ("c", "w")],
    "overwrite": [("b", "z"), ("c", "w")],
    "ignore": [("a", "x"), ("b", "y")],
    "error": [("a", "x"), ("b", "y")],
}


@pytest.mark.parametrize("mode", list(MODES))
def test_a_save_mode_keeps_and_replaces_what_it_does_in_folders(s3_partita, bucket, write_rows, tmp_path, mode):
    write_rows([("a", "x"), ("b", "y")])
    outcome = write_rows([("b", "z"), ("c", "w")], f"--mode={mode}", check=False)
    assert outcome.code == (5 if mode == "error" else 0), outcome.stderr
    for file_format in FORMATS:
        assert rows_in_bucket(bucket, file_format, tmp_path) == MODES[mode]
        count = s3_partita.ok("count", bucket.uri(f"out/{file_format}"), *HEADER_OPTION[file_format])
        assert count == f"{len(MODES[mode])}\n"
    assert leavings(bucket, *(f"out/{name}" for name in FORMATS)) == []
    if mode == "error":
        assert "--mode overwrite" in outcome.stderr
    if mode == "ignore":
        assert "left as it was" in outcome.stdout


def test_a_dry_run_tells_everything_and_writes_nothing(bucket, write_rows):
    write_rows([("a", "x"), ("b", "y")])
    before = bucket.contents()
    report = json.loads(write_rows([("c", "z")], "--mode=overwrite", "--dry-run", "--report=-"))
    assert [output["num_files"] for output in report["outputs"]] == [1, 1, 1]
    assert [output["num_files_replaced"] for output in report["outputs"]] == [2, 2, 2]
    assert bucket.contents() == before and not bucket.uploads()


def test_an_overwrite_may_read_what_it_replaces(s3_partita, bucket):
    bucket.put("data/part-00000-x.csv", GOOD)
    s3_partita.ok("write", bucket.uri("data"), "--partition-by=Kind", f"--output=csv={bucket.uri('data')}",
                  "--option=csv.header=true", "--mode=overwrite")  # fmt: skip
    assert scanned_rows(s3_partita, bucket.uri("data")) == rows_of(GOOD)
    assert "data/part-00000-x.csv" not in bucket.objects()


# ---- Where buckets are part of the host's name


def test_a_bucket_may_be_part_of_the_hosts_name(tmp_path, tmp_path_factory):
    """As Amazon has it; names below `localhost` need no name server."""
    folder = tmp_path_factory.mktemp("by_name")
    with start_minio(folder, domain="localhost") as server, FaultProxy(server.address) as proxy:
        port = proxy.endpoint.rsplit(":", 1)[1]
        partita = S3Partita(tmp_path, server.access.through(f"http://localhost:{port}"))
        bucket = server.new_bucket()
        (tmp_path / "good.csv").write_text(GOOD)
        path, option = bucket.uri("sets/an é&+=%20 one"), "--store-option=path.style.access=false"
        write = ["write", "good.csv", "--partition-by=Kind", f"--output=json={path}", "--mode=overwrite", option]
        for _ in range(2):
            partita.ok(*write)
        assert partita.ok("count", path, option) == "2\n"
        assert "0 failed" in partita.ok("doctor", path, option)
        assert partita.ok("verify", path, option).startswith("whole: ")
        assert partita.ok("recover", path, option) == "nothing to recover\n"
        partita.ok("generate", "--rows=3", bucket.uri("cars.csv"), option)
        hosts = {request.header("Host") for request in proxy.log}
        assert hosts == {f"{bucket.name}.localhost:{port}"}
        assert {"GET", "HEAD", "PUT", "POST", "DELETE"} <= {request.method for request in proxy.log}
        assert bucket.get("cars.csv").count(b"\n") == 4
        assert len([key for key in bucket.objects() if "/part-" in key]) == 2
        assert leavings(bucket, "sets/an é&+=%20 one") == []


# ---- Verify and recover


@pytest.fixture
def target(s3_partita, bucket) -> S3Target:
    return S3Target(s3_partita, bucket)


def problems(target, *options):
    outcome = target.partita("verify", target.path, "--json", *options)
    report = json.loads(outcome.stdout)
    assert outcome.code == (0 if report["is_whole"] else 3), outcome.stderr
    return [(problem["kind"], problem["path"]) for problem in report["problems"]]


def test_a_whole_data_set_has_no_problems(target):
    assert problems(target) == [] and problems(target, "--fast") == []
    assert target.partita.ok("verify", target.path).startswith("whole: ")


def test_verify_finds_what_others_have_done_to_objects(target, bucket):
    first, second = sorted(target.data())
    below = len(target.key) + 1
    bucket.delete(first)
    assert problems(target) == problems(target, "--fast") == [("missing", first[below:])]
    bucket.put(first, target.before[first])
    assert problems(target) == []
    changed = bytearray(target.before[second])
    changed[-2] ^= 1
    bucket.put(second, bytes(changed))
    assert problems(target) == [("damaged", second[below:])]
    bucket.put(second, target.before[second])
    bucket.put(f"{target.key}/Kind=a/part-added.csv", "id,note\n9,x\n")
    assert problems(target) == [("foreign", "Kind=a/part-added.csv")]


def test_recover_has_nothing_to_do_where_nobody_has_died(target):
    assert target.partita.ok("recover", target.path) == "nothing to recover\n"
    assert target.partita.ok("recover", "--dry-run", target.path).endswith("nothing to recover\n")
    target.assert_untouched()


def test_a_path_that_is_not_there_is_named(s3_partita, bucket):
    for command in ("count", "show", "schema", "scan", "verify"):
        outcome = s3_partita(command, bucket.uri("nothing/here"))
        assert outcome.code == 2, (command, outcome.stderr)
        assert bucket.uri("nothing/here") in outcome.stderr


# ---- Jobs that are stopped


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)
def test_a_stopped_job_leaves_the_old_data_and_nothing_else(s3_partita, bucket, sent):
    target = S3Target(s3_partita, bucket)
    s3_partita.ok("generate", "--rows", 400_000, "large.csv")
    process = s3_partita.start(
        "write", "large.csv", "--partition-by=Model Year", "--partition-by=Make", "--mode=overwrite",
        f"--output=csv={target.path}",
    )  # fmt: skip
    while process.poll() is None and not bucket.uploads():
        os.sched_yield()
    process.send_signal(sent)
    outcome = s3_partita.end_of(process)
    assert outcome.code == 130, outcome.stderr
    target.assert_untouched()
    target.assert_nothing_lies_about()
    target.assert_next_run_is_clean()


# ---- Job files


def test_a_job_file_names_buckets(s3_partita, bucket):
    bucket.put("in/good.csv", GOOD)
    (s3_partita.folder / "job.toml").write_text(
        f"""
        [source]
        paths = ["{bucket.uri("in/good.csv")}"]
        [write]
        partition_by = ["Kind"]
        [[output]]
        format = "csv"
        path = "{bucket.uri("out")}"
        options = {{ header = true }}
        """
    )
    s3_partita.ok("config", "check", "job.toml")
    s3_partita.ok("run", "job.toml")
    assert scanned_rows(s3_partita, bucket.uri("out")) == rows_of(GOOD)
    (run,) = json.loads(s3_partita.ok("runs", "--json"))
    assert run["source"] == bucket.uri("in/good.csv")
    assert run["outputs"][0]["path"] == bucket.uri("out")
