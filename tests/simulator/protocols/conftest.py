"""botocore as the judge: its serializers make the requests, its parsers read the answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.awsrequest import HeadersDict
from botocore.model import OperationModel
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from ssmtui.simulator.models import protocol_of, service_model
from ssmtui.simulator.protocols import Answer, Incoming, protocol


def _plain(operation: OperationModel) -> bool:
    """Whether an operation is a request and an answer: no event stream, no streamed body."""
    return not (
        operation.has_event_stream_input
        or operation.has_event_stream_output
        or operation.has_streaming_output
    )


@pytest.fixture
def operations() -> Callable[..., list[OperationModel]]:
    """The operations of a service, some of them if it has more than are worth the time."""

    def of(service: str, starting: str = "") -> list[OperationModel]:
        model = service_model(service)
        models = [model.operation_model(name) for name in model.operation_names]
        return [found for found in models if _plain(found) and found.name.startswith(starting)]

    return of


@pytest.fixture
def serialized() -> Callable[[OperationModel, dict[str, Any]], Incoming]:
    """A request as a client of botocore would send it."""

    def make(operation: OperationModel, params: dict[str, Any]) -> Incoming:
        name = protocol_of(operation.service_model)
        request = create_serializer(name, include_validation=False).serialize_to_request(
            params, operation
        )
        body = request["body"]
        if isinstance(body, dict):
            body = urlencode(body)
        path, _, words = request["url_path"].partition("?")
        query = request["query_string"]
        pairs = urlencode(query, doseq=True) if query else ""
        return Incoming(
            method=request["method"],
            path=path,
            query="&".join(filter(None, (words, pairs))),
            headers={key.lower(): value for key, value in request["headers"].items()},
            body=body.encode() if isinstance(body, str) else body,
        )

    return make


@pytest.fixture
def parsed() -> Callable[[OperationModel, Answer], dict[str, Any]]:
    """An answer as a client of botocore would read it, with its ResponseMetadata."""

    def read(operation: OperationModel, answer: Answer) -> dict[str, Any]:
        response = {
            "status_code": answer.status,
            "headers": HeadersDict(answer.headers),
            "body": answer.body,
        }
        parser = create_parser(protocol_of(operation.service_model))
        return parser.parse(response, operation.output_shape)

    return read


@pytest.fixture
def there(serialized, sample) -> Callable[[OperationModel], tuple[Any, Any]]:
    """An input of an operation, and what the protocol reads of it at the other end."""

    def go(operation: OperationModel) -> tuple[Any, Any]:
        params = sample(operation.input_shape) if operation.input_shape else {}
        request = serialized(operation, params)
        speech = protocol(protocol_of(operation.service_model))
        assert speech.operation(request, operation.service_model) == operation.name
        return params, speech.params(request, operation)

    return go


@pytest.fixture
def back(parsed, sample) -> Callable[[OperationModel], tuple[Any, Any]]:
    """An output of an operation, and what botocore reads of it."""

    def come(operation: OperationModel) -> tuple[Any, Any]:
        result = sample(operation.output_shape) if operation.output_shape else {}
        speech = protocol(protocol_of(operation.service_model))
        answer = speech.answer(result, operation, "request-1")
        read = parsed(operation, answer)
        assert read.pop("ResponseMetadata")["HTTPStatusCode"] == answer.status
        return result, read

    return come
