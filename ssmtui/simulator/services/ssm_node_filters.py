"""The filters of DescribeInstanceInformation and DescribeInstanceProperties."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.services.common import node_here, version_numbers
from ssmtui.simulator.world.node import Node

Test = Callable[[Node], bool]

_ID = re.compile(r"i-(\w{8}|\w{17})|mi-\w{17}", re.ASCII)
_ACTIVATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _platform_type(node: Node) -> str:
    return node.platform.type


# The pages spell the platform key both ways, and both work.
_VALUES: dict[str, Callable[[Node], str]] = {
    "ActivationIds": lambda node: node.activation,
    "AgentVersion": lambda node: node.agent_version,
    "AssociationStatus": lambda node: node.outcome.status,
    "IamRole": lambda node: node.role_name,
    "InstanceIds": lambda node: node.id,
    "PingStatus": lambda node: node.ping.value,
    "PlatformType": _platform_type,
    "PlatformTypes": _platform_type,
    "ResourceType": lambda node: node.resource_type,
    "SourceIds": lambda node: node.source or node.id,
    "SourceTypes": lambda node: node.source_type or "AWS::EC2::Instance",
}

_WORDS: dict[str, frozenset[str]] = {
    "AssociationStatus": frozenset({"Success", "Pending", "Failed"}),
    "PingStatus": frozenset({"Online", "ConnectionLost", "Inactive"}),
    "PlatformType": frozenset({"Windows", "Linux", "MacOS"}),
    "PlatformTypes": frozenset({"Windows", "Linux", "MacOS"}),
    "ResourceType": frozenset({"EC2Instance", "ManagedInstance"}),
    "SourceTypes": frozenset(
        {
            "AWS::EC2::Instance",
            "AWS::SSM::ManagedInstance",
            "AWS::IoT::Thing",
            "Microsoft.Compute/virtualMachines",
        }
    ),
}

# DescribeInstanceProperties' DocumentName: the nodes that a document can run on.
_DOCUMENT_PLATFORMS: dict[str, frozenset[str]] = {
    "AWS-RunShellScript": frozenset({"Linux", "MacOS"}),
    "AWS-RunPowerShellScript": frozenset({"Windows", "Linux", "MacOS"}),
    "AWS-RunPatchBaseline": frozenset({"Windows", "Linux", "MacOS"}),
    "AWS-GatherSoftwareInventory": frozenset({"Windows", "Linux", "MacOS"}),
    "AWS-UpdateSSMAgent": frozenset({"Windows", "Linux", "MacOS"}),
    "AWS-InstallWindowsUpdates": frozenset({"Windows"}),
    "AWS-ConfigureWindowsUpdate": frozenset({"Windows"}),
}


class InformationFilters(NamedTuple):
    """`plain` chooses before pages are cut, `tags` afterwards; None where nothing is asked."""

    plain: Test | None
    tags: Test | None


def information_filters(call: Call) -> InformationFilters:
    """The filters of a DescribeInstanceInformation call.

    Raises ServiceError for both kinds of filters at once, tags together with other keys, a key
    that is none, and a value that the key cannot have.
    """
    legacy = call.params.get("InstanceInformationFilterList") or []
    modern = call.params.get("Filters") or []
    if legacy and modern:
        raise _both("InstanceInformationFilterList", "Filters")
    pairs = [(item["key"], item["valueSet"]) for item in legacy]
    pairs += [(item["Key"], item["Values"]) for item in modern]
    tags = [pair for pair in pairs if pair[0] == "tag-key" or pair[0].startswith("tag:")]
    if tags and len(tags) < len(pairs):
        raise ServiceError(
            "ValidationException", "Tag filters can't be combined with other filter types."
        )
    if tags:
        return InformationFilters(None, _every([_tag_test(key, values) for key, values in tags]))
    wrong_value = "InvalidInstanceInformationFilterValue"
    for key, values in pairs:
        _check(key, values, wrong_value)
        if key == "InstanceIds":
            _check_known(call, values)
    tests = [_equal(_VALUES[key], values) for key, values in pairs]
    return InformationFilters(_every(tests) if tests else None, None)


def property_filter(call: Call) -> Test | None:
    """The filters of a DescribeInstanceProperties call as one test, None if there are none.

    Raises ServiceError for both kinds of filters at once, an unknown key, document or operator of
    a key, and a value that the key cannot have.
    """
    legacy = call.params.get("InstancePropertyFilterList") or []
    modern = call.params.get("FiltersWithOperator") or []
    if legacy and modern:
        raise _both("InstancePropertyFilterList", "FiltersWithOperator")
    tests = [_property_test(item["key"], item["valueSet"], "Equal") for item in legacy]
    tests += [
        _property_test(item["Key"], item["Values"], item.get("Operator", "Equal"))
        for item in modern
    ]
    return _every(tests) if tests else None


def _property_test(key: str, values: Sequence[str], operator: str) -> Test:
    if key == "DocumentName":
        return _document_test(values, operator)
    exact = operator in ("Equal", "NotEqual")
    _check(key, values if exact else [], "InvalidInstancePropertyFilterValue")
    value = _VALUES[key]
    match operator:
        case "Equal":
            return _equal(value, values)
        case "NotEqual":
            unwanted = frozenset(values)
            return lambda node: value(node) not in unwanted
        case "BeginWith":
            starts = tuple(values)
            return lambda node: value(node).startswith(starts)
        case _:
            return _ordered(key, values, operator)


def _document_test(values: Sequence[str], operator: str) -> Test:
    if operator != "Equal":
        raise _wrong_property(f"The operator {operator} is not supported for DocumentName.")
    platforms: set[str] = set()
    for name in values:
        if name not in _DOCUMENT_PLATFORMS:
            raise ServiceError("InvalidDocument", f"Document {name} does not exist.")
        platforms |= _DOCUMENT_PLATFORMS[name]
    return lambda node: node.platform.type in platforms


def _ordered(key: str, values: Sequence[str], operator: str) -> Test:
    """LessThan and GreaterThan: only versions have an order."""
    if key != "AgentVersion":
        raise _wrong_property(f"The operator {operator} is not supported for {key}.")
    try:
        limits = [version_numbers(value) for value in values]
    except ValueError:
        raise _wrong_property(f"{', '.join(values)} is not a version.") from None
    if operator == "LessThan":
        return lambda node: any(version_numbers(node.agent_version) < limit for limit in limits)
    return lambda node: any(version_numbers(node.agent_version) > limit for limit in limits)


def _check(key: str, values: Sequence[str], wrong_value: str) -> None:
    if key not in _VALUES:
        raise ServiceError("InvalidFilterKey", f"{key} is not a valid filter key.")
    words = _WORDS.get(key)
    for value in values:
        if words is not None and value not in words:
            raise ServiceError(wrong_value, f"{value} is not a valid value of {key}.")
        if key == "InstanceIds" and not _ID.fullmatch(value):
            raise ServiceError("InvalidInstanceId", f"{value} is not a valid instance ID.")
        if key == "ActivationIds" and not _ACTIVATION.fullmatch(value):
            # DescribeInstanceInformation does not have the error of its own.
            own = wrong_value == "InvalidInstancePropertyFilterValue"
            code = "InvalidActivationId" if own else wrong_value
            raise ServiceError(code, f"{value} is not a valid activation ID.")


def _check_known(call: Call, ids: Sequence[str]) -> None:
    """ "If you specify a node ID that isn't valid or a node that you don't own, you receive an
    error": instances without an agent are the caller's own, and are merely not listed.
    """
    for node_id in ids:
        if node_here(call, node_id) is None:
            raise ServiceError(
                "InvalidInstanceId", f"Instance {node_id} is not valid for this account."
            )


def _tag_test(key: str, values: Sequence[str]) -> Test:
    wanted = frozenset(values)
    if key == "tag-key":
        return lambda node: not wanted.isdisjoint(node.tags)
    tag = key.removeprefix("tag:")
    return lambda node: node.tags.get(tag) in wanted


def _equal(value: Callable[[Node], str], values: Sequence[str]) -> Test:
    wanted = frozenset(values)
    return lambda node: value(node) in wanted


def _every(tests: Sequence[Test]) -> Test:
    return lambda node: all(test(node) for test in tests)


def _both(one: str, other: str) -> ServiceError:
    return ServiceError("ValidationException", f"{one} and {other} can't be used together.")


def _wrong_property(message: str) -> ServiceError:
    return ServiceError("InvalidInstancePropertyFilterValue", message)
