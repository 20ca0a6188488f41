"""What a server or the network does wrong in the middle of a job: old or new data, whole, and nothing left behind."""

import concurrent.futures
import json
import random
import signal
import time
from datetime import timedelta

import pytest

import s3_fault_proxy as faults
from conftest import S3Partita
from s3_servers import head_of, state_names
from s3_targets import GOOD, OTHER, S3Target, rows_of, scanned_rows

CONFLICT, STORE = 5, 4


@pytest.fixture
def target(proxied, proxy, minio_bucket) -> S3Target:
    """A data set that was written through the proxy, which remembers nothing of that."""
    written = S3Target(proxied, minio_bucket)
    proxy.forget()
    return written


def assert_replaced(target, outcome):
    assert outcome.code == 0, outcome.stderr
    target.assert_holds(OTHER)
    assert scanned_rows(target.partita, target.path) == rows_of(OTHER)
    target.assert_nothing_lies_about()


def assert_kept(target, outcome, *codes):
    assert outcome.code in codes, outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("partita: error: ")
    target.assert_untouched()
    assert scanned_rows(target.partita, target.path) == rows_of(GOOD)
    target.assert_nothing_lies_about()


# Every kind of request that an overwrite makes, as the proxy names it.
REQUESTS = [
    ("ListObjects", "*"),
    ("GetObject", "*/HEAD"),
    ("PutObject", "*/intent-*"),
    ("PutObject", "*/HEAD"),
    ("PutObject", "*/manifest-*"),
    ("PutObject", "*/record-*"),
    ("PutObject", "*/_SUCCESS"),
    ("CreateMultipartUpload", "*"),
    ("UploadPart", "*"),
    ("CompleteMultipartUpload", "*"),
    ("DeleteObjects", "*"),
]
REQUEST_NAMES = [f"{operation} {key}" for operation, key in REQUESTS]
ONCE = {
    "answer lost": faults.lose_answer,
    "request lost": faults.lose_request,
    "503": faults.answer(503, "SlowDown", "Please reduce your request rate."),
    "500": faults.answer(500, "InternalError"),
    "answer truncated": faults.truncate(7),
}


THOROUGH = ["request lost", "500", "answer truncated"]


@pytest.mark.parametrize(
    "how", [pytest.param(how, marks=[pytest.mark.thorough] if how in THOROUGH else []) for how in ONCE]
)
@pytest.mark.parametrize("operation, key", REQUESTS, ids=REQUEST_NAMES)
def test_a_request_that_fails_once_is_made_good(target, proxy, operation, key, how):
    rule = proxy.befall(ONCE[how], operation, key)
    outcome = target.write(target.other)
    assert len(rule.befallen) == 1
    assert_replaced(target, outcome)


@pytest.mark.thorough
@pytest.mark.parametrize("operation, key", REQUESTS, ids=REQUEST_NAMES)
def test_the_last_request_of_its_kind_may_fail_too(target, proxy, operation, key):
    """The first and the last of a kind are made in different steps of the protocol."""
    assert target.write(target.other).code == 0
    number = proxy.count(operation, key)
    proxy.forget()
    target.assert_next_run_is_clean()
    proxy.forget()
    rule = proxy.befall(faults.lose_answer, operation, key, first=number)
    outcome = target.write(target.other)
    assert len(rule.befallen) == 1
    assert_replaced(target, outcome)


def test_a_completion_that_fails_in_a_success_is_repeated(target, proxy):
    rule = proxy.befall(faults.fail_in_a_success(), "CompleteMultipartUpload")
    outcome = target.write(target.other)
    assert len(rule.befallen) == 1
    assert_replaced(target, outcome)


def test_half_a_deletion_is_finished(target, proxy):
    rule = proxy.befall(faults.half_deletion(target.partita.access), "DeleteObjects", times=2)
    outcome = target.write(target.other)
    assert rule.befallen
    assert_replaced(target, outcome)


@pytest.mark.parametrize("seed", range(3))
def test_a_tenth_of_all_requests_may_fail(target, proxy, seed):
    fates = random.Random(seed)
    faulty = [faults.lose_answer, faults.lose_request, ONCE["503"], ONCE["500"]]

    def fault(exchange):
        if fates.random() < 0.1:
            fates.choice(faulty)(exchange)
        else:
            exchange.reply(exchange.forward())

    proxy.befall(fault, times=None)
    outcome = target.write(target.other)
    proxy.forget()
    assert_replaced(target, outcome)


def test_throttling_is_counted_and_waited_out(target, proxy):
    proxy.befall(ONCE["503"], "UploadPart", times=3)
    outcome = target.write(target.other, "--report=-")
    assert outcome.code == 0, outcome.stderr
    requests = json.loads(outcome.stdout)["requests"]
    assert requests["num_throttled"] == 3 and requests["num_retries"] >= 3
    target.assert_nothing_lies_about()


@pytest.mark.thorough
@pytest.mark.parametrize("after", ["", "CreateMultipartUpload"])
@pytest.mark.parametrize("code", ["SlowDown", "ServiceUnavailable"])
def test_a_minute_without_service_is_waited_out(target, proxy, code, after):
    """Before the job's lease begins, or so that it runs out meanwhile and nobody takes it."""
    begin = []  # of the first answer and of each later one
    no_service = faults.answer(503, code)

    def fault(exchange):
        begin.append(time.monotonic())
        if begin[-1] - begin[0] < 60:
            no_service(exchange)
        else:
            exchange.reply(exchange.forward())

    proxy.befall(fault, times=None, after=after)
    outcome = target.write(target.other)
    proxy.forget()
    assert_replaced(target, outcome)


@pytest.mark.parametrize("status, code", [(400, "BadDigest"), (403, "AccessDenied"), (400, "EntityTooLarge")])
def test_a_part_that_is_refused_stops_the_job(target, proxy, status, code):
    proxy.befall(faults.answer(status, code, "no such part here"), "UploadPart", times=None)
    outcome = target.write(target.other)
    proxy.forget()
    assert_kept(target, outcome, STORE)
    assert code in outcome.stderr or "no such part here" in outcome.stderr
    target.assert_next_run_is_clean()


@pytest.mark.thorough
@pytest.mark.parametrize("operation, key", REQUESTS[3:9], ids=REQUEST_NAMES[3:9])
def test_what_fails_for_good_stops_the_job(target, proxy, operation, key):
    """Before the decision the job gives up; after it nobody can, and the next one ends what it began."""
    rule = proxy.befall(ONCE["500"], operation, key, times=None)
    outcome = target.write(target.other)
    rule.remove()
    assert outcome.code in (4, 6), outcome.stderr
    is_decided = outcome.code == 6
    if is_decided:
        proxy.time_passed = timedelta(minutes=2)
        target.partita.ok("recover", target.path)
    wanted = OTHER if head_of(target.bucket, target.key)["generation"] == "2" else GOOD
    assert is_decided or wanted == GOOD
    target.assert_holds(wanted)
    target.assert_nothing_lies_about()


@pytest.mark.parametrize(
    "kind, toxicity, attributes",
    [
        ("reset_peer", 0.3, {"timeout": 0}),
        ("reset_peer", 0.3, {"timeout": 100}),  # a connection with it brings nothing
        ("limit_data", 1.0, {"bytes": 3000}),
        ("slicer", 1.0, {"average_size": 100, "size_variation": 50, "delay": 0}),
        ("latency", 1.0, {"latency": 30, "jitter": 30}),
    ],
)
@pytest.mark.parametrize("stream", ["upstream", "downstream"])
def test_a_bad_network_costs_time_only(tmp_path, minio, minio_bucket, network, stream, kind, toxicity, attributes):
    partita = S3Partita(tmp_path, minio.access.through(network.endpoint))
    target = S3Target(partita, minio_bucket)
    network.add(kind, stream, toxicity, **attributes)
    assert_replaced(target, target.write(target.other))
    partita.assert_no_secret_in_files()


# ---- Uploads that vanish, listings that lag, conditions that are not kept


@pytest.mark.parametrize("number", [1, 2])
def test_an_upload_that_vanishes_takes_the_commit_back(target, proxy, number):
    hold = faults.Hold()
    proxy.befall(hold, "CompleteMultipartUpload", first=number)
    process = target.start(target.other)
    hold.wait()
    (upload,) = [(k, i) for k, i in target.bucket.uploads() if i == hold.request.query["uploadId"]]
    target.bucket.client.abort_multipart_upload(Bucket=target.bucket.name, Key=upload[0], UploadId=upload[1])
    hold.let_go()
    outcome = target.partita.end_of(process)
    assert_kept(target, outcome, STORE)
    assert "vanished" in outcome.stderr
    target.assert_next_run_is_clean()


@pytest.mark.parametrize("code", ["InvalidPart", "NoSuchUpload"])
def test_an_upload_that_has_lost_its_parts_takes_the_commit_back(target, proxy, code):
    """MinIO, cut off in the middle of a completion, may keep the upload and lose its parts."""
    proxy.befall(faults.answer(400, code), "CompleteMultipartUpload", first=2, times=None)
    outcome = target.write(target.other)
    proxy.forget()
    assert_kept(target, outcome, STORE)
    target.assert_next_run_is_clean()


def test_a_listing_that_lacks_the_new_objects_takes_the_commit_back_or_is_asked_again(target, proxy):
    listings = faults.Listings()
    proxy.befall(listings.remember, "ListObjects", times=None)
    target.assert_next_run_is_clean()
    proxy.forget()
    proxy.befall(listings.repeat, "ListObjects", f"{target.key}/", after="CompleteMultipartUpload")
    outcome = target.write(target.other)
    if outcome.code == 0:
        assert_replaced(target, outcome)
    else:
        assert_kept(target, outcome, STORE)


def test_a_target_that_others_change_meanwhile_is_not_replaced(target, proxy):
    hold = faults.Hold()
    proxy.befall(hold, "UploadPart")
    process = target.start(target.other)
    hold.wait()
    target.bucket.put(f"{target.key}/Kind=a/part-theirs.csv", "id,note\n7,q\n")
    target.before = target.snapshot()
    hold.let_go()
    outcome = target.partita.end_of(process)
    assert outcome.code == CONFLICT and "changed by others" in outcome.stderr
    target.assert_untouched()
    target.assert_nothing_lies_about()


def test_a_store_that_keeps_no_conditions_is_refused_and_the_way_out_named(target, proxy):
    proxy.befall(faults.ignore_conditions(target.partita.access), "PutObject", times=None)
    outcome = target.write(target.other)
    assert_kept(target, outcome, STORE)
    assert "If-None-Match" in outcome.stderr and "--unsafe-commit" in outcome.stderr
    assert_replaced(target, target.write(target.other, "--unsafe-commit"))


# ---- Writers that die, are slow, or are many


@pytest.fixture(scope="module")
def many_objects(minio):
    """A bucket with a data set of more objects than are listed one page after another."""
    bucket = minio.new_bucket()
    names = [f"sets/many/k={folder:02}/part-{file:03}" for folder in range(50) for file in range(92)]
    with concurrent.futures.ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda name: bucket.put(name, b"x"), names))
    return bucket, names


@pytest.mark.thorough
@pytest.mark.parametrize("fault", ["none", "slow down", "lost", "cut"])
def test_a_long_listing_in_parts_is_what_a_flat_one_is(proxied, proxy, many_objects, fault):
    bucket, names = many_objects
    (proxied.folder / "good.csv").write_text(GOOD)
    befalls = {"slow down": faults.answer(503, "SlowDown"), "lost": faults.lose_answer, "cut": faults.truncate(100)}
    if fault in befalls:
        for first in (2, 7, 9, 12):
            proxy.befall(befalls[fault], "ListObjects", "sets/many/*", first=first)
    report = proxied.folder / "report.json"
    proxied.ok("write", "good.csv", "--partition-by=Kind", "--mode=overwrite", "--dry-run", f"--report={report}",
               f"--output=csv={bucket.uri('sets/many')}")  # fmt: skip
    [output] = json.loads(report.read_text())["outputs"]
    assert [f"sets/many/{file['path']}" for file in output["files_replaced"]] == names
    assert any("start-after" in request.query for request in proxy.log)


def killed_at(target, proxy, operation, key="*", is_carried_out=False):
    """An overwrite that was killed with SIGKILL at its first such request."""
    hold = faults.Hold(is_carried_out)
    proxy.befall(hold, operation, key)
    process = target.start(target.other)
    hold.wait()
    process.send_signal(signal.SIGKILL)
    target.partita.end_of(process)
    hold.lose()
    proxy.wait_until_idle()


def test_a_dead_job_is_taken_for_alive_for_a_minute_and_then_healed(target, proxy):
    killed_at(target, proxy, "UploadPart")
    refused = target.write(target.other)
    assert refused.code == CONFLICT and "another job" in refused.stderr and "lease runs out, in" in refused.stderr
    for call in (["recover", target.path], ["recover", "--dry-run", target.path]):
        told = target.partita(*call)
        assert told.code == CONFLICT and "lease runs out, in" in told.stderr and "recover again" in told.stderr
    target.assert_untouched()
    proxy.time_passed = timedelta(minutes=2)
    assert "removed" in target.partita.ok("recover", "--dry-run", target.path)
    assert target.bucket.uploads()
    assert "removed" in target.partita.ok("recover", target.path)
    target.assert_untouched()
    target.assert_nothing_lies_about()
    assert target.partita.ok("recover", target.path) == "nothing to recover\n"


def test_a_dry_run_and_doctor_look_whether_a_commit_can_be_carried_out(target, proxy):
    killed_at(target, proxy, "PutObject", "*/HEAD", is_carried_out=True)
    proxy.time_passed = timedelta(minutes=2)
    assert "is carried out" in target.partita.ok("recover", "--dry-run", target.path)
    assert "recovery carries out" in target.partita.ok("doctor", target.path)
    key, upload = target.bucket.uploads()[0]
    target.bucket.client.abort_multipart_upload(Bucket=target.bucket.name, Key=key, UploadId=upload)
    assert "is taken back" in target.partita.ok("recover", "--dry-run", target.path)
    assert "recovery takes back" in target.partita.ok("doctor", target.path)
    target.assert_untouched()
    assert "is taken back" in target.partita.ok("recover", target.path)
    target.assert_untouched()
    target.assert_nothing_lies_about()


def test_a_first_commit_that_is_stuck_is_not_taken_for_no_data(proxied, proxy, minio_bucket):
    (proxied.folder / "good.csv").write_text(GOOD)
    path = minio_bucket.uri("sets/first")
    hold = faults.Hold(is_carried_out=True)
    proxy.befall(hold, "PutObject", "*/HEAD")
    process = proxied.start("write", "good.csv", "--partition-by=Kind", f"--output=json={path}")
    hold.wait()
    process.send_signal(signal.SIGKILL)
    proxied.end_of(process)
    hold.lose()
    proxy.wait_until_idle()
    for command in ("count", "show", "scan", "schema"):
        outcome = proxied(command, path)
        assert outcome.code == CONFLICT and f"partita recover {path}" in outcome.stderr, outcome.stderr
    proxy.time_passed = timedelta(minutes=2)
    assert proxied("count", path).code == CONFLICT
    proxied.ok("recover", path)
    assert proxied.ok("count", path) == "2\n"


def test_the_next_job_heals_what_a_dead_one_has_left(target, proxy):
    killed_at(target, proxy, "PutObject", "*/record-*", is_carried_out=True)
    proxy.time_passed = timedelta(minutes=2)
    assert_replaced(target, target.write(target.other))


def test_a_decided_commit_is_carried_out_after_its_job_has_died(target, proxy):
    killed_at(target, proxy, "PutObject", "*/HEAD", is_carried_out=True)
    assert scanned_rows(target.partita, target.path) == rows_of(GOOD)
    proxy.time_passed = timedelta(minutes=2)
    assert scanned_rows(target.partita, target.path) == rows_of(GOOD)
    target.partita.ok("recover", target.path)
    target.assert_holds(OTHER)
    assert scanned_rows(target.partita, target.path) == rows_of(OTHER)
    target.assert_nothing_lies_about()


@pytest.mark.parametrize("mode", ["write", "recover"])
def test_a_slow_job_that_was_taken_for_dead_changes_nothing_more(target, proxy, mode):
    hold = faults.Hold()
    proxy.befall(hold, "PutObject", "*/HEAD")
    process = target.start(target.other)
    hold.wait()
    proxy.time_passed = timedelta(minutes=2)
    if mode == "write":
        assert target.write(target.good).code == 0
        target.before = target.snapshot()
    else:
        target.partita.ok("recover", target.path)
    hold.let_go()
    outcome = target.partita.end_of(process)
    assert outcome.code == CONFLICT, outcome.stderr
    target.assert_untouched()
    target.assert_holds(GOOD)
    target.assert_nothing_lies_about()


def test_readers_see_the_old_data_until_all_of_the_new_is_there_and_then_that(target, proxy):
    completes, deletes = faults.Hold(), faults.Hold()
    proxy.befall(completes, "CompleteMultipartUpload", first=2)
    process = target.start(target.other)
    completes.wait()
    assert scanned_rows(target.partita, target.path) == rows_of(GOOD)
    assert set(target.before) <= set(target.snapshot())
    proxy.befall(deletes, "DeleteObjects")
    completes.let_go()
    deletes.wait()
    assert scanned_rows(target.partita, target.path) == rows_of(OTHER)
    assert set(target.before) <= set(target.snapshot())
    deletes.let_go()
    assert_replaced(target, target.partita.end_of(process))


def test_a_second_writer_is_refused_or_waits(target, proxy):
    hold = faults.Hold()
    proxy.befall(hold, "UploadPart")
    first = target.start(target.other)
    hold.wait()
    refused = target.write(target.good)
    waiting = target.partita.start(*target.arguments(target.good), "--wait=100s")
    hold.let_go()
    assert target.partita.end_of(first).code == 0
    assert target.partita.end_of(waiting).code == 0
    assert refused.code == CONFLICT and "another" in refused.stderr
    target.assert_holds(GOOD)
    target.assert_nothing_lies_about()


def test_of_two_writers_at_the_same_point_one_wins(target, proxy):
    proxy.befall(faults.Gathering(2), "ListObjects", "*.partita/*", times=2)  # each sees no other
    proxy.befall(faults.Gathering(2), "PutObject", "*/HEAD", times=2)
    processes = [target.start(source) for source in (target.good, target.other)]
    codes = [target.partita.end_of(process).code for process in processes]
    assert sorted(codes) == [0, CONFLICT]
    target.assert_holds(GOOD if codes[0] == 0 else OTHER)
    assert head_of(target.bucket, target.key)["generation"] == "2"
    target.assert_nothing_lies_about()


# ---- Secrets


def test_secrets_are_in_no_title_state_or_report(target, proxy):
    hold = faults.Hold()
    proxy.befall(hold, "CompleteMultipartUpload")
    process = target.start(target.other, "--report=report.json")
    hold.wait()
    for name in ("cmdline", "comm"):
        with open(f"/proc/{process.pid}/{name}", "rb") as file:
            target.partita.assert_no_secret(file.read(), name)
    state = target.bucket.contents("sets/.target.partita/")
    assert any("intent-" in key for key in state) and any("record-" in key for key in state)
    for key, content in state.items():
        target.partita.assert_no_secret(content, key)
    hold.let_go()
    assert target.partita.end_of(process).code == 0
    assert (target.partita.folder / "report.json").is_file()  # whose text the fixture looks through
    assert target.partita.ok("runs") and target.partita.ok("runs", "--json")
    assert state_names(target.bucket, target.key)


def test_a_secret_would_be_found(target):
    """The check itself."""
    secret = target.partita.access.secret
    with pytest.raises(AssertionError):
        target.partita.assert_no_secret(f"x{secret}y", "a text")
    leak = target.partita.folder / "leak"
    leak.write_text(secret)
    with pytest.raises(AssertionError):
        target.partita.assert_no_secret_in_files()
    leak.unlink()
