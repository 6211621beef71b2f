"""What REST protocols share: the operation is the method and path, and members are bound all over.

`Rest` finds the operation; `bind` and `bind_answer` read and write what is in paths, query strings,
headers and status lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.inputs import from_text
from ssmtui.simulator.protocols.base import Incoming, Protocol
from ssmtui.simulator.shapes import AnswerError, timestamp_text


class Rest(Protocol):
    """A protocol in which several operations may share a method and a path."""

    def operation(self, request: Incoming, model: ServiceModel | None) -> str:
        if model is not None:
            query = dict(parse_qsl(request.query, keep_blank_values=True))
            fitting = [route for route in _routes(model) if route.fits(request, query)]
            if fitting:
                # S3 tells them apart by what else is there: UploadPart is a PutObject with a
                # partNumber, CreateMultipartUpload a POST with ?uploads.
                return max(fitting, key=lambda route: route.rank(request, query)).name
        raise RefusedError(
            Refusal.UNKNOWN_OPERATION, f"There is no operation {request.method} {request.path}."
        )


@dataclass(frozen=True)
class _Route:
    """The way to an operation: its method, its path, words of the query, and what it needs."""

    name: str
    method: str
    template: str
    words: tuple[tuple[str, str], ...]
    needed: tuple[tuple[str, str], ...]  # (querystring or header, name)

    def fits(self, request: Incoming, query: dict[str, str]) -> bool:
        return (
            request.method == self.method
            and all(query.get(word) == value for word, value in self.words)
            and bound(self.template, request.path) is not None
        )

    def rank(self, request: Incoming, query: dict[str, str]) -> tuple[bool, int]:
        whole = all(
            name in query if place == "querystring" else name.lower() in request.headers
            for place, name in self.needed
        )
        return whole, len(self.words) + len(self.needed)


@lru_cache(maxsize=16)
def _routes(model: ServiceModel) -> tuple[_Route, ...]:
    return tuple(_route(model.operation_model(name)) for name in model.operation_names)


def _route(operation: OperationModel) -> _Route:
    template, _, words = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    members = shape.members if shape is not None else {}
    needed = [
        (member.serialization["location"], str(member.serialization.get("name", name)))
        for name, member in members.items()
        if name in shape.required_members
        and member.serialization.get("location") in ("querystring", "header")
    ]
    return _Route(
        operation.name,
        operation.http["method"],
        template,
        tuple(parse_qsl(words, keep_blank_values=True)),
        tuple(needed),
    )


_LABEL = re.compile(r"\{(\w+)(\+?)\}")


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    path, _, _ = template.partition("?")
    pattern, end = "", 0
    for label in _LABEL.finditer(path):
        greedy = ".+" if label.group(2) else "[^/]+"
        pattern += re.escape(path[end : label.start()]) + f"(?P<{label.group(1)}>{greedy})"
        end = label.end()
    return re.compile(pattern + re.escape(path[end:]))


def bound(template: str, path: str) -> dict[str, str] | None:
    """The labels of a path template (`/groups/{Name}`), None if the path does not fit it."""
    found = _pattern(template).fullmatch(path)
    if found is None:
        return None
    return {name: unquote(text) for name, text in found.groupdict().items()}


def bind(params: dict[str, Any], request: Incoming, operation: OperationModel) -> None:
    """Set the members of an input that are bound to the path, the query string or the headers."""
    shape = operation.input_shape
    in_path = bound(operation.http["requestUri"], request.path) or {}
    for name, member in shape.members.items():
        if name != shape.serialization.get("payload") and "location" in member.serialization:
            params.pop(name, None)
            _bind(params, name, member, request, in_path)


def _bind(
    params: dict[str, Any], name: str, member: Shape, request: Incoming, in_path: dict[str, str]
) -> None:
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
                params[name] = _from_header(member, request.headers[wire.lower()])
        case "headers":
            prefix = wire.lower()
            params[name] = {
                header[len(prefix) :]: value
                for header, value in request.headers.items()
                if header.startswith(prefix)
            }


def _from_header(member: Shape, text: str) -> Any:
    if member.type_name == "list":
        return [from_text(member.member, item.strip()) for item in text.split(",")]
    return from_text(member, text)


def bind_answer(
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


def in_body(result: dict[str, Any], shape: StructureShape) -> dict[str, Any]:
    """The members that are not bound to anything else."""
    return {
        name: value
        for name, value in result.items()
        if name not in shape.members or "location" not in shape.members[name].serialization
    }


def _header_text(member: Shape, value: Any) -> str:
    if member.type_name == "timestamp":
        return timestamp_text(value, member.serialization.get("timestampFormat", "rfc822"))
    if member.type_name == "boolean":
        return "true" if value else "false"
    return str(value)
