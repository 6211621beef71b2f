"""REST with JSON bodies, against botocore's own serializer and parser."""

from __future__ import annotations

import pytest

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.models import service_model
from ssmtui.simulator.protocols import Incoming, protocol
from ssmtui.simulator.shapes import AnswerError

SERVICES = ["resource-groups", "ssm-quicksetup", "ssm-incidents", "sso", "batch"]


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


def test_status_and_headers_are_bound(parsed):
    operation = service_model("lambda").operation_model("Invoke")
    result = {"StatusCode": 202, "FunctionError": "Unhandled", "Payload": b"{}"}
    answer = protocol("rest-json").answer(result, operation, "request-1")
    assert answer.status == 202
    assert answer.headers["X-Amz-Function-Error"] == "Unhandled"
    assert answer.body == b"{}"


def test_a_member_that_the_model_does_not_have_is_a_mistake():
    operation = service_model("resource-groups").operation_model("GetGroup")
    with pytest.raises(AnswerError, match="no member Grop"):
        protocol("rest-json").answer({"Grop": {}}, operation, "request-1")


def test_errors_carry_their_code_in_the_header(parsed):
    operation = service_model("resource-groups").operation_model("GetGroup")
    error = ServiceError("NotFoundException", "no such group", 404)
    answer = protocol("rest-json").error(error, operation.service_model, "request-1")
    read = parsed(operation, answer)
    assert read["Error"] == {"Code": "NotFoundException", "Message": "no such group"}
    assert read["ResponseMetadata"]["HTTPStatusCode"] == 404


@pytest.mark.parametrize(("method", "path"), [("GET", "/get-group"), ("POST", "/nothing/here")])
def test_an_unknown_method_or_path_is_an_unknown_operation(method, path):
    request = Incoming(method, path, "", {}, b"{}")
    with pytest.raises(RefusedError) as refused:
        protocol("rest-json").operation(request, service_model("resource-groups"))
    assert refused.value.refusal is Refusal.UNKNOWN_OPERATION
