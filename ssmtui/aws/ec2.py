"""EC2's instances, decoded from the XML of DescribeInstances without holding the event loop.

botocore's parser needs 100 ms and more for 300 instances, in one piece. Here the bytes are fed to
the parser in slices, after each of which the instances that are whole are read and dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

import msgspec

from ssmtui.aws.texts import shared, shared_tags
from ssmtui.aws.timestamps import timestamp
from ssmtui.core.turns import give_way

_BYTES_A_SLICE = 32 * 1024
_BEGUN = "begun"


class Ec2Instance(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An instance as EC2 gives it; None is what was not sent.

    `tags` is shared and must not be changed. `launch_time` is seconds since the epoch,
    `iam_instance_profile` the profile's ARN, `platform` "windows" or None, `lifecycle` "spot",
    "scheduled" or None for on demand.
    """

    instance_id: str
    owner_id: str | None = None
    instance_type: str | None = None
    state: str | None = None
    private_ip_address: str | None = None
    public_ip_address: str | None = None
    private_dns_name: str | None = None
    availability_zone: str | None = None
    launch_time: float | None = None
    iam_instance_profile: str | None = None
    image_id: str | None = None
    key_name: str | None = None
    architecture: str | None = None
    platform: str | None = None
    platform_details: str | None = None
    lifecycle: str | None = None
    state_reason_code: str | None = None
    state_reason: str | None = None
    state_transition_reason: str | None = None
    vpc_id: str | None = None
    subnet_id: str | None = None
    tags: Mapping[str, str] = {}

    @property
    def name(self) -> str | None:
        """The Name tag."""
        return self.tags.get("Name")

    @property
    def autoscaling_group(self) -> str | None:
        """The group that launched it, from the tag that EC2 Auto Scaling sets."""
        return self.tags.get("aws:autoscaling:groupName")


def ec2_instances(page: Mapping[str, Any]) -> Iterator[Ec2Instance]:
    """The instances of a typed DescribeInstances page."""
    for reservation in page["Reservations"]:
        yield from reservation["Instances"]


async def decode_instances(body: bytes) -> dict[str, Any]:
    """The typed answer of DescribeInstances: botocore's own form, with Ec2Instance for its dicts.

    ValueError if the body is not such an answer.
    """
    try:
        return await _decode(body)
    except ParseError:
        # One odd tag must not cost the page: control characters are replaced.
        mended = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}".encode(), body)
    try:
        return await _decode(mended)
    except ParseError as error:
        raise ValueError(f"the answer is not XML: {error}") from error


async def _decode(body: bytes) -> dict[str, Any]:
    """Read each instance as soon as it is whole, and drop its elements at once.

    The elements of a whole page are some 30,000 containers: kept until its end they set off one
    garbage collection after the other.
    """
    parser: XMLPullParser[Element] = XMLPullParser(events=("start",))
    reservations: list[dict[str, Any]] = []
    root: Element | None = None
    for start in range(0, len(body), _BYTES_A_SLICE):
        parser.feed(body[start : start + _BYTES_A_SLICE])
        # Events have to be read: whatever is not, the parser keeps.
        for event in parser.read_events():
            if root is None:
                root = cast("tuple[str, Element]", event)[1]
        if root is not None:
            _take(root, reservations, whole=False)
        await give_way()
    parser.close()
    if root is None:
        raise ValueError("the answer is empty")
    _take(root, reservations, whole=True)
    namespace = _namespace(root)
    answer: dict[str, Any] = {"Reservations": reservations}
    if token := root.findtext(f"{namespace}nextToken"):
        answer["NextToken"] = token
    if request_id := root.findtext(f"{namespace}requestId"):
        answer["ResponseMetadata"] = {"RequestId": request_id}
    return answer


def _take(root: Element, reservations: list[dict[str, Any]], *, whole: bool) -> None:
    """Move what is complete out of the tree; its last reservation and instance may still grow.

    The one that is growing is the last of `reservations` and the first of the tree, marked by an
    attribute that EC2 does not use.
    """
    namespace = _namespace(root)
    items = root.find(f"{namespace}reservationSet")
    if items is None:
        return
    while len(items):
        item, ended = items[0], whole or len(items) > 1
        found = item.find(f"{namespace}instancesSet")
        if not ended and found is None:
            return
        if not item.get(_BEGUN):
            item.set(_BEGUN, "yes")
            reservations.append(
                {
                    "ReservationId": item.findtext(f"{namespace}reservationId"),
                    "OwnerId": shared(item.findtext(f"{namespace}ownerId")),
                    "Instances": [],
                }
            )
        reservation = reservations[-1]
        if found is not None:
            ready = found[:] if ended else found[:-1]
            del found[: len(ready)]
            owner = reservation["OwnerId"]
            reservation["Instances"] += [_instance(each, namespace, owner) for each in ready]
        if not ended:
            return
        del items[0]


def _namespace(root: Element) -> str:
    namespace = root.tag[: root.tag.rfind("}") + 1]
    if root.tag != f"{namespace}DescribeInstancesResponse":
        raise ValueError("the answer is not a DescribeInstancesResponse")
    return namespace


# Control characters, written as such or as references, which XML 1.0 does not know.
_ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));"
)


Read = Callable[[Element, str], Mapping[str, Any]]


def _text(field: str) -> Read:
    return lambda element, _namespace: {field: element.text}


def _repeated(field: str) -> Read:
    return lambda element, _namespace: {field: shared(element.text)}


def _child(**fields: str) -> Read:
    """Texts of children, each into the field of its name: `_child(name="state")`."""
    return lambda element, namespace: {
        field: shared(element.findtext(namespace + child)) for child, field in fields.items()
    }


def _time(field: str) -> Read:
    return lambda element, _namespace: {field: timestamp(element.text)}


def _tags(element: Element, namespace: str) -> Mapping[str, Any]:
    key, value = f"{namespace}key", f"{namespace}value"
    return {
        "tags": shared_tags(
            (name, item.findtext(value) or "")
            for item in element
            if (name := item.findtext(key)) is not None
        )
    }


_READERS: dict[str, Read] = {
    "instanceId": _text("instance_id"),
    "instanceType": _repeated("instance_type"),
    "instanceState": _child(name="state"),
    "privateIpAddress": _text("private_ip_address"),
    "ipAddress": _text("public_ip_address"),
    "privateDnsName": _text("private_dns_name"),
    "placement": _child(availabilityZone="availability_zone"),
    "launchTime": _time("launch_time"),
    "iamInstanceProfile": _child(arn="iam_instance_profile"),
    "imageId": _repeated("image_id"),
    "keyName": _repeated("key_name"),
    "architecture": _repeated("architecture"),
    "platform": _repeated("platform"),
    "platformDetails": _repeated("platform_details"),
    "instanceLifecycle": _repeated("lifecycle"),
    "stateReason": _child(code="state_reason_code", message="state_reason"),
    "reason": _repeated("state_transition_reason"),
    "vpcId": _repeated("vpc_id"),
    "subnetId": _repeated("subnet_id"),
    "tagSet": _tags,
}


@lru_cache(maxsize=8)
def _readers(namespace: str) -> dict[str, Read]:
    return {namespace + name: read for name, read in _READERS.items()}


def _instance(element: Element, namespace: str, owner: str | None) -> Ec2Instance:
    readers = _readers(namespace)
    fields: dict[str, Any] = {"instance_id": "", "owner_id": owner}
    for child in element:
        read = readers.get(child.tag)
        if read is not None:
            fields.update(read(child, namespace))
    return Ec2Instance(**fields)
