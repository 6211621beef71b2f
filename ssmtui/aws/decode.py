"""Typed rows for the large pages of Systems Manager, decoded from the bytes of the answer.

A page of 1,000 nodes takes botocore's parser 30 to 60 ms on the event loop. msgspec builds the
Structs below in a small part of that; `parsers.py` puts them where botocore would put its dicts. An
enum of AWS is an open text here: a word that nobody has seen yet is a value like any other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from ssmtui.aws.ec2 import Ec2Instance, ec2_instances
from ssmtui.aws.texts import all_shared
from ssmtui.aws.timestamps import timestamp
from ssmtui.core.turns import give_way

__all__ = [
    "JSON_PAGES",
    "AssociationOverview",
    "Ec2Instance",
    "InstanceInformation",
    "InstanceProperty",
    "ec2_instances",
    "timestamp",
]

# Seconds since the epoch. The odd ways of saying "never" are made None: see `_forget_never`.
Time = float | None


class AssociationOverview(
    msgspec.Struct, frozen=True, gc=False, rename="pascal", kw_only=True, omit_defaults=True
):
    """The associations of a node: the worst status and how many have each."""

    detailed_status: str | None = None
    instance_association_status_aggregated_count: Mapping[str, int] | None = None


class _ManagedNode(
    msgspec.Struct, frozen=True, gc=False, rename="pascal", kw_only=True, omit_defaults=True
):
    """What both operations say of a node; None is a member that was not sent.

    Times are seconds since the epoch.
    """

    instance_id: str = ""
    name: str | None = None
    ping_status: str | None = None
    last_ping_date_time: Time = None
    agent_version: str | None = None
    platform_type: str | None = None
    platform_name: str | None = None
    platform_version: str | None = None
    ip_address: str | None = msgspec.field(default=None, name="IPAddress")
    activation_id: str | None = None
    iam_role: str | None = None
    registration_date: Time = None
    resource_type: str | None = None
    computer_name: str | None = None
    association_status: str | None = None
    last_association_execution_date: Time = None
    last_successful_association_execution_date: Time = None
    association_overview: AssociationOverview | None = None
    source_id: str | None = None
    source_type: str | None = None
    source_location: str | None = None


class InstanceProperty(_ManagedNode, frozen=True, gc=False, kw_only=True):
    """A node as DescribeInstanceProperties gives it.

    `name` is the EC2 Name tag, `ip_address` the public IPv4 address.
    """

    instance_type: str | None = None
    instance_role: str | None = None
    key_name: str | None = None
    instance_state: str | None = None
    architecture: str | None = None
    launch_time: Time = None
    availability_zone: str | None = None


class InstanceInformation(_ManagedNode, frozen=True, gc=False, kw_only=True):
    """A node as DescribeInstanceInformation gives it.

    `name` is the name given at the registration of a hybrid node, `ip_address` the node's own
    address. Stopped and terminated nodes are not listed.
    """

    is_latest_version: bool | None = None


class _PropertiesPage(msgspec.Struct, rename="pascal"):
    instance_properties: list[InstanceProperty] = []
    next_token: str | None = None


class _RawPropertiesPage(msgspec.Struct, rename="pascal"):
    instance_properties: list[msgspec.Raw] = []
    next_token: str | None = None


class _InformationPage(msgspec.Struct, rename="pascal"):
    instance_information_list: list[InstanceInformation] = []
    next_token: str | None = None


class _RawInformationPage(msgspec.Struct, rename="pascal"):
    instance_information_list: list[msgspec.Raw] = []
    next_token: str | None = None


# Fields that hold few different values in a fleet and are kept as they are: their texts are shared
# between rows. Those that a row keeps only a word of (PingStatus, ARNs) are shared by whoever does.
_REPEATED_INFORMATION = (
    "agent_version",
    "platform_name",
    "platform_version",
    "association_status",
)
_REPEATED_PROPERTIES = (
    *_REPEATED_INFORMATION,
    "instance_type",
    "instance_state",
    "availability_zone",
)
_TIMES = (
    "LaunchTime",
    "LastPingDateTime",
    "RegistrationDate",
    "LastAssociationExecutionDate",
    "LastSuccessfulAssociationExecutionDate",
)

_INFORMATION_TIMES = (
    "last_ping_date_time",
    "registration_date",
    "last_association_execution_date",
    "last_successful_association_execution_date",
)
_PROPERTY_TIMES = ("launch_time", *_INFORMATION_TIMES)


async def _tidy(
    rows: Sequence[msgspec.Struct], times: tuple[str, ...], texts: tuple[str, ...]
) -> None:
    """What is left to do before anyone sees the rows; of a whole page it takes milliseconds."""
    await give_way()
    _forget_never(rows, times)
    await give_way()
    _share(rows, texts)
    await give_way()


def _share(rows: Sequence[msgspec.Struct], fields: tuple[str, ...]) -> None:
    """Make equal texts one object.

    Column by column, so that the loops run in C: a page of 1,000 rows has 16,000 such values.
    """
    for field in fields:
        texts = all_shared(list(map(attrgetter(field), rows)))
        deque(map(msgspec.structs.force_setattr, rows, repeat(field), texts), maxlen=0)


def _forget_never(rows: Sequence[msgspec.Struct], fields: tuple[str, ...]) -> None:
    """Make times up to 1970 None: they mean "never"."""
    for field in fields:
        times = map(attrgetter(field), rows)
        for row, seconds in zip(rows, times, strict=True):
            if seconds is not None and seconds <= 0:
                msgspec.structs.force_setattr(row, field, None)


N = TypeVar("N", bound=msgspec.Struct)


def _one_by_one(raws: Sequence[msgspec.Raw], decoder: msgspec.json.Decoder[N]) -> list[N]:
    """The rows of a page on which some time is a text: only rows that have one are read slowly."""
    rows: list[N] = []
    for raw in raws:
        try:
            rows.append(decoder.decode(raw))
        except msgspec.ValidationError:
            rows.append(msgspec.convert(_mended(raw), decoder.type))
    return rows


def _mended(raw: msgspec.Raw) -> Any:
    """A row as plain values, its times made good."""
    row = msgspec.json.decode(raw)
    if isinstance(row, dict):
        row.update({name: timestamp(row[name]) for name in _TIMES if name in row})
    return row


_properties = msgspec.json.Decoder(_PropertiesPage)
_raw_properties = msgspec.json.Decoder(_RawPropertiesPage)
_property = msgspec.json.Decoder(InstanceProperty)
_information = msgspec.json.Decoder(_InformationPage)
_raw_information = msgspec.json.Decoder(_RawInformationPage)
_one_information = msgspec.json.Decoder(InstanceInformation)


async def _properties_page(body: bytes) -> dict[str, Any]:
    try:
        page = _properties.decode(body)
    except msgspec.ValidationError:
        raw = _raw_properties.decode(body)
        rows = _one_by_one(raw.instance_properties, _property)
        page = _PropertiesPage(rows, raw.next_token)
    await _tidy(page.instance_properties, _PROPERTY_TIMES, _REPEATED_PROPERTIES)
    return _answer("InstanceProperties", page.instance_properties, page.next_token)


async def _information_page(body: bytes) -> dict[str, Any]:
    try:
        page = _information.decode(body)
    except msgspec.ValidationError:
        raw = _raw_information.decode(body)
        rows = _one_by_one(raw.instance_information_list, _one_information)
        page = _InformationPage(rows, raw.next_token)
    await _tidy(page.instance_information_list, _INFORMATION_TIMES, _REPEATED_INFORMATION)
    return _answer("InstanceInformationList", page.instance_information_list, page.next_token)


def _answer(member: str, rows: list[Any], next_token: str | None) -> dict[str, Any]:
    return {member: rows} if next_token is None else {member: rows, "NextToken": next_token}


# By the name of the output shape. Each raises msgspec.DecodeError for a body that is not such a
# page.
JSON_PAGES: dict[str, Callable[[bytes], Awaitable[dict[str, Any]]]] = {
    "DescribeInstancePropertiesResult": _properties_page,
    "DescribeInstanceInformationResult": _information_page,
}
