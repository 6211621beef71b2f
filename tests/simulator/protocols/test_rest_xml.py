"""REST with XML bodies, against botocore's own serializer and parser."""

from __future__ import annotations

import pytest

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model
from ssmtui.simulator.protocols import Incoming, protocol

# The rest of S3's operations hold XML attributes, or blobs in their headers.
OPERATIONS = [
    "AbortMultipartUpload", "CompleteMultipartUpload", "CreateMultipartUpload", "DeleteObject",
    "DeleteObjects", "GetBucketCors", "HeadBucket", "HeadObject", "ListBuckets",
    "ListMultipartUploads", "ListObjectVersions", "ListObjectsV2", "ListParts",
    "PutBucketPolicy", "PutBucketWebsite", "PutBucketTagging", "PutObject",
    "UploadPart",
]  # fmt: skip


def of_s3(name: str):
    return service_model("s3").operation_model(name)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_input_is_read_as_it_was_sent(name, there):
    sent, read = there(of_s3(name))
    # A version 4 UUID for idempotency and checksums of the body are the client's own business.
    assert {key: read.get(key) for key in sent} == sent


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_output_is_read_as_it_was_meant(name, back):
    meant, read = back(of_s3(name))
    assert read == meant


def asked(method: str, path: str, query: str = "", **headers: str) -> str:
    request = Incoming(method, path, query, headers, b"")
    return protocol("rest-xml").operation(request, service_model("s3"))


@pytest.mark.parametrize(
    ("method", "path", "query", "operation"),
    [
        ("GET", "/", "", "ListBuckets"),
        ("PUT", "/outputs", "", "CreateBucket"),
        ("PUT", "/outputs/", "", "CreateBucket"),
        ("HEAD", "/outputs", "", "HeadBucket"),
        ("GET", "/outputs", "list-type=2&prefix=a%2F", "ListObjectsV2"),
        ("GET", "/outputs", "", "ListObjects"),
        ("GET", "/outputs/a/b", "", "GetObject"),
        ("GET", "/outputs/a/b", "X-Amz-Expires=60&X-Amz-Signature=0", "GetObject"),
        ("GET", "/outputs/a/b", "uploadId=1", "ListParts"),
        ("GET", "/outputs/a/", "", "GetObject"),
        ("PUT", "/outputs/a", "", "PutObject"),
        ("PUT", "/outputs/a", "partNumber=1&uploadId=1", "UploadPart"),
        ("POST", "/outputs/a", "uploads", "CreateMultipartUpload"),
        ("POST", "/outputs/a", "uploadId=1", "CompleteMultipartUpload"),
        ("DELETE", "/outputs/a", "uploadId=1", "AbortMultipartUpload"),
        ("DELETE", "/outputs/a", "", "DeleteObject"),
    ],
)
def test_operations_are_told_apart_by_what_else_is_there(method, path, query, operation):
    assert asked(method, path, query) == operation


def test_a_header_may_make_the_difference():
    headers = {"x-amz-copy-source": "outputs/b"}
    assert asked("PUT", "/outputs/a", **headers) == "CopyObject"


def test_what_is_no_operation_is_refused():
    with pytest.raises(RefusedError) as refused:
        asked("PATCH", "/outputs/a")
    assert refused.value.refusal is Refusal.UNKNOWN_OPERATION


@pytest.mark.parametrize("body", [b"<Complete", b"{}", b"\xff"])
def test_a_body_that_is_no_xml_is_malformed(body):
    request = Incoming("POST", "/outputs/a", "uploadId=1", {}, body)
    with pytest.raises(RefusedError) as refused:
        protocol("rest-xml").params(request, of_s3("CompleteMultipartUpload"))
    assert refused.value.refusal is Refusal.MALFORMED


def test_a_part_of_an_object_has_a_status_of_its_own():
    result = {"Body": b"bc", "ContentRange": "bytes 1-2/4", "ContentLength": 2}
    answer = protocol("rest-xml").answer(result, of_s3("GetObject"), "request-1")
    assert (answer.status, answer.body) == (206, b"bc")
    assert answer.headers["Content-Range"] == "bytes 1-2/4"


def test_errors_are_s3s_own(parsed):
    error = ServiceError("NoSuchKey", "no <such> key", 404, {"Key": "a&b"})
    answer = protocol("rest-xml").error(error, service_model("s3"), "request-1")
    read = parsed(of_s3("GetObject"), answer)
    assert read["Error"] == {"Code": "NoSuchKey", "Message": "no <such> key", "Key": "a&b"}
    assert read["ResponseMetadata"]["HTTPStatusCode"] == 404
