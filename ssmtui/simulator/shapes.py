"""Answers, written by the output shape: each shape is compiled once into a closure.

`json_writer` makes values that msgspec encodes, `xml_writer` appends pieces of XML. Both take Raw
for whatever is encoded already, leave None members out, and refuse what the model does not have:
a handler's typing mistake must fail in a test, not pass as a field that no client ever reads.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import msgspec
from botocore.model import ListShape, MapShape, Shape, StructureShape

from ssmtui.simulator.call import Raw
from ssmtui.simulator.models import protocol_of, service_model

JsonWriter = Callable[[Any], Any]
XmlWriter = Callable[[Any, list[str]], None]

_json_writers: dict[tuple[str, str, str], JsonWriter] = {}
_xml_writers: dict[tuple[str, str, str], XmlWriter] = {}


class AnswerError(Exception):
    """A handler answered with something that the output shape does not have."""


def fragment(service: str, shape_name: str, value: Any) -> Raw:
    """One value of an answer, encoded ahead: by botocore's service name and the model's shape name.

    `fragment("ssm", "InstanceProperty", {...})` can stand in the place of that dict in any answer.
    """
    model = service_model(service)
    shape = model.shape_for(shape_name)
    if protocol_of(model) in ("query", "ec2", "rest-xml"):
        out: list[str] = []
        xml_writer(service, shape, ec2=protocol_of(model) == "ec2")(value, out)
        return Raw("".join(out).encode())
    return Raw(msgspec.json.encode(json_writer(service, shape)(value)))


# --- JSON


def json_writer(service: str, shape: Shape) -> JsonWriter:
    """What turns a value of the shape into one that msgspec encodes as the protocol wants it."""
    key = (service, shape.name, shape.serialization.get("timestampFormat", ""))
    if key not in _json_writers:
        # A shape may hold itself: what asks for it meanwhile looks it up when it writes.
        def later(value: Any) -> Any:
            return _json_writers[key](value)

        _json_writers[key] = later
        _json_writers[key] = _or_raw(_new_json_writer(service, shape))
    return _json_writers[key]


def _or_raw(write: JsonWriter) -> JsonWriter:
    def write_or_pass(value: Any) -> Any:
        return value if type(value) is Raw else write(value)

    return write_or_pass


def _new_json_writer(service: str, shape: Shape) -> JsonWriter:
    if isinstance(shape, StructureShape):
        return _json_structure(service, shape)
    if isinstance(shape, ListShape):
        return _json_list(shape, json_writer(service, shape.member))
    if isinstance(shape, MapShape):
        return _json_map(shape, json_writer(service, shape.value))
    match shape.type_name:
        case "timestamp":
            return _json_timestamp(shape.serialization.get("timestampFormat", "unixtimestamp"))
        case "blob":
            return lambda value: base64.b64encode(_typed(value, bytes, shape)).decode()
        case name:
            types = _SCALARS[name]
            return lambda value: _typed(value, types, shape)


def _json_structure(service: str, shape: StructureShape) -> JsonWriter:
    members = {
        name: (member.serialization.get("name", name), json_writer(service, member))
        for name, member in shape.members.items()
    }

    def write(value: Any) -> Any:
        written = {}
        for name, item in value.items():
            if item is None:
                continue
            if name not in members:
                raise AnswerError(f"{shape.name} has no member {name}")
            wire, write_member = members[name]
            written[wire] = write_member(item)
        return written

    def write_document(value: Any) -> Any:
        return value

    return write_document if shape.is_document_type else write


def _json_list(shape: ListShape, write_item: JsonWriter) -> JsonWriter:
    def write(value: Any) -> Any:
        return [write_item(item) for item in _sequence(value, shape)]

    return write


def _json_map(shape: MapShape, write_value: JsonWriter) -> JsonWriter:
    def write(value: Any) -> Any:
        return {key: write_value(item) for key, item in _typed(value, dict, shape).items()}

    return write


def _json_timestamp(style: str) -> JsonWriter:
    if style == "unixtimestamp":
        return lambda value: value.timestamp() if isinstance(value, datetime) else value
    return lambda value: timestamp_text(value, style)


# --- XML


def xml_writer(service: str, shape: Shape, *, ec2: bool) -> XmlWriter:
    """What writes a value of the shape as the content of an element, without its tags."""
    key = (service, shape.name, shape.serialization.get("timestampFormat", ""))
    if key not in _xml_writers:

        def later(value: Any, out: list[str]) -> None:
            _xml_writers[key](value, out)

        _xml_writers[key] = later
        _xml_writers[key] = _or_raw_xml(_new_xml_writer(service, shape, ec2=ec2))
    return _xml_writers[key]


def _or_raw_xml(write: XmlWriter) -> XmlWriter:
    def write_or_copy(value: Any, out: list[str]) -> None:
        if type(value) is Raw:
            out.append(bytes(value).decode())
        else:
            write(value, out)

    return write_or_copy


def _new_xml_writer(service: str, shape: Shape, *, ec2: bool) -> XmlWriter:
    if isinstance(shape, StructureShape):
        return _xml_structure(service, shape, ec2=ec2)
    if isinstance(shape, ListShape):
        name = _item_name(shape)
        return _xml_items(shape, name, xml_writer(service, shape.member, ec2=ec2))
    if isinstance(shape, MapShape):
        return _xml_entries(service, shape, "entry", ec2=ec2)
    to_text = _xml_scalar(shape, ec2=ec2)
    return lambda value, out: out.append(to_text(value))


def _xml_structure(service: str, shape: StructureShape, *, ec2: bool) -> XmlWriter:
    members = {
        name: _xml_member(service, name, member, ec2=ec2) for name, member in shape.members.items()
    }

    def write(value: Any, out: list[str]) -> None:
        for name, item in value.items():
            if item is None:
                continue
            if name not in members:
                raise AnswerError(f"{shape.name} has no member {name}")
            members[name](item, out)

    return write


def _xml_member(service: str, name: str, member: Shape, *, ec2: bool) -> XmlWriter:
    """What writes a member with its own element, or several of them if its list is flattened."""
    wire = member.serialization.get("name", name)
    if member.serialization.get("flattened"):
        if isinstance(member, ListShape):
            # A flattened list takes its items' name, if they have one, in the place of its own.
            wire = member.member.serialization.get("name", wire)
            return _xml_items(member, wire, xml_writer(service, member.member, ec2=ec2))
        if isinstance(member, MapShape):
            return _xml_entries(service, member, wire, ec2=ec2)
    return _element(wire, xml_writer(service, member, ec2=ec2))


def _element(name: str, write_content: XmlWriter) -> XmlWriter:
    opening, closing = f"<{name}>", f"</{name}>"

    def write(value: Any, out: list[str]) -> None:
        out.append(opening)
        write_content(value, out)
        out.append(closing)

    return write


def _item_name(shape: ListShape) -> str:
    return str(shape.member.serialization.get("name", "member"))


def _xml_items(shape: ListShape, name: str, write_item: XmlWriter) -> XmlWriter:
    write_element = _element(name, write_item)

    def write(value: Any, out: list[str]) -> None:
        for item in _sequence(value, shape):
            write_element(item, out)

    return write


def _xml_entries(service: str, shape: MapShape, name: str, *, ec2: bool) -> XmlWriter:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    write_value = _element(value_name, xml_writer(service, shape.value, ec2=ec2))

    def write(value: Any, out: list[str]) -> None:
        for key, item in _typed(value, dict, shape).items():
            out.append(f"<{name}><{key_name}>{xml_text(key)}</{key_name}>")
            write_value(item, out)
            out.append(f"</{name}>")

    return write


def _xml_scalar(shape: Shape, *, ec2: bool) -> Callable[[Any], str]:
    match shape.type_name:
        case "timestamp":
            usual = "iso8601 milliseconds" if ec2 else "iso8601"
            style = shape.serialization.get("timestampFormat", usual)
            return lambda value: timestamp_text(value, style)
        case "blob":
            return lambda value: base64.b64encode(_typed(value, bytes, shape)).decode()
        case "boolean":
            return lambda value: "true" if _typed(value, bool, shape) else "false"
        case "string" | "character":
            return lambda value: xml_text(_typed(value, str, shape))
        case name:
            types = _SCALARS[name]
            return lambda value: str(_typed(value, types, shape))


# Characters that no XML 1.0 document can hold, not even as references.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[&<>\r]")
_REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def xml_text(text: str) -> str:
    """Text as the content of an element.

    A service that answers in XML cannot have stored what XML cannot say (escape and other control
    characters), so these are left out. A carriage return is a reference, as parsers would read a
    bare one as a line feed.
    """
    return _SPECIAL.sub(lambda found: _REFERENCES[found.group()], _ILLEGAL.sub("", text))


# --- both


_SCALARS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp_text(value: float | datetime, style: str) -> str:
    """A time as text. `style` is a model's timestampFormat, or "iso8601 milliseconds" (EC2's way).

    Any year from 1 to 9999 is good, whatever the platform's own limits.
    """
    moment = value if isinstance(value, datetime) else _EPOCH + timedelta(seconds=value)
    match style:
        case "iso8601":
            precise = "milliseconds" if moment.microsecond else "seconds"
            return moment.isoformat(timespec=precise).replace("+00:00", "Z")
        case "iso8601 milliseconds":
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case "rfc822":
            return format_datetime(moment.astimezone(UTC), usegmt=True)
        case "unixtimestamp":
            return str(int(moment.timestamp()))
    raise ValueError(f"{style} is no timestamp format")


def _typed(value: Any, types: type | tuple[type, ...], shape: Shape) -> Any:
    if isinstance(value, types) and (types is bool or not isinstance(value, bool)):
        return value
    raise AnswerError(f"{shape.name} is a {shape.type_name}, not {value!r}")


def _sequence(value: Any, shape: Shape) -> Any:
    if isinstance(value, list | tuple):
        return value
    raise AnswerError(f"{shape.name} is a list, not {value!r}")
