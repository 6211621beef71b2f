"""Operations found by method and path; members bound to paths, queries, headers and statuses."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model
from ssmtui.simulator.protocols import Incoming, protocol
from ssmtui.simulator.protocols.rest import bind, bind_answer, bound, in_body
from ssmtui.simulator.shapes import AnswerError


def model(service: str, operation: str) -> Any:
    return service_model(service).operation_model(operation)


def read(service: str, operation: str, path: str, query: str = "", **headers: str) -> Any:
    """The members that a request binds."""
    params: dict[str, Any] = {}
    request = Incoming("GET", path, query, headers, b"")
    bind(params, request, model(service, operation))
    return params


@pytest.mark.parametrize(
    ("template", "path", "labels"),
    [
        ("/groups", "/groups", {}),
        ("/groups", "/groups/", None),
        ("/groups/{Name}", "/groups/web%20fleet", {"Name": "web fleet"}),
        ("/groups/{Name}", "/groups/a/b", None),
        ("/groups/{Name}", "/groups/", None),
        ("/{Bucket}/{Key+}", "/logs/a/b%2Fc", {"Bucket": "logs", "Key": "a/b/c"}),
        ("/{Bucket}/{Key+}?uploads", "/logs/a", {"Bucket": "logs", "Key": "a"}),
        ("/a.b/{Name}", "/axb/c", None),
    ],
)
def test_paths_fit_templates(template: str, path: str, labels: dict[str, str] | None) -> None:
    assert bound(template, path) == labels


@pytest.mark.parametrize(
    ("service", "method", "path", "query", "operation"),
    [
        # Several share a path: more of what a route asks for is in the request, the better it fits.
        ("lambda", "GET", "/2018-10-31/layers", "", "ListLayers"),
        ("lambda", "GET", "/2018-10-31/layers", "find=LayerVersion&Arn=x", "GetLayerVersionByArn"),
        ("s3", "GET", "/logs", "list-type=2", "ListObjectsV2"),
        ("s3", "GET", "/logs", "location", "GetBucketLocation"),
        ("s3", "PUT", "/logs/a", "partNumber=2&uploadId=u", "UploadPart"),
        ("s3", "PUT", "/logs/a", "partNumber=2", "PutObject"),
        ("resource-groups", "POST", "/get-group", "", "GetGroup"),
    ],
)
def test_the_operation_that_fits_best(
    service: str, method: str, path: str, query: str, operation: str
) -> None:
    found = service_model(service)
    request = Incoming(method, path, query, {}, b"")
    speech = protocol("rest-xml" if service == "s3" else "rest-json")
    assert speech.operation(request, found) == operation


def test_a_service_that_is_not_known_has_no_operation() -> None:
    with pytest.raises(RefusedError) as refused:
        protocol("rest-json").operation(Incoming("GET", "/groups", "", {}, b""), None)
    assert refused.value.refusal is Refusal.UNKNOWN_OPERATION
    assert "GET /groups" in str(refused.value)


def test_members_in_the_path() -> None:
    path = "/2017-03-31/tags/arn%3Aaws%3Alambda"
    assert read("lambda", "ListTags", path) == {"Resource": "arn:aws:lambda"}


def test_members_in_the_query() -> None:
    functions = read("lambda", "ListFunctions", "/2015-03-31/functions", "MaxItems=7&Marker=a%2Bb")
    assert functions == {"MaxItems": 7, "Marker": "a+b"}
    keys = read("lambda", "UntagResource", "/2017-03-31/tags/x", "tagKeys=a&tagKeys=b")
    assert keys == {"Resource": "x", "TagKeys": ["a", "b"]}
    assert read("lambda", "ListFunctions", "/2015-03-31/functions", "Marker=") == {"Marker": ""}


def test_members_in_the_headers() -> None:
    found = read("s3", "PutObject", "/logs/a", **{
        "content-length": "12",
        "if-none-match": "*",
        "x-amz-meta-owner": "jane",
        "x-amz-meta-team": "web",
        "user-agent": "aws-cli",
    })  # fmt: skip
    assert found["ContentLength"] == 12
    assert found["IfNoneMatch"] == "*"
    assert found["Metadata"] == {"owner": "jane", "team": "web"}
    assert set(found) == {"Bucket", "Key", "ContentLength", "IfNoneMatch", "Metadata"}


def test_a_body_does_not_speak_for_what_is_bound_elsewhere() -> None:
    params = {"Qualifier": "from the body", "Payload": b"{}"}
    path = "/2015-03-31/functions/f/invocations"
    bind(params, Incoming("POST", path, "", {}, b""), model("lambda", "Invoke"))
    assert params == {"FunctionName": "f", "Payload": b"{}"}


def test_what_an_answer_binds() -> None:
    shape = model("s3", "GetObject").output_shape
    headers: dict[str, str] = {}
    result = {
        "Body": b"x",
        "ContentLength": 1,
        "DeleteMarker": True,
        "ETag": None,
        "LastModified": 1_600_000_000.0,
        "Metadata": {"owner": "jane"},
    }
    assert bind_answer(result, shape, headers, 200) == 200
    assert headers == {
        "Content-Length": "1",
        "x-amz-delete-marker": "true",
        "Last-Modified": "Sun, 13 Sep 2020 12:26:40 GMT",
        "x-amz-meta-owner": "jane",
    }
    assert in_body(result, shape) == {"Body": b"x"}


def test_an_answer_may_have_a_status_of_its_own() -> None:
    shape = model("lambda", "Invoke").output_shape
    assert bind_answer({"StatusCode": 202}, shape, {}, 200) == 202
    assert in_body({"StatusCode": 202}, shape) == {}


def test_a_member_that_is_none_is_a_mistake() -> None:
    with pytest.raises(AnswerError, match="no member Stat"):
        bind_answer({"Stat": 1}, model("lambda", "Invoke").output_shape, {}, 200)
