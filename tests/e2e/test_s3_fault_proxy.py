"""The fault proxy itself, tried with boto3 on MinIO: it changes what it is told to, and nothing else."""
import concurrent.futures
from datetime import timedelta
from email.utils import parsedate_to_datetime

import botocore.exceptions
import pytest

import s3_fault_proxy as faults
from s3_servers import Bucket

PART = b"p" * (5 << 20)


@pytest.fixture(name="through")
def bucket_through_the_proxy(minio_bucket, proxy) -> Bucket:
    return Bucket(minio_bucket.access.through(proxy.endpoint), minio_bucket.name)


def error_code(call, *arguments, **keywords) -> str:
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(*arguments, **keywords)
    return raised.value.response["Error"]["Code"]


def begin_upload(bucket, key: str, *parts: bytes) -> dict:
    """What completes an upload of these parts."""
    place = {"Bucket": bucket.name, "Key": key}
    place["UploadId"] = bucket.client.create_multipart_upload(**place)["UploadId"]
    tags = [
        {"PartNumber": number, "ETag": bucket.client.upload_part(**place, PartNumber=number, Body=part)["ETag"]}
        for number, part in enumerate(parts, 1)
    ]
    return {**place, "MultipartUpload": {"Parts": tags}}


def test_what_no_rule_takes_passes_unchanged(minio_bucket, through, proxy):
    names = ["a", "b/c d=e%20é😀+&'(1)", "b/empty"]
    for name in names:
        through.put(name, b"" if name.endswith("empty") else name.encode() * 1000)
    through.client.complete_multipart_upload(**begin_upload(through, "big", PART, b"rest"))
    assert through.contents() == minio_bucket.contents()
    assert minio_bucket.get("big") == PART + b"rest"
    part = through.client.get_object(Bucket=through.name, Key="big", Range="bytes=5242879-5242881")
    assert part["Body"].read() == b"pre"
    through.client.delete_objects(Bucket=through.name, Delete={"Objects": [{"Key": name} for name in names]})
    assert list(minio_bucket.objects()) == ["big"]
    assert error_code(through.get, "a") == "NoSuchKey"
    for operation, times in {"PutObject": 3, "CreateMultipartUpload": 1, "UploadPart": 2, "CompleteMultipartUpload": 1,
                             "ListObjects": 1, "DeleteObjects": 1}.items():  # fmt: skip
        assert proxy.count(operation) == times
    assert proxy.count("GetObject", "b/c d=*") == 1


def test_the_server_still_checks_who_asks(minio_bucket, proxy):
    access = minio_bucket.access.through(proxy.endpoint)
    stranger = type(access)(access.endpoint, access.key, "not-the-secret")
    assert error_code(Bucket(stranger, minio_bucket.name).get, "a") == "SignatureDoesNotMatch"


def test_an_error_is_answered_as_often_as_told_and_the_server_is_not_asked(minio_bucket, through, proxy):
    rule = proxy.befall(faults.answer(503, "SlowDown", Retry_After="1"), "PutObject", "x/*", first=2, times=2)
    through.put("y/1", "1")
    through.put("x/1", "1")
    for _ in range(2):
        assert error_code(through.put, "x/2", "2") == "SlowDown"
    assert "x/2" not in minio_bucket.objects()
    through.put("x/2", "2")
    assert [request.status for request in rule.befallen] == [503, 503]
    assert sorted(minio_bucket.objects()) == ["x/1", "x/2", "y/1"]


def test_a_rule_holds_until_it_is_removed(through, proxy):
    with proxy.befall(faults.answer(500, "InternalError"), times=None):
        for _ in range(5):
            assert error_code(through.put, "a", "1") == "InternalError"
    through.put("a", "1")


def test_a_rule_may_wait_for_another_operation(through, proxy):
    proxy.befall(faults.answer(500, "InternalError"), "GetObject", after="PutObject")
    assert error_code(through.get, "a") == "NoSuchKey"
    through.put("a", "1")
    assert error_code(through.get, "a") == "InternalError"
    assert through.get("a") == b"1"


def test_a_lost_answer_has_been_carried_out_and_a_lost_request_has_not(minio_bucket, through, proxy):
    proxy.befall(faults.lose_answer, "PutObject", "heard")
    proxy.befall(faults.lose_request, "PutObject", "unheard")
    for name in ("heard", "unheard"):
        with pytest.raises(botocore.exceptions.ConnectionClosedError):
            through.put(name, "1")
    assert list(minio_bucket.objects()) == ["heard"]
    through.put("unheard", "1")


@pytest.mark.parametrize("length", [0, 1, 999])
def test_a_truncated_answer_is_short_by_what_is_told(through, proxy, length):
    through.put("a", bytes(1000))
    proxy.befall(faults.truncate(length), "GetObject")
    body = through.client.get_object(Bucket=through.name, Key="a")["Body"]
    content = b""
    with pytest.raises((botocore.exceptions.IncompleteReadError, botocore.exceptions.ResponseStreamingError)):
        while piece := body.read(1):
            content += piece
    assert len(content) == length
    assert through.get("a") == bytes(1000)


def test_a_body_is_cut_at_a_byte_of_the_object_once(through, proxy):
    through.put("a", bytes(1000))
    cut = faults.CutAt(600)
    proxy.befall(cut, "GetObject", times=None)

    def get(first, last):
        answer = through.client.get_object(Bucket=through.name, Key="a", Range=f"bytes={first}-{last}")
        return len(answer["Body"].read())

    assert get(0, 599) == 600 and not cut.is_done
    with pytest.raises((botocore.exceptions.IncompleteReadError, botocore.exceptions.ResponseStreamingError)):
        get(500, 999)
    assert cut.is_done and get(500, 999) == 500


def test_an_error_may_hide_in_a_success(minio_bucket, through, proxy):
    upload = begin_upload(through, "a", b"1")
    proxy.befall(faults.fail_in_a_success(), "CompleteMultipartUpload")
    assert error_code(through.client.complete_multipart_upload, **upload) == "InternalError"
    assert not minio_bucket.objects()
    through.client.complete_multipart_upload(**upload)
    assert minio_bucket.get("a") == b"1"


def test_conditions_of_a_put_can_be_taken_out(minio_bucket, through, proxy):
    place = {"Bucket": through.name, "Key": "a", "Body": b"2"}
    through.put("a", "1")
    assert error_code(through.client.put_object, **place, IfNoneMatch="*") == "PreconditionFailed"
    proxy.befall(faults.ignore_conditions(through.access), "PutObject", times=None)
    through.client.put_object(**place, IfNoneMatch="*")
    assert minio_bucket.get("a") == b"2"
    through.client.put_object(**{**place, "Body": b"3"}, IfMatch='"0123456789abcdef0123456789abcdef"')
    assert minio_bucket.get("a") == b"3"


@pytest.mark.parametrize("num_keys", [1, 2, 7])
def test_half_of_a_deletion_is_carried_out_and_the_rest_named(minio_bucket, through, proxy, num_keys):
    keys = [f"k&<{number}>" for number in range(num_keys)]
    for key in keys:
        through.put(key, "1")
    proxy.befall(faults.half_deletion(through.access), "DeleteObjects")
    wanted = {"Objects": [{"Key": key} for key in keys]}
    answer = through.client.delete_objects(Bucket=through.name, Delete=wanted)
    done = num_keys // 2
    assert [entry["Key"] for entry in answer.get("Deleted", [])] == keys[:done]
    assert [(entry["Key"], entry["Code"]) for entry in answer["Errors"]] == [(k, "InternalError") for k in keys[done:]]
    assert sorted(minio_bucket.objects()) == keys[done:]


def test_an_old_listing_is_repeated(minio_bucket, through, proxy):
    listings = faults.Listings()
    with proxy.befall(listings.remember, "ListObjects", times=None):
        assert not through.objects("a")
    minio_bucket.put("a1", "1")
    proxy.befall(listings.repeat, "ListObjects", "a", times=1)
    assert not through.objects("a")
    assert list(through.objects("a")) == ["a1"]


@pytest.mark.parametrize("is_carried_out", [False, True])
def test_a_held_request_waits_before_or_behind_the_server(minio_bucket, through, proxy, is_carried_out):
    hold = faults.Hold(is_carried_out)
    proxy.befall(hold, "PutObject")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        put = pool.submit(through.put, "a", "1")
        hold.wait()
        assert bool(minio_bucket.objects()) == is_carried_out
        assert not put.done()
        hold.let_go()
        put.result(timeout=60)
    assert minio_bucket.get("a") == b"1"


@pytest.mark.parametrize("is_carried_out", [False, True])
def test_a_held_request_can_be_lost(minio_bucket, through, proxy, is_carried_out):
    hold = faults.Hold(is_carried_out)
    proxy.befall(hold, "PutObject")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        put = pool.submit(through.put, "a", "1")
        hold.wait()
        hold.lose()
        with pytest.raises(botocore.exceptions.ConnectionClosedError):
            put.result(timeout=60)
    proxy.wait_until_idle()
    assert bool(minio_bucket.objects()) == is_carried_out


def test_gathered_requests_go_on_together(through, proxy):
    proxy.befall(faults.Gathering(3), "PutObject", times=3)
    with concurrent.futures.ThreadPoolExecutor() as pool:
        first = [pool.submit(through.put, f"k{number}", "1") for number in range(2)]
        assert not through.objects()
        pool.submit(through.put, "k2", "1").result(timeout=60)
        for put in first:
            put.result(timeout=60)
    assert len(through.objects()) == 3


def test_time_passes_for_intents_only(minio_bucket, through, proxy):
    def age(key):
        answer = through.client.get_object(Bucket=through.name, Key=key)["ResponseMetadata"]["HTTPHeaders"]
        return parsedate_to_datetime(answer["date"]) - parsedate_to_datetime(answer["last-modified"])

    for key in (".t.partita/intent-1", ".t.partita/HEAD"):
        minio_bucket.put(key, "1")
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert age(".t.partita/intent-1") < minute
    proxy.time_passed = hour
    assert hour <= age(".t.partita/intent-1") < hour + minute
    assert age(".t.partita/HEAD") < minute
