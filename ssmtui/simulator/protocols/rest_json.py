"""REST with JSON bodies: resource-groups, sso, ssm-quicksetup and others."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_json, from_text
from ssmtui.simulator.protocols.base import Answer, Incoming, Protocol
from ssmtui.simulator.protocols.json import json_body
from ssmtui.simulator.shapes import AnswerError, json_writer, timestamp_text


class RestJson(Protocol):
    """REST with JSON bodies: the operation is the method and path, members are bound all over."""

    name = "rest-json"

    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        if model is not None:
            for name in model.operation_names:
                http = model.operation_model(name).http
                fits = _bound(http["requestUri"], request) is not None
                if fits and http["method"] == request.method:
                    return str(name)
        raise RefusedError(
            Refusal.UNKNOWN_OPERATION, f"There is no operation {request.method} {request.path}."
        )

    def params(self, request: Incoming, operation: OperationModel) -> dict[str, Any]:
        shape = operation.input_shape
        if shape is None:
            return {}
        payload = shape.serialization.get("payload")
        if payload is not None:
            params = self._payload(shape.members[payload], payload, request)
        elif any("location" not in member.serialization for member in shape.members.values()):
            params = from_json(shape, json_body(request))
        else:
            params = {}
        in_path = _bound(operation.http["requestUri"], request) or {}
        for name, member in shape.members.items():
            if name != payload and "location" in member.serialization:
                params.pop(name, None)
                _bind(params, name, member, request, in_path)
        return params

    def _payload(self, shape: Shape, name: str, request: Incoming) -> dict[str, Any]:
        if shape.type_name == "structure":
            return {name: from_json(shape, json_body(request))} if request.body else {}
        return {name: request.body if shape.type_name == "blob" else request.body.decode()}

    def answer(self, result: dict[str, Any], operation: OperationModel, request_id: str) -> Answer:
        model = operation.service_model
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": request_id}
        status = int(operation.http.get("responseCode", 200))
        shape = operation.output_shape
        if shape is None:
            return Answer(status, headers)
        if isinstance(result, dict):
            status = _bind_answer(result, shape, headers, status)
        payload = shape.serialization.get("payload")
        if payload is None:
            body = {
                name: value
                for name, value in result.items()
                if name not in shape.members or "location" not in shape.members[name].serialization
            }
            written = json_writer(model.service_name, shape)(body)
            return Answer(status, headers, msgspec.json.encode(written))
        value = result.get(payload)
        if isinstance(value, str | bytes):
            content = value.encode() if isinstance(value, str) else value
            return Answer(status, headers, content)
        written = json_writer(model.service_name, shape.members[payload])(value or {})
        return Answer(status, headers, msgspec.json.encode(written))

    def error(self, error: ServiceError, model: ServiceModel | None, request_id: str) -> Answer:
        headers = {
            "Content-Type": "application/json",
            "x-amzn-RequestId": request_id,
            "x-amzn-ErrorType": error.code,
        }
        body = msgspec.json.encode({"message": error.message, **error.extra})
        return Answer(error.status, headers, body)


_LABEL = re.compile(r"\{(\w+)(\+?)\}")


def _bound(template: str, request: Incoming) -> dict[str, str] | None:
    """The labels of a path template (`/groups/{Name}`), None if the path does not fit it."""
    path, _, _ = template.partition("?")
    pattern, end = "", 0
    for label in _LABEL.finditer(path):
        greedy = ".+" if label.group(2) else "[^/]+"
        pattern += re.escape(path[end : label.start()]) + f"(?P<{label.group(1)}>{greedy})"
        end = label.end()
    found = re.fullmatch(pattern + re.escape(path[end:]), request.path)
    if found is None:
        return None
    return {name: unquote(text) for name, text in found.groupdict().items()}


def _bind(
    params: dict[str, Any], name: str, member: Shape, request: Incoming, in_path: dict[str, str]
) -> None:
    """Set a member that is bound to the path, the query string or the headers."""
    wire = member.serialization.get("name", name)
    match member.serialization["location"]:
        case "uri":
            params[name] = from_text(member, in_path[wire])
        case "querystring":
            pairs = parse_qsl(request.query, keep_blank_values=True)
            if member.type_name == "map":
                params[name] = dict(pairs)
                return
            values = [value for key, value in pairs if key == wire]
            if values and member.type_name == "list":
                params[name] = [from_text(member.member, value) for value in values]
            elif values:
                params[name] = from_text(member, values[-1])
        case "header":
            if wire.lower() in request.headers:
                params[name] = from_text(member, request.headers[wire.lower()])
        case "headers":
            prefix = wire.lower()
            params[name] = {
                header[len(prefix) :]: value
                for header, value in request.headers.items()
                if header.startswith(prefix)
            }


def _bind_answer(
    result: dict[str, Any], shape: StructureShape, headers: dict[str, str], status: int
) -> int:
    """Set the headers that members are bound to; the answer's status."""
    for name, value in result.items():
        if name not in shape.members:
            raise AnswerError(f"{shape.name} has no member {name}")
        member = shape.members[name]
        wire = member.serialization.get("name", name)
        match member.serialization.get("location"):
            case "statusCode":
                status = int(value)
            case "header" if value is not None:
                headers[wire] = _header_text(member, value)
            case "headers" if value is not None:
                headers.update({f"{wire}{key}": item for key, item in value.items()})
    return status


def _header_text(member: Shape, value: Any) -> str:
    if member.type_name == "timestamp":
        return timestamp_text(value, member.serialization.get("timestampFormat", "rfc822"))
    if member.type_name == "boolean":
        return "true" if value else "false"
    return str(value)
