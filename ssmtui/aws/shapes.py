"""What a JSON answer holds, by its shape in the service's model: what botocore's parser makes of
it, several times faster, for it asks about every value anew what its shape is.

A page of 50 invocations held the event loop for some milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

# Makes a value of ours of one from the wire.
Convert = Callable[[Any], Any]
# Changes the members of a structure once they are made.
Finish = Callable[[dict[str, Any]], None]


def structure(
    shape: Any, scalars: Mapping[str, Convert], finish: Mapping[str, Finish]
) -> _Structure:
    """What makes a value of a structure's (botocore.model.StructureShape).

    `scalars` convert the types whose values are not left as they are, by botocore's names for them;
    `finish` has the last word on the structures of these shapes. AttributeError, TypeError or
    ValueError where a value has another shape.
    """
    return _Maker(scalars, finish).structure(shape)


class _Maker:
    def __init__(self, scalars: Mapping[str, Convert], finish: Mapping[str, Finish]) -> None:
        self._scalars = scalars
        self._finish = finish
        self._structures: dict[str, _Structure] = {}

    def structure(self, shape: Any) -> _Structure:
        known = self._structures.get(shape.name)
        if known is None:
            # Before its members: one of them may be of the same shape again.
            known = _Structure(self._finish.get(shape.name), union=shape.is_tagged_union)
            self._structures[shape.name] = known
            for name, member in shape.members.items():
                key = member.serialization.get("name", name)
                known.members[key] = (name, self._convert(member))
        return known

    def _convert(self, shape: Any) -> Convert | None:
        """None: the values stay as they are."""
        kind = shape.type_name
        if kind == "structure":
            return None if shape.is_document_type else self.structure(shape)
        if kind == "list":
            return _list_of(self._convert(shape.member))
        if kind == "map":
            return _map_of(self._convert(shape.value))
        return self._scalars.get(kind)


class _Structure:
    """The members of a structure by the names they have on the wire. What the model does not know
    is left out; of a union, which has one member, it is told as botocore does."""

    def __init__(self, finish: Finish | None, *, union: bool) -> None:
        self.members: dict[str, tuple[str, Convert | None]] = {}
        self._finish = finish
        self._union = union

    def __call__(self, value: Any) -> dict[str, Any]:
        members = self.members
        made: dict[str, Any] = {}
        unknown = ""
        for key, each in value.items():
            if each is None:
                continue
            member = members.get(key)
            if member is None:
                unknown = unknown or key
                continue
            name, convert = member
            made[name] = each if convert is None else convert(each)
        if self._union and unknown and not made and unknown != "__type":
            return {"SDK_UNKNOWN_MEMBER": {"name": unknown}}
        if self._finish is not None:
            self._finish(made)
        return made


def _list_of(convert: Convert | None) -> Convert:
    def made(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise TypeError("a list was expected")
        if convert is None:
            return value
        return [None if each is None else convert(each) for each in value]

    return made


def _map_of(convert: Convert | None) -> Convert:
    def made(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise TypeError("a map was expected")
        if convert is None:
            return value
        return {key: convert(each) for key, each in value.items()}

    return made
