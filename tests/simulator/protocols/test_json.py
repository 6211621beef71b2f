"""JSON 1.0 and 1.1, against botocore's own serializer and parser."""

from __future__ import annotations

import msgspec
import pytest

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model
from ssmtui.simulator.protocols import protocol

SERVICES = ["ssm", "resourcegroupstaggingapi", "kms", "logs"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_input_is_read_as_it_was_sent(service, operations, there):
    for operation in operations(service):
        sent, read = there(operation)
        assert read == sent, operation.name


@pytest.mark.parametrize("service", SERVICES)
def test_every_output_is_read_as_it_was_meant(service, operations, back):
    for operation in operations(service):
        meant, read = back(operation)
        assert read == meant, operation.name


@pytest.fixture
def parameter():
    return service_model("ssm").operation_model("GetParameter")


def test_errors_carry_their_code_in_body_and_header(parameter, parsed):
    error = ServiceError("InvalidKeyId", "no such key", 400, {"Reason": "gone"})
    answer = protocol("json").error(error, parameter.service_model, "request-1")
    assert answer.headers["x-amzn-ErrorType"] == "InvalidKeyId"
    assert msgspec.json.decode(answer.body) == {
        "__type": "InvalidKeyId",
        "message": "no such key",
        "Reason": "gone",
    }
    read = parsed(parameter, answer)
    assert read["Error"] == {"Code": "InvalidKeyId", "Message": "no such key"}
    assert read["ResponseMetadata"]["RequestId"] == "request-1"


@pytest.mark.parametrize(
    "headers",
    [
        {"x_amz_target": ""},
        {"x_amz_target": "AmazonSSM"},
        {"x_amz_target": "TrentService.GetParameter"},
        {"content_type": "application/json"},
        {"content_type": "text/html"},
    ],
)
def test_a_request_that_names_no_operation_is_an_unknown_one(headers, parameter, json_request):
    request = json_request("GetParameter", **headers)
    with pytest.raises(RefusedError) as refused:
        protocol("json").operation(request, parameter.service_model)
    assert refused.value.refusal is Refusal.UNKNOWN_OPERATION


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b'{"Name":"\xff"}'])
def test_a_body_that_is_no_json_object_is_malformed(body, parameter, json_request):
    with pytest.raises(RefusedError) as refused:
        protocol("json").params(json_request("GetParameter", body), parameter)
    assert refused.value.refusal is Refusal.MALFORMED


def test_an_empty_body_is_no_parameters(parameter, json_request):
    assert protocol("json").params(json_request("GetParameter", b""), parameter) == {}
