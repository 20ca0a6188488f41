"""doctor finds what jobs would lack and says what to do, and leaves everything as it was."""
import json
import os
import signal
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

import s3_fault_proxy as faults
from s3_servers import free_port, leavings, state_prefix
from s3_targets import S3Target
from s3_users import ALLOW_ALL, User, denial

OK, CONFIGURATION, STORE, CANCELLED = 0, 2, 4, 130


def diagnose(partita, path, *arguments, code=OK, **environment) -> dict:
    """The checks by name, of a call that must end with this code."""
    outcome = partita("doctor", path, "--json", *arguments, **environment)
    assert outcome.code == code, outcome.stdout + outcome.stderr
    report = json.loads(outcome.stdout)
    assert set(report) == {"version", "path", "is_well", "checks"}
    assert report["version"] == 1
    assert report["is_well"] == (code == OK)
    checks = {check["name"]: check for check in report["checks"]}
    assert len(checks) == len(report["checks"])
    assert all(set(check) == {"name", "outcome", "finding", "remedy"} for check in checks.values())
    assert all(check["finding"] for check in checks.values())
    return checks


def named(checks: dict, outcome: str) -> set:
    return {name for name, check in checks.items() if check["outcome"] == outcome}


# ---- Local folders


@pytest.fixture
def folder(partita):
    """A data set on disk."""
    (partita.folder / "in.csv").write_text("k,v\n1,x\n2,y\n")
    partita.ok("write", "in.csv", "--partition-by=k", "--output=csv=out")
    return partita.folder / "out"


def tree(folder) -> dict:
    """All below a folder, with what tells a file from a later one."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns, path.is_dir() or path.read_bytes())
        for path in folder.rglob("*")
    }


def test_a_folder_that_is_well(partita, folder):
    assert folder.exists()
    before = tree(partita.folder)
    checks = diagnose(partita, "out")
    assert not named(checks, "failed") and not named(checks, "skipped")
    assert list(checks) == ["target", "file_system", "space", "jobs", "write", "read", "sync", "lock", "exchange",
                            "delete", "data", "commit"]  # fmt: skip
    after = tree(partita.folder)
    assert {path: what[2] for path, what in after.items()} == {path: what[2] for path, what in before.items()}
    assert {path: after[path] for path in after if path.startswith("out/")} == {
        path: before[path] for path in before if path.startswith("out/")
    }


def test_the_text_has_a_line_for_each_check(partita, folder):
    lines = partita.ok("doctor", "out").splitlines()
    assert lines[0] == str(folder)
    assert sum(line.startswith("  target       ok       ") for line in lines) == 1
    assert lines[-1].startswith("12 checks: 0 failed, ")


def test_a_folder_that_is_missing_is_not_made(partita):
    checks = diagnose(partita, "a/b/out")
    assert checks["commit"]["finding"].startswith("place")
    assert not list(partita.folder.iterdir())


def test_a_file_in_the_way(partita, folder):
    file = next(folder.rglob("*.csv"))
    for path in (file, file / "out"):
        checks = diagnose(partita, path, code=STORE)
        assert list(checks) == ["target"]
        assert str(file) in checks["target"]["finding"]


def test_a_mount_point_with_little_room(partita, small_disk):
    checks = diagnose(partita, small_disk)
    assert checks["space"]["outcome"] == "warning"
    assert checks["file_system"]["finding"] == "tmpfs"
    assert "mount point" in checks["commit"]["finding"] and checks["commit"]["outcome"] == "warning"
    assert not list(small_disk.iterdir())


def test_a_folder_that_may_not_be_written(partita, folder):
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; the unit tests become nobody for this")
    partita.folder.chmod(0o555)
    checks = diagnose(partita, "new", code=STORE)
    partita.folder.chmod(0o755)
    assert str(partita.folder) in checks["write"]["finding"]
    assert folder.exists()


@pytest.mark.parametrize(
    "arguments, part",
    [
        ([""], "path is empty"),
        (["ftp://h/x"], "ftp"),
        (["s3://b/x"], "bucket"),
        (["out", "--store-option=pathstyle=true"], "pathstyle"),
        (["out", "--store-option=endpoint"], "KEY=VALUE"),
        ([], "PATH is required"),
    ],
)
def test_a_wrong_call(partita, arguments, part):
    outcome = partita("doctor", *arguments)
    assert outcome.code == CONFIGURATION
    assert outcome.stdout == ""
    assert part in outcome.stderr


# ---- S3


@pytest.fixture
def target(s3_partita, bucket) -> S3Target:
    return S3Target(s3_partita, bucket)


def test_a_server_where_all_is_well(target):
    checks = diagnose(target.partita, target.path)
    assert not named(checks, "failed")
    assert named(checks, "warning") == set()
    for name in ("reach", "clock", "target", "list", "jobs", "uploads", "put", "read", "conditions", "abort", "upload",
                 "delete"):  # fmt: skip
        assert checks[name]["outcome"] == "ok", checks[name]
    target.assert_untouched()
    target.assert_nothing_lies_about()


@pytest.mark.parametrize("key", ["not/there/yet", "a b=c/100%/ü", ""])
def test_a_place_where_nothing_is_yet(s3_partita, bucket, key):
    assert not named(diagnose(s3_partita, bucket.uri(key)), "failed")
    assert not bucket.objects() and not bucket.uploads()


@pytest.fixture
def minio_target(proxied, proxy, minio_bucket) -> S3Target:
    """A data set that was written through the proxy, which remembers nothing of that."""
    written = S3Target(proxied, minio_bucket)
    proxy.forget()
    return written


@pytest.mark.parametrize(
    "action, check",
    [
        ("s3:ListBucket", "list"),
        ("s3:GetObject", "read"),
        ("s3:PutObject", "put"),
        ("s3:AbortMultipartUpload", "abort"),
        ("s3:ListBucketMultipartUploads", "uploads"),
    ],
)
def test_a_right_that_is_missing_is_named(minio_target, minio, tmp_path_factory, action, check):
    user = User(minio, tmp_path_factory.mktemp("policies"), ALLOW_ALL, denial(action))
    checks = diagnose(minio_target.partita, minio_target.path, code=STORE, **user.environment())
    assert checks[check]["outcome"] == "failed"
    assert "AccessDenied" in checks[check]["finding"]
    assert action in checks[check]["finding"] + checks[check]["remedy"]
    minio_target.assert_untouched()
    minio_target.assert_nothing_lies_about()


def test_without_the_right_to_delete_what_is_left_is_named_and_goes_with_the_next_job(
    minio_target, minio, tmp_path_factory
):
    user = User(minio, tmp_path_factory.mktemp("policies"), ALLOW_ALL, denial("s3:DeleteObject"))
    checks = diagnose(minio_target.partita, minio_target.path, code=STORE, **user.environment())
    assert named(checks, "failed") == {"delete"}
    assert "s3:DeleteObject" in checks["delete"]["remedy"]
    left = leavings(minio_target.bucket, minio_target.key)
    assert left and all(name.startswith(state_prefix(minio_target.key) + "doctor-") for name in left)
    assert all(name in checks["delete"]["finding"] for name in left)
    minio_target.assert_untouched()
    minio_target.assert_next_run_is_clean()


def test_rights_that_only_the_doctor_wants_are_no_failure(minio_target, minio, tmp_path_factory):
    asked = {"region": "s3:GetBucketLocation", "versioning": "s3:GetBucketVersioning",
             "encryption": "s3:GetEncryptionConfiguration", "lifecycle": "s3:GetLifecycleConfiguration"}  # fmt: skip
    user = User(minio, tmp_path_factory.mktemp("policies"), ALLOW_ALL, denial(*asked.values()))
    checks = diagnose(minio_target.partita, minio_target.path, **user.environment())
    for name, action in asked.items():
        assert checks[name]["outcome"] == "skipped"
        assert checks[name]["finding"].startswith("unknown, because ") and action in checks[name]["finding"]


def only_reach(checks: dict) -> str:
    """The finding of the only check."""
    assert list(checks) == ["reach"] and checks["reach"]["outcome"] == "failed"
    return checks["reach"]["finding"]


def test_a_bucket_that_is_missing(s3_partita):
    assert "no such bucket" in only_reach(diagnose(s3_partita, "s3://no-such-bucket-here/x", code=STORE))


def test_a_wrong_secret(s3_partita, bucket):
    secret = "not-this-server's-secret"
    finding = only_reach(diagnose(s3_partita, bucket.uri("x"), code=STORE, AWS_SECRET_ACCESS_KEY=secret))
    assert "AWS_SECRET_ACCESS_KEY" in finding


def test_no_keys_at_all(s3_partita, bucket):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del s3_partita.environment[name]
    assert "AWS_ACCESS_KEY_ID" in only_reach(diagnose(s3_partita, bucket.uri("x"), code=STORE))


def test_a_server_that_nobody_is(s3_partita, bucket):
    endpoint = f"http://127.0.0.1:{free_port()}"
    finding = only_reach(diagnose(s3_partita, bucket.uri("x"), f"--store-option=endpoint={endpoint}", code=STORE))
    assert endpoint in finding


def document(text: str):
    """The server answers with this text."""

    def fault(exchange):
        head = [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))]
        exchange.reply(faults.Response(200, "OK", head, text.encode()))

    return fault


def test_something_that_is_no_s3(minio_target, proxy):
    proxy.befall(document("<html><body>Welcome!</body></html>"), times=None)
    finding = only_reach(diagnose(minio_target.partita, minio_target.path, code=STORE))
    assert "is the endpoint right?" in finding


def later(exchange):
    """The server's clock is ten minutes ahead."""
    response = exchange.forward()
    date = parsedate_to_datetime(response.header("Date")) + timedelta(minutes=10)
    response.headers = [*response.without("Date"), ("Date", format_datetime(date, usegmt=True))]
    exchange.reply(response)


def test_a_clock_that_is_wrong(minio_target, proxy):
    proxy.befall(later, "GetBucketLocation")
    clock = diagnose(minio_target.partita, minio_target.path)["clock"]
    assert clock["outcome"] == "warning" and "behind the server's" in clock["finding"] and clock["remedy"]
    proxy.befall(faults.answer(403, "RequestTimeTooSkewed"), "GetBucketLocation")
    assert "clock" in only_reach(diagnose(minio_target.partita, minio_target.path, code=STORE))


def test_a_rule_that_aborts_uploads_too_early(minio_target, proxy):
    rule = (
        "<LifecycleConfiguration><Rule><ID>tidy</ID><Status>Enabled</Status><Filter><Prefix>sets/</Prefix></Filter>"
        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>{}</DaysAfterInitiation></AbortIncompleteMultipartUpload>"
        "</Rule></LifecycleConfiguration>"
    )
    proxy.befall(document(rule.format(1)), "GetBucketLifecycle")
    lifecycle = diagnose(minio_target.partita, minio_target.path)["lifecycle"]
    assert lifecycle["outcome"] == "warning" and "rule tidy aborts uploads after 1 day" in lifecycle["finding"]
    assert lifecycle["remedy"]
    proxy.befall(document(rule.format(7)), "GetBucketLifecycle")
    assert diagnose(minio_target.partita, minio_target.path)["lifecycle"]["outcome"] == "ok"


def test_a_rule_that_deletes_data(minio_target):
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "sets/"}, "Expiration": {"Days": 30}}
    minio_target.bucket.client.put_bucket_lifecycle_configuration(
        Bucket=minio_target.bucket.name, LifecycleConfiguration={"Rules": [rule]}
    )
    expiration = diagnose(minio_target.partita, minio_target.path)["expiration"]
    assert expiration["outcome"] == "warning" and "rule old" in expiration["finding"]


def test_a_bucket_with_versions(minio_target):
    minio_target.bucket.client.put_bucket_versioning(
        Bucket=minio_target.bucket.name, VersioningConfiguration={"Status": "Enabled"}
    )
    versioning = diagnose(minio_target.partita, minio_target.path)["versioning"]
    assert versioning["outcome"] == "warning" and versioning["remedy"]
    minio_target.assert_nothing_lies_about()


def test_who_one_is_is_asked_where_a_token_service_is_named(minio_target, minio):
    identity = diagnose(minio_target.partita, minio_target.path)["identity"]
    assert identity["outcome"] == "skipped" and "AWS_ENDPOINT_URL_STS" in identity["finding"]
    # MinIO's gives keys, but does not tell whose they are.
    named_service = {"AWS_ENDPOINT_URL_STS": minio.access.endpoint}
    identity = diagnose(minio_target.partita, minio_target.path, **named_service)["identity"]
    assert identity["outcome"] == "skipped" and minio.access.endpoint in identity["finding"]


def test_a_server_that_ignores_conditions(minio_target, minio, proxy):
    access = minio.access.through(proxy.endpoint)
    proxy.befall(faults.ignore_conditions(access), "PutObject", times=None)
    checks = diagnose(minio_target.partita, minio_target.path, code=STORE)
    assert named(checks, "failed") == {"conditions"}
    assert "--unsafe-commit" in checks["conditions"]["remedy"]
    checks = diagnose(minio_target.partita, minio_target.path, "--store-option=unsafe.commit=true")
    assert checks["conditions"]["outcome"] == "warning"
    minio_target.assert_untouched()
    minio_target.assert_nothing_lies_about()


def test_uploads_that_nobody_completes(s3_partita, bucket):
    begun = bucket.client.create_multipart_upload(Bucket=bucket.name, Key="out/by-another-program")
    uploads = diagnose(s3_partita, bucket.uri("out"))["uploads"]
    assert uploads["outcome"] == "warning" and uploads["remedy"]
    assert "1 upload not completed, the oldest begun 0 minutes ago" in uploads["finding"]
    assert [upload for _, upload in bucket.uploads()] == [begun["UploadId"]]


def test_a_stop_leaves_nothing_behind(minio_target, proxy):
    hold = faults.Hold()
    proxy.befall(hold, "UploadPart")
    process = minio_target.partita.start("doctor", minio_target.path)
    hold.wait()
    process.send_signal(signal.SIGINT)
    hold.let_go()
    outcome = minio_target.partita.end_of(process)
    assert outcome.code == CANCELLED, outcome.stderr
    assert outcome.stdout == ""
    minio_target.assert_untouched()
    minio_target.assert_nothing_lies_about()
