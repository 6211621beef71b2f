"""Targets: chosen nodes, tags and groups, checked as they are named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.problem import ProblemError
from ssmtui.resources.nodes.row import Node
from ssmtui.rollouts.targets import (
    Frozen,
    GroupTarget,
    TagTargets,
    Target,
    frozen,
    parse_tags,
    parse_targets,
    target_of,
)
from tests.rollouts.conftest import OTHER, SCOPE, some_nodes

NODE = Node(
    account="111122223333",
    region="eu-west-1",
    id="i-1",
    name="web-1",
    platform="linux",
    ping="online",
    asg="web-blue",
    zone="eu-west-1b",
    tags={"Env": "prod"},
)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Frozen(()), "There are no nodes to run on. Mark some"),
        (lambda: Frozen(some_nodes(1) * 2), "is named twice"),
        (lambda: TagTargets({}, (SCOPE,)), "No tag is named"),
        (lambda: TagTargets({"Env": ()}, (SCOPE,)), "Tag Env has 0 values"),
        (lambda: TagTargets({"Env": ("v",) * 51}, (SCOPE,)), "Tag Env has 51 values"),
        (lambda: TagTargets({"": ("v",)}, (SCOPE,)), "A tag's key has 1 to 128 characters"),
        (lambda: TagTargets({"Env": ("v",)}, ()), "There is no account and Region"),
        (
            lambda: TagTargets({f"K{n}": ("v",) for n in range(6)}, (SCOPE,)),
            "6 tag keys are more than the 5 that Run Command takes",
        ),
        (lambda: GroupTarget("no group", (SCOPE,)), "is not the name of a resource group"),
        (lambda: GroupTarget("fine", ()), "There is no account and Region"),
    ],
)
def test_what_cannot_be_aimed_at_is_refused(make: Callable[[], object], sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        make()


def test_targets_in_awss_own_words() -> None:
    tags = TagTargets({"Env": ("prod", "test"), "Role": ("web",)}, (SCOPE,))
    assert tags.request == [
        {"Key": "tag:Env", "Values": ["prod", "test"]},
        {"Key": "tag:Role", "Values": ["web"]},
    ]
    group = GroupTarget("web-nodes", (SCOPE,))
    assert group.request == [{"Key": "resource-groups:Name", "Values": ["web-nodes"]}]


def test_a_row_becomes_a_target_with_the_groups_to_spread_by() -> None:
    target = target_of(NODE, ("asg", "az", "tag:Env", "Missing"))
    assert target.groups == {"asg": "web-blue", "az": "eu-west-1b", "tag:Env": "prod"}
    assert (target.key, target.name, target.platform) == (NODE.key, "web-1", "linux")


def test_what_is_not_known_of_a_row_is_left_out() -> None:
    bare = Node(account="1", region="r", id="i-2", name=UNKNOWN)
    target = target_of(bare, ("asg", "Env"))
    assert target == Target(account="1", region="r", id="i-2")
    assert target.label == "i-2"


def test_scopes_come_in_the_order_of_the_nodes() -> None:
    nodes = (*some_nodes(2, OTHER), *some_nodes(2, SCOPE))
    assert Frozen(nodes).scopes == (OTHER, SCOPE)
    assert frozen([NODE]).nodes[0].id == "i-1"


def test_tags_are_parsed() -> None:
    assert parse_tags(["tag:Env=prod,test", "tag:Role=web", "tag:Env=dev"]) == {
        "Env": ("prod", "test", "dev"),
        "Role": ("web",),
    }


def test_targets_are_parsed_as_aws_writes_them() -> None:
    assert parse_targets(["resource-groups:Name=web"], [SCOPE]) == GroupTarget("web", (SCOPE,))
    tags = parse_targets(["tag:Env=prod", "tag:Role=web"], [SCOPE, OTHER])
    assert tags == TagTargets({"Env": ("prod",), "Role": ("web",)}, (SCOPE, OTHER))


@pytest.mark.parametrize(
    "texts",
    [
        ["resource-groups:Name=web", "tag:Env=prod"],
        ["resource-groups:Name=web", "resource-groups:Name=db"],
        ["resource-groups:Name=web,db"],
        ["resource-groups:ResourceTypeFilters=AWS::EC2::Instance"],
        ["resource-groups:Name"],
    ],
)
def test_a_group_is_named_alone(texts: list[str]) -> None:
    with pytest.raises(ProblemError, match="as resource-groups:Name=web"):
        parse_targets(texts, [SCOPE])


@pytest.mark.parametrize("text", ["Env=prod", "tag:Env", "tag:=x", "tag:Env="])
def test_other_words_are_no_tags(text: str) -> None:
    with pytest.raises(ProblemError, match="is no tag target"):
        parse_tags([text])
