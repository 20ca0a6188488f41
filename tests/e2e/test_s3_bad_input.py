"""Keys, rights, places and objects that are not as they should be: one clear error, and nothing lost or left behind."""

import json
import random
import shutil
import subprocess
import uuid
from dataclasses import replace
from datetime import timedelta

import pyarrow
import pyarrow.parquet
import pytest
import trustme

import s3_fault_proxy as faults
import s3_servers
from conftest import ROOT, S3Partita
from s3_servers import free_port, leavings
from s3_targets import GOOD, OTHER, S3Target, rows_of, scanned_rows
from s3_users import ALLOW_ALL, User, denial

CONFIGURATION, INPUT, STORE = 2, 3, 4


def assert_fails(outcome, code, *parts):
    """The exit code, and one line of error that names the parts."""
    assert outcome.code == code, outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("partita: error: ")
    assert sum("error:" in line for line in outcome.stderr.splitlines()) == 1
    for part in parts:
        assert part in outcome.stderr


@pytest.fixture
def target(proxied, proxy, minio_bucket) -> S3Target:
    """A data set that was written through the proxy, which remembers nothing of that."""
    written = S3Target(proxied, minio_bucket)
    proxy.forget()
    return written


# ---- Who asks


WRONG_KEYS = {
    "a wrong secret": ({"AWS_SECRET_ACCESS_KEY": "not-this-server's-secret"}, "AWS_SECRET_ACCESS_KEY"),
    "a key nobody has": ({"AWS_ACCESS_KEY_ID": "NOBODYSKEY", "AWS_SECRET_ACCESS_KEY": "nobody's-secret"},
                         "AWS_ACCESS_KEY_ID"),
}  # fmt: skip


@pytest.mark.parametrize("command", ["write", "count", "recover", "generate"])
@pytest.mark.parametrize("name", list(WRONG_KEYS))
def test_keys_the_server_does_not_know(target, command, name):
    environment, part = WRONG_KEYS[name]
    calls = {
        "write": target.arguments(target.other),
        "count": ["count", target.path],
        "recover": ["recover", target.path],
        "generate": ["generate", "--rows", 10, target.bucket.uri("new.csv")],
    }
    outcome = target.partita(*calls[command], **environment)
    assert_fails(outcome, STORE, part)
    target.assert_untouched()
    target.assert_nothing_lies_about()
    assert "new.csv" not in target.bucket.objects()


@pytest.mark.parametrize("fault", ["a wrong secret", "no bucket"])
def test_a_job_that_cannot_even_begin_leaves_its_report_and_is_remembered(s3_partita, bucket, fault):
    (s3_partita.folder / "good.csv").write_text(GOOD)
    environment, part = WRONG_KEYS[fault] if fault in WRONG_KEYS else ({}, "no such bucket")
    path = "s3://no-such-bucket-here/x" if fault == "no bucket" else bucket.uri("out")
    report = s3_partita.folder / "report.json"
    call = ["write", "good.csv", "--partition-by=Kind", f"--output=csv={path}", f"--report={report}"]
    assert_fails(s3_partita(*call, **environment), STORE, part)
    told = json.loads(report.read_text())
    assert told["failure"]["code"] == "store_unavailable" and part in told["failure"]["message"]
    assert [output["path"] for output in told["outputs"]] == [path]
    assert told["requests"]["num_lists"] + told["requests"]["num_heads"] + told["requests"]["num_gets"] > 0
    [remembered] = json.loads(s3_partita.ok("runs", "--json"))
    assert remembered["job_id"] == told["job_id"] and remembered["failure"] == told["failure"]
    assert "store_unavailable" in s3_partita.ok("runs").splitlines()[1]


def test_no_keys_at_all(s3_partita, bucket):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del s3_partita.environment[name]
    assert_fails(s3_partita("count", bucket.uri("x")), STORE, "AWS_ACCESS_KEY_ID")


def test_keys_of_a_profile_file(s3_partita, bucket):
    bucket.put("in.csv", GOOD)
    access = s3_partita.access
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3", "AWS_REGION"):
        s3_partita.environment.pop(name, None)
    outside = s3_partita.folder.parent / f"aws-{uuid.uuid4()}"  # secrets belong there, and nowhere else
    outside.mkdir()
    (outside / "credentials").write_text(
        f"[work]\naws_access_key_id = {access.key}\naws_secret_access_key = {access.secret}\n"
    )
    (outside / "config").write_text(
        f"[profile work]\nregion = {access.region}\nservices = lab\n[services lab]\ns3 =\n"
        f"  endpoint_url = {access.endpoint}\n"
    )
    files = {"AWS_CONFIG_FILE": str(outside / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(outside / "credentials")}
    s3_partita.environment |= {**files, "AWS_PROFILE": "work"}
    assert s3_partita.ok("count", bucket.uri("in.csv"), "--read-option=header=true") == "2\n"


@pytest.fixture
def temporary_keys(minio, tmp_path_factory):
    """Keys of a session, as the server's own token service gives them."""
    user = User(minio, tmp_path_factory.mktemp("policies"), ALLOW_ALL)
    sts = user.access.client("sts")
    given = sts.assume_role(RoleArn="arn:x:ignored:by:minio", RoleSessionName="tests")["Credentials"]
    return {"AWS_ACCESS_KEY_ID": given["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
            "AWS_SESSION_TOKEN": given["SessionToken"]}  # fmt: skip


def test_temporary_keys_are_as_good_as_others(target, temporary_keys):
    outcome = target.write(target.other, **temporary_keys)
    assert outcome.code == 0, outcome.stderr
    target.assert_holds(OTHER)


def test_a_damaged_session_token(target, temporary_keys):
    token = temporary_keys["AWS_SESSION_TOKEN"]
    damaged = token[:-8] + ("AAAAAAAA" if token[-8:] != "AAAAAAAA" else "BBBBBBBB")
    outcome = target.write(target.other, **{**temporary_keys, "AWS_SESSION_TOKEN": damaged})
    assert outcome.code == STORE
    assert "AWS_SESSION_TOKEN" in outcome.stderr
    target.assert_untouched()


@pytest.mark.parametrize(
    "status, code, exit_code, parts",
    [
        (400, "ExpiredToken", STORE, ["expired", "AWS_SESSION_TOKEN"]),
        (403, "AllAccessDisabled", STORE, ["AllAccessDisabled"]),
        (501, "NotImplemented", STORE, ["NotImplemented"]),
    ],
)
def test_what_a_server_may_say_of_all_requests(target, proxy, status, code, exit_code, parts):
    proxy.befall(faults.answer(status, code, "as the server words it"), times=None)
    outcome = target.write(target.other)
    proxy.forget()
    assert_fails(outcome, exit_code, *parts)
    target.assert_untouched()
    target.assert_nothing_lies_about()


def test_keys_that_expire_in_the_middle_of_a_job(target, proxy):
    proxy.befall(faults.answer(400, "ExpiredToken"), times=None, after="UploadPart")
    outcome = target.write(target.other)
    proxy.forget()
    assert_fails(outcome, STORE, "expired")
    target.assert_untouched()
    # With these keys nothing could be cleaned up either; the next one does.
    proxy.time_passed = timedelta(minutes=2)
    target.partita.ok("recover", target.path)
    target.assert_untouched()
    target.assert_nothing_lies_about()


@pytest.fixture(scope="module")
def clock_shim(tmp_path_factory):
    """A library that, preloaded, shows a wrong clock."""
    library = tmp_path_factory.mktemp("shim") / "s3_clock_shim.so"
    compiler = shutil.which("cc") or shutil.which("gcc")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, ROOT / "tests/fault/s3_clock_shim.c"], check=True)
    return library


@pytest.mark.parametrize("shift", [-3600, 3600])
def test_a_clock_that_is_an_hour_wrong_is_named(target, clock_shim, shift):
    outcome = target.write(target.other, LD_PRELOAD=str(clock_shim), S3_CLOCK_SHIFT=str(shift))
    assert_fails(outcome, STORE, "clock")
    target.assert_untouched()


def test_a_clock_that_is_minutes_wrong_does_no_harm(target, clock_shim):
    """Leases go by the server's clock."""
    for shift in (-600, 600):
        outcome = target.write(target.other, LD_PRELOAD=str(clock_shim), S3_CLOCK_SHIFT=str(shift))
        assert outcome.code == 0, outcome.stderr
        target.assert_nothing_lies_about()
    target.assert_holds(OTHER)


# ---- What one may


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:PutObject", "s3:GetObject"])
def test_a_right_that_is_missing_is_named(target, minio, tmp_path, action):
    user = User(minio, tmp_path, ALLOW_ALL, denial(action))
    outcome = target.write(target.other, **user.environment())
    assert_fails(outcome, STORE, "AccessDenied", action, target.bucket.name)
    target.assert_untouched()
    target.assert_nothing_lies_about()
    target.assert_next_run_is_clean()


def test_without_the_right_to_delete_the_new_data_is_there_and_the_rest_is_made_good_later(
    target, minio, tmp_path, proxy
):
    user = User(minio, tmp_path, ALLOW_ALL, denial("s3:DeleteObject"))
    outcome = target.write(target.other, **user.environment())
    assert outcome.code in (0, STORE), outcome.stderr
    assert "s3:DeleteObject" in outcome.stderr
    is_new = head_is_of(target, "2")
    assert scanned_rows(target.partita, target.path) == rows_of(OTHER if is_new else GOOD)
    assert is_new or outcome.code != 0
    proxy.time_passed = timedelta(minutes=2)
    target.partita.ok("recover", target.path)
    target.assert_holds(OTHER if is_new else GOOD)
    target.assert_nothing_lies_about()


def head_is_of(target, generation: str) -> bool:
    return s3_servers.head_of(target.bucket, target.key)["generation"] == generation


def test_without_the_right_to_abort_uploads_a_failing_job_says_so(target, minio, tmp_path, proxy):
    user = User(minio, tmp_path, ALLOW_ALL, denial("s3:AbortMultipartUpload"))
    proxy.befall(faults.answer(403, "AccessDenied"), "UploadPart", first=2, times=None)
    outcome = target.write(target.other, **user.environment())
    proxy.forget()
    assert outcome.code == STORE
    assert "s3:AbortMultipartUpload" in outcome.stderr and f"partita recover {target.path}" in outcome.stderr
    target.assert_untouched()
    proxy.time_passed = timedelta(minutes=2)
    target.partita.ok("recover", target.path)
    target.assert_untouched()
    target.assert_nothing_lies_about()


def test_a_reader_needs_no_right_to_write(target, minio, tmp_path):
    user = User(minio, tmp_path, ALLOW_ALL, denial("s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"))
    count = target.partita.ok("count", target.path, "--read-option=header=true", **user.environment())
    assert count == "2\n"
    assert target.partita.ok("verify", target.path, **user.environment()).startswith("whole: ")


# ---- Where


def test_a_bucket_that_is_missing(s3_partita, bucket):
    """To read it is a path that is not there; that nothing can be written there is no fault of the call."""
    (s3_partita.folder / "good.csv").write_text(GOOD)
    place = "s3://no-such-bucket-here/x"
    calls = {
        ("count", place): CONFIGURATION,
        ("write", place, "--partition-by=Kind", f"--output=csv={bucket.uri('out')}"): CONFIGURATION,
        ("write", "good.csv", "--partition-by=Kind", f"--output=csv={place}"): STORE,
        ("write", "good.csv", "--partition-by=Kind", f"--output=csv={place}", "--dry-run"): STORE,
    }
    for call, code in calls.items():
        assert_fails(s3_partita(*call), code, "no-such-bucket-here", "no such bucket")
    assert not bucket.objects() and not bucket.uploads()


@pytest.mark.parametrize(
    "path, part",
    [
        ("s3://{bucket}/a//b", "segment"),
        ("s3://{bucket}/./b", "segment"),
        ("s3://{bucket}/a/..", "segment"),
        ("s3://{bucket}/a/../../b", "segment"),
        ("s3://{bucket}//b", "segment"),
        ("s3://", "bucket"),
        ("s3:///key", "bucket"),
        ("s3://{bucket}/" + "k" * 1025, "1,024"),
        ("s3://ab/key", "bucket"),
        ("s3://with space/key", "bucket"),
    ],
)
def test_a_path_that_means_nothing_or_too_much(s3_partita, bucket, path, part):
    (s3_partita.folder / "good.csv").write_text(GOOD)
    path = path.replace("{bucket}", bucket.name)
    for call in (
        ["count", path],
        ["recover", path],
        ["verify", path],
        ["generate", "--rows", 1, path],
        ["write", path, "--partition-by=Kind", f"--output=csv={bucket.uri('out')}"],
        ["write", "good.csv", "--partition-by=Kind", f"--output=csv={path}"],
    ):
        assert_fails(s3_partita(*call), CONFIGURATION, part)
    assert not bucket.objects()


def test_a_key_that_partition_values_make_too_long(s3_partita, bucket):
    """Each segment may be, the whole may not: MinIO and real S3 take 1,024 bytes."""
    (s3_partita.folder / "good.csv").write_text(GOOD)
    target = "/".join(letter * 240 for letter in "abcd")
    outcome = s3_partita("write", "good.csv", "--partition-by=Kind", f"--output=csv={bucket.uri(target)}")
    assert_fails(outcome, CONFIGURATION, "at most 1,024 bytes", "shorten", "Kind=")
    assert leavings(bucket, target) == [] and not bucket.objects(f"{target}/")


def test_a_bucket_of_another_region_is_found(tmp_path, tmp_path_factory):
    with s3_servers.start_minio(tmp_path_factory.mktemp("region"), region="eu-central-1") as server:
        bucket = server.new_bucket()
        partita = S3Partita(tmp_path, replace(server.access, region="us-east-1"))
        target = S3Target(partita, bucket)
        assert target.write(target.other).code == 0
        target.assert_holds(OTHER)
        partita.assert_no_secret_in_files()


def test_a_redirect_to_another_region_is_followed_with_a_new_signature(target, proxy):
    headers = {"x_amz_bucket_region": "eu-north-1"}
    proxy.befall(faults.answer(301, "PermanentRedirect", **headers))
    assert target.partita.ok("count", target.path, "--read-option=header=true") == "2\n"
    scopes = [request.header("Authorization").split("/")[2] for request in proxy.log]
    assert scopes[0] == "us-east-1" and set(scopes[1:]) == {"eu-north-1"}


def test_a_certificate_of_an_authority_of_ones_own(tmp_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    certificate = authority.issue_cert("127.0.0.1")
    (folder / "certificates").mkdir()
    certificate.cert_chain_pems[0].write_to_path(str(folder / "certificates/public.crt"))
    certificate.private_key_pem.write_to_path(str(folder / "certificates/private.key"))
    with s3_servers.start_minio(folder, certificates=folder / "certificates", ca_file=str(folder / "ca.pem")) as server:
        bucket = server.new_bucket()
        partita = S3Partita(tmp_path, server.access)
        S3Target(partita, bucket).assert_holds(GOOD)
        del partita.environment["AWS_CA_BUNDLE"]
        assert_fails(partita("count", bucket.uri("sets/target")), CONFIGURATION, "certificate")
        partita.assert_no_secret_in_files()


def test_a_proxy_of_the_environment_is_used(proxied, minio_bucket, minio, proxy):
    minio_bucket.put("in.csv", GOOD)
    call = ["count", minio_bucket.uri("in.csv"), "--read-option=header=true"]
    environment = {"AWS_ENDPOINT_URL_S3": minio.access.endpoint, "http_proxy": proxy.endpoint}
    assert proxied.ok(*call, **environment) == "2\n"
    assert proxy.log and all(request.authority for request in proxy.log)
    proxy.forget()
    assert proxied.ok(*call, **environment, NO_PROXY="127.0.0.1") == "2\n"
    assert not proxy.log


@pytest.mark.thorough
def test_a_server_that_nobody_is(s3_partita, bucket):
    endpoint = f"http://127.0.0.1:{free_port()}"
    outcome = s3_partita("count", bucket.uri("x"), AWS_ENDPOINT_URL_S3=endpoint)
    assert_fails(outcome, STORE, endpoint.split("//")[1])


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "ftp://127.0.0.1", "http://", "http://me:mystery@127.0.0.1"])
def test_an_endpoint_that_is_none(s3_partita, bucket, endpoint):
    outcome = s3_partita("count", bucket.uri("x"), AWS_ENDPOINT_URL_S3=endpoint)
    assert_fails(outcome, CONFIGURATION, "AWS_ENDPOINT_URL_S3")
    assert "mystery" not in outcome.stderr


def test_something_that_is_no_s3(target, proxy):
    def page(exchange):
        body = b"<html><body>Welcome!</body></html>"
        head = [("Content-Type", "text/html"), ("Content-Length", str(len(body)))]
        exchange.reply(faults.Response(200, "OK", head, body))

    proxy.befall(page, times=None)
    outcome = target.write(target.other)
    proxy.forget()
    assert outcome.code in (CONFIGURATION, STORE, 6), outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("partita: error: ")
    target.assert_untouched()
    target.assert_nothing_lies_about()


@pytest.mark.parametrize("algorithm", ["AES256", "SSE-KMS"])
def test_encryption_that_the_server_is_not_set_up_for(target, algorithm):
    outcome = target.partita(*target.arguments(target.other), f"--store-option=encryption.algorithm={algorithm}")
    assert_fails(outcome, CONFIGURATION, "encryption.algorithm", "key management")
    assert "unsafe-commit" not in outcome.stderr
    target.assert_untouched()
    target.assert_nothing_lies_about()


def test_options_of_stores_are_checked(s3_partita, bucket):
    bucket.put("in.csv", GOOD)
    call = ["count", bucket.uri("in.csv"), "--read-option=header=true"]
    assert s3_partita.ok(*call, "--store-option=fs.s3a.path.style.access=true") == "2\n"
    assert_fails(s3_partita(*call, "--store-option=pathstyle=true"), CONFIGURATION, "pathstyle")
    assert_fails(s3_partita(*call, "--store-option=path.style.access=perhaps"), CONFIGURATION, "perhaps")


# ---- What is read


@pytest.fixture(name="cars")
def put_cars(proxied, minio_bucket, proxy):
    """3,000 rows as CSV and as Parquet in the bucket, and what a scan of each says."""
    proxied.ok("generate", "--rows", 3000, "cars.csv")
    minio_bucket.upload("in/cars.csv", proxied.folder / "cars.csv")
    rows = [f"{number},{number % 7},{'x' * (number % 50)}" for number in range(3000)]
    table = pyarrow.table({"n": [int(row.split(",")[0]) for row in rows], "text": rows})
    pyarrow.parquet.write_table(table, proxied.folder / "rows.parquet", row_group_size=500)
    minio_bucket.upload("rows.parquet", proxied.folder / "rows.parquet")
    local = {
        "in/cars.csv": proxied.ok("scan", "cars.csv", "--read-option=header=true", "--format=csv"),
        "rows.parquet": proxied.ok("scan", "rows.parquet", "--format=csv"),
    }
    proxy.forget()
    return local


def scan(partita, bucket, key):
    options = ["--read-option=header=true"] if key.endswith(".csv") else []
    return partita("scan", bucket.uri(key), *options, "--format=csv")


def offsets(size: int, number: int) -> list:
    chosen = random.Random(7).sample(range(2, size - 2), number)
    return [0, 1, size - 2, size - 1, *chosen]


def assert_cut_answers_are_made_good(partita, proxy, bucket, key, wanted, number):
    num_cut = 0
    for offset in offsets(bucket.objects(key)[key][0], number):
        cut = faults.CutAt(offset)
        proxy.befall(cut, "GetObject", key, times=None)
        outcome = scan(partita, bucket, key)
        proxy.forget()
        assert outcome.code == 0, (offset, outcome.stderr)
        assert sorted(outcome.stdout.splitlines()) == sorted(wanted.splitlines()), offset
        num_cut += cut.is_done
    assert num_cut > number  # not every byte of Parquet is read


@pytest.mark.parametrize("key", ["in/cars.csv", "rows.parquet"])
def test_answers_that_end_early_are_asked_for_again(proxied, proxy, minio_bucket, cars, key):
    assert_cut_answers_are_made_good(proxied, proxy, minio_bucket, key, cars[key], 4)


@pytest.mark.thorough
@pytest.mark.parametrize("key", ["in/cars.csv", "rows.parquet"])
def test_answers_may_end_anywhere(proxied, proxy, minio_bucket, cars, key):
    assert_cut_answers_are_made_good(proxied, proxy, minio_bucket, key, cars[key], 64)


@pytest.mark.thorough
def test_an_answer_that_always_ends_early_is_an_error(proxied, proxy, minio_bucket, cars):
    proxy.befall(faults.truncate(1000), "GetObject", "in/cars.csv", times=None)
    assert_fails(scan(proxied, minio_bucket, "in/cars.csv"), STORE, "in/cars.csv")


def held_at_first_read(partita, proxy, bucket, *arguments):
    """A write of the folder `in`, held where it is about to read an object that it has listed."""
    hold = faults.Hold()
    proxy.befall(hold, "GetObject", "in/cars.csv", after="ListObjects")
    process = partita.start("write", bucket.uri("in"), "--partition-by=Make", f"--output=csv={bucket.uri('out')}",
                            *arguments)  # fmt: skip
    hold.wait()
    return hold, process


@pytest.mark.parametrize("command", ["count", "scan", "show"])
def test_a_reader_whose_data_set_is_overwritten_reads_the_new_one(target, proxy, command):
    """As long as it has given nothing out."""
    arguments = [command, target.path, "--read-option=header=true"]
    arguments += ["--format=csv"] if command == "scan" else []
    hold = faults.Hold()
    proxy.befall(hold, "GetObject", f"{target.key}/*")
    process = target.partita.start(*arguments)
    hold.wait()
    assert target.write(target.other).code == 0
    hold.let_go()
    outcome = target.partita.end_of(process)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == target.partita.ok(*arguments)
    target.assert_holds(OTHER)


@pytest.mark.parametrize("change", ["replaced", "removed", "shortened"])
def test_an_object_that_changes_between_listing_and_reading(proxied, proxy, minio_bucket, cars, change):
    assert cars
    hold, process = held_at_first_read(proxied, proxy, minio_bucket)
    content = minio_bucket.get("in/cars.csv")
    if change == "removed":
        minio_bucket.delete("in/cars.csv")
    else:
        changed = content.replace(b"TESLA", b"tesla") if change == "replaced" else content[: len(content) // 2]
        assert changed != content
        minio_bucket.put("in/cars.csv", changed)
    hold.let_go()
    outcome = proxied.end_of(process)
    assert outcome.code in (CONFIGURATION, INPUT, STORE), outcome.stderr
    assert "in/cars.csv" in outcome.stderr.splitlines()[-1]
    assert not minio_bucket.objects("out/")
    assert leavings(minio_bucket, "out") == []


def test_an_object_that_changes_in_the_middle_of_reading(proxied, proxy, minio_bucket):
    proxied.ok("generate", "--rows", 150_000, "cars.csv")
    minio_bucket.upload("in/cars.csv", proxied.folder / "cars.csv")
    hold = faults.Hold()
    proxy.befall(hold, "GetObject", "in/cars.csv", first=4)
    process = proxied.start("write", minio_bucket.uri("in"), "--partition-by=Make",
                            f"--output=csv={minio_bucket.uri('out')}")  # fmt: skip
    hold.wait()
    proxied.ok("generate", "--rows", 150_000, "--seed", 2, "cars2.csv")
    minio_bucket.upload("in/cars.csv", proxied.folder / "cars2.csv")
    hold.let_go()
    outcome = proxied.end_of(process)
    assert_fails(outcome, INPUT, "in/cars.csv")
    assert not minio_bucket.objects("out/")
    assert leavings(minio_bucket, "out") == []


def test_broken_rows_in_a_bucket_name_their_place(target):
    target.bucket.put("in/bad.csv", GOOD + "3,c\n")
    outcome = target.write(target.bucket.uri("in/bad.csv"))
    assert_fails(outcome, INPUT, target.bucket.uri("in/bad.csv"), "row 3 (line 4)", "2 of 3 fields")
    target.assert_untouched()
    target.assert_nothing_lies_about()
    target.assert_next_run_is_clean()


def test_a_compressed_object_is_no_csv(target):
    target.bucket.put("in/x.csv", b"\x1f\x8b\x08\0\0\0\0\0")
    assert_fails(target.write(target.bucket.uri("in/x.csv")), INPUT, "gzip")
    target.assert_untouched()


def test_a_damaged_parquet_object_is_named(proxied, minio_bucket, cars):
    assert cars
    content = minio_bucket.get("rows.parquet")
    minio_bucket.put("broken.parquet", content[:-5])
    assert_fails(proxied("count", minio_bucket.uri("broken.parquet")), INPUT, "broken.parquet")


# ---- The disk beside it


def test_a_full_disk_under_the_temporary_files(target, small_disk):
    target.partita.ok("generate", "--rows", 300_000, "large.csv")
    outcome = target.partita(
        "write", "large.csv", "--partition-by=Make", f"--output=csv={target.path}", "--mode=overwrite",
        f"--temp-dir={small_disk}", "--memory=64MiB",
    )  # fmt: skip
    assert_fails(outcome, STORE, "No space left on device", str(small_disk), "--temp-dir")
    assert not list(small_disk.iterdir())
    target.assert_untouched()
    target.assert_nothing_lies_about()
