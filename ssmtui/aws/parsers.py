"""botocore's response parsers with our own decoding put in, by output shape.

They are a component of the session (`response_parser_factory`), so response metadata, errors and
all other operations stay botocore's. What cannot be read raises ResponseParserError, always: stock
botocore takes a JSON answer that was cut off for an empty one.
"""

from __future__ import annotations

import json
from base64 import b64decode
from contextvars import ContextVar
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from aiobotocore.parsers import (
    AioEC2QueryParser,
    AioJSONParser,
    AioQueryParser,
    AioResponseParserFactory,
)
from botocore.parsers import ResponseParserError

from ssmtui.aws.decode import JSON_PAGES
from ssmtui.aws.ec2 import decode_instances
from ssmtui.aws.shapes import Convert, structure
from ssmtui.aws.timestamps import timestamp
from ssmtui.core.columns import rfc3339
from ssmtui.core.secret import Secret

# Whether the call that is being answered wants the service's own members instead of typed rows.
RAW: ContextVar[bool] = ContextVar("ssmtui_raw_answer", default=False)

# Structures whose Value is a secret if their Type says so.
_PARAMETER_SHAPES = frozenset({"Parameter", "ParameterHistory"})


def _time(value: object) -> float | str | None:
    seconds = timestamp(value)
    return rfc3339(seconds) if seconds is not None and RAW.get() else seconds


class _UnreadableMixin:
    """Every failure to make sense of an answer is one kind of exception."""

    async def parse(self, response: Any, shape: Any) -> Any:
        try:
            return await super().parse(response, shape)  # type: ignore[misc]
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise ResponseParserError(f"unreadable answer: {type(error).__name__}") from error


_SCALARS: dict[str, Convert] = {"timestamp": _time, "blob": b64decode}


def _keep_secret(parameter: dict[str, Any]) -> None:
    value = parameter.get("Value")
    if parameter.get("Type") == "SecureString" and value is not None:
        parameter["Value"] = Secret(value)


# By an operation's output shape: a parser lives for one answer, the models for good.
_converters: WeakKeyDictionary[Any, Convert] = WeakKeyDictionary()


def _converter(shape: Any) -> Convert:
    found = _converters.get(shape)
    if found is None:
        finish = dict.fromkeys(_PARAMETER_SHAPES, _keep_secret)
        found = _converters[shape] = structure(shape, _SCALARS, finish)
    return found


class _JSONParser(_UnreadableMixin, AioJSONParser):  # type: ignore[misc]
    async def _do_parse(self, response: Any, shape: Any) -> Any:
        parsed = await self._body(response["body"], shape)
        self._inject_response_metadata(parsed, response["headers"])
        return parsed

    async def _body(self, body: bytes, shape: Any) -> dict[str, Any]:
        if shape is None or (not body and not shape.members):
            return {}
        try:
            return await self._decoded(body, shape)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return await self._decoded(_mended(body), shape)

    async def _decoded(self, body: bytes, shape: Any) -> dict[str, Any]:
        decode = None if RAW.get() else JSON_PAGES.get(shape.name)
        if decode is not None:
            return await decode(body)
        value = msgspec.json.decode(body)
        if not isinstance(value, dict):
            raise ResponseParserError("the answer is no JSON object")
        parsed: dict[str, Any] = _converter(shape)(value)
        return parsed


def _mended(body: bytes) -> bytes:
    """The JSON text with lone surrogates replaced, which are legal there and nowhere else."""
    return json.dumps(json.loads(body), ensure_ascii=False).encode("utf-8", "replace")


class _QueryParser(_UnreadableMixin, AioQueryParser):  # type: ignore[misc]
    pass


class _EC2Parser(_UnreadableMixin, AioEC2QueryParser):  # type: ignore[misc]
    async def _do_parse(self, response: Any, shape: Any) -> Any:
        if shape is not None and shape.name == "DescribeInstancesResult" and not RAW.get():
            return await decode_instances(response["body"])
        return super()._do_parse(response, shape)


_PARSERS = {"json": _JSONParser, "query": _QueryParser, "ec2": _EC2Parser}


class TypedParserFactory(AioResponseParserFactory):  # type: ignore[misc]
    """Gives out our parsers for the protocols of the services that we use."""

    def __init__(self) -> None:
        super().__init__()
        self.set_parser_defaults(timestamp_parser=_time)

    def create_parser(self, protocol_name: str) -> Any:
        parser = _PARSERS.get(protocol_name)
        return parser(**self._defaults) if parser else super().create_parser(protocol_name)
