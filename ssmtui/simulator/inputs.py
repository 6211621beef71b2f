"""Requests' parameters, read by the input shape: from JSON, from form fields, from text."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.model import MapShape, Shape, StructureShape

from ssmtui.simulator.errors import Refusal, RefusedError

_JSON_TYPES: dict[str, tuple[tuple[type, ...], str]] = {
    "structure": ((dict,), "a Structure"),
    "list": ((list,), "a List"),
    "map": ((dict,), "a Map"),
    "blob": ((str,), "a Blob"),
    "timestamp": ((int, float, str), "a Timestamp"),
    "string": ((str,), "a String"),
    "character": ((str,), "a String"),
    "integer": ((int,), "an Integer"),
    "long": ((int,), "a Long"),
    "boolean": ((bool,), "a Boolean"),
    "float": ((int, float), "a Float"),
    "double": ((int, float), "a Double"),
}


def from_json(shape: Shape, value: Any) -> Any:
    """A JSON value as the shape's Python value. Unknown members are ignored, as the services do.

    Raises RefusedError (malformed) where the JSON is of another type than the model says.
    """
    types, article = _JSON_TYPES[shape.type_name]
    fits = isinstance(value, types) and isinstance(value, bool) == (bool in types)
    if not fits:
        kind = _json_kind(value)
        raise RefusedError(Refusal.MALFORMED, f"{kind} can not be converted to {article}")
    match shape.type_name:
        case "structure":
            value = value if shape.is_document_type else _members_from_json(shape, value)
        case "list":
            value = [from_json(shape.member, item) for item in value]
        case "map":
            value = {key: from_json(shape.value, item) for key, item in value.items()}
        case "blob":
            value = _blob(value)
        case "timestamp":
            value = _timestamp(value) if isinstance(value, str) else _from_epoch(value)
    return value


def _members_from_json(shape: StructureShape, value: dict[str, Any]) -> dict[str, Any]:
    return {
        name: from_json(member, value[wire])
        for name, member in shape.members.items()
        if value.get(wire := member.serialization.get("name", name)) is not None
    }


def from_text(shape: Shape, text: str) -> Any:
    """A scalar that came as text (query strings, headers, form fields)."""
    match shape.type_name:
        case "integer" | "long":
            return _number(text, int)
        case "float" | "double":
            return _number(text, float)
        case "boolean":
            if text not in ("true", "false"):
                raise RefusedError(Refusal.MALFORMED, f"{text!r} is not true or false")
            return text == "true"
        case "timestamp":
            return _timestamp(text)
        case "blob":
            return _blob(text)
    return text


Tree = dict[str, "str | Tree"]


def tree_of(fields: Mapping[str, str]) -> Tree:
    """Form fields with dotted names (`Filter.1.Value.2=x`) as a tree of their parts."""
    root: Tree = {}
    for name, text in fields.items():
        *parents, last = name.split(".")
        node = root
        for part in parents:
            below = node.setdefault(part, {})
            if not isinstance(below, dict):
                raise RefusedError(Refusal.MALFORMED, f"{name} is both a value and a list")
            node = below
        if isinstance(node.get(last), dict):
            raise RefusedError(Refusal.MALFORMED, f"{name} is both a value and a list")
        node[last] = text
    return root


def from_form(shape: StructureShape, tree: Tree, *, ec2: bool) -> dict[str, Any]:
    """Form fields (see `tree_of`) as the input structure, by the rules of query or of ec2."""
    params: dict[str, Any] = {}
    for name, member in shape.members.items():
        wire = _form_name(member, name, ec2=ec2)
        if member.type_name == "list" and not ec2 and member.serialization.get("flattened"):
            # A flattened list takes its items' name, if they have one, in the place of its own.
            wire = member.member.serialization.get("name", wire)
        if wire in tree:
            params[name] = _from_node(member, tree[wire], wire, ec2=ec2)
    return params


def _form_name(member: Shape, name: str, *, ec2: bool) -> str:
    if not ec2:
        return str(member.serialization.get("name", name))
    if "queryName" in member.serialization:
        return str(member.serialization["queryName"])
    wire = str(member.serialization.get("name", name))
    return wire[0].upper() + wire[1:]


def _from_node(shape: Shape, node: str | Tree, wire: str, *, ec2: bool) -> Any:
    if shape.type_name not in ("structure", "list", "map"):
        if isinstance(node, dict):
            raise RefusedError(Refusal.MALFORMED, f"{wire} takes one value")
        return from_text(shape, node)
    if node == "":  # how query sends an empty list
        return {} if shape.type_name != "list" else []
    if isinstance(node, str):
        raise RefusedError(Refusal.MALFORMED, f"{wire} takes more than one value")
    if isinstance(shape, StructureShape):
        return from_form(shape, node, ec2=ec2)
    flattened = ec2 or shape.serialization.get("flattened")
    if isinstance(shape, MapShape):
        return _from_map(shape, node if flattened else node.get("entry", {}), wire, ec2=ec2)
    if not flattened:
        node = _branch(node.get(shape.member.serialization.get("name", "member"), {}), wire)
    return [_from_node(shape.member, item, wire, ec2=ec2) for item in _numbered(node, wire)]


def _from_map(shape: MapShape, node: str | Tree, wire: str, *, ec2: bool) -> dict[str, Any]:
    key_name = shape.key.serialization.get("name", "key")
    value_name = shape.value.serialization.get("name", "value")
    pairs: dict[str, Any] = {}
    for item in _numbered(_branch(node, wire), wire):
        entry = _branch(item, wire)
        key = entry.get(key_name)
        if not isinstance(key, str) or value_name not in entry:
            raise RefusedError(Refusal.MALFORMED, f"{wire} needs a {key_name} and a {value_name}")
        pairs[key] = _from_node(shape.value, entry[value_name], wire, ec2=ec2)
    return pairs


def _branch(node: str | Tree, wire: str) -> Tree:
    if isinstance(node, str):
        raise RefusedError(Refusal.MALFORMED, f"{wire} takes more than one value")
    return node


def _numbered(node: Tree, wire: str) -> Iterator[str | Tree]:
    """The items of a numbered list in their order, gaps allowed."""
    if not all(number.isdecimal() for number in node):
        raise RefusedError(Refusal.MALFORMED, f"the items of {wire} must be numbered")
    for number in sorted(node, key=int):
        yield node[number]


_JSON_KINDS = (
    (bool, "a boolean"),
    (int, "NUMBER_VALUE"),
    (float, "DECIMAL_VALUE"),
    (str, "STRING_VALUE"),
    (list, "Start of list"),
    (dict, "Start of structure or map"),
)


def _json_kind(value: Any) -> str:
    """What AWS calls the type of a JSON value that it cannot use."""
    for kind, name in _JSON_KINDS:
        if isinstance(value, kind):
            return name
    return "NULL_VALUE"


def _number(text: str, kind: Callable[[str], float]) -> float:
    try:
        return kind(text)
    except ValueError:
        raise RefusedError(Refusal.MALFORMED, f"{text!r} is not a number") from None


def _blob(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RefusedError(Refusal.MALFORMED, "a Blob must be encoded in base64") from None


def _timestamp(text: str) -> datetime:
    """A time in any of the formats of the protocols: ISO 8601, RFC 822 or seconds as text."""
    for read in (_from_iso, _from_epoch_text, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    raise RefusedError(Refusal.MALFORMED, f"{text!r} is not a time")


def _from_iso(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _from_epoch_text(text: str) -> datetime:
    return datetime.fromtimestamp(float(text), UTC)


def _from_epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError):
        raise RefusedError(Refusal.MALFORMED, f"{seconds} is not a time") from None
