"""Nodes to aim at, and time that moves when everybody waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ssmtui.core.keys import ScopeKey
from ssmtui.rollouts.spec import CommandSpec
from ssmtui.rollouts.targets import Frozen, Target

SCOPE = ScopeKey("111122223333", "eu-west-1")
OTHER = ScopeKey("444455556666", "us-east-1")


def some_nodes(
    count: int, scope: ScopeKey = SCOPE, prefix: str = "web", **groups: Sequence[str]
) -> tuple[Target, ...]:
    """`count` targets; `groups` are values that are given out in turn."""
    return tuple(
        Target(
            account=scope.account,
            region=scope.region,
            id=f"i-{number:04x}{scope.region.replace('-', '')}",
            name=f"{prefix}-{number:03d}",
            platform="linux",
            ping="online",
            groups={key: values[number % len(values)] for key, values in groups.items()},
        )
        for number in range(count)
    )


def a_command(nodes: Sequence[Target] | int = 10, **rest: Any) -> CommandSpec:
    if isinstance(nodes, int):
        nodes = some_nodes(nodes)
    rest.setdefault("parameters", {"commands": ["uptime"]})
    return CommandSpec(document="AWS-RunShellScript", targets=Frozen(tuple(nodes)), **rest)
