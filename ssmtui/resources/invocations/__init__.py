"""Invocations: a command on one node each, with its exit code and the head of its output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.resources.base import Link, Listing, Resource, Section, exactly
from ssmtui.resources.commands import COMMAND_ID, NODE_ID, Names, no_names
from ssmtui.resources.invocations.row import COLUMNS, Invocation, is_problem

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

INVOCATIONS = "invocations"


def invocations(names: Names = no_names) -> Resource[Invocation]:
    """Declare invocations: those of one command, or of one node. There are too many in 30 days to
    list them all. `names(keys)` tells what nodes are called that the service has no name of."""
    return Resource(
        name="invocations",
        singular="invocation",
        aliases=("inv",),
        title="Invocations",
        row_type=Invocation,
        columns=COLUMNS,
        listing=lambda scopes: _listing(scopes, {}, names),
        narrowed=lambda scopes, only: _listing(scopes, only, names),
        narrowed_by={"command": COMMAND_ID, "node": NODE_ID},
        needs_narrowing=True,
        detail=_detail,
        raw=_raw,
        problem=is_problem,
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=(INVOCATIONS,),
        sort="board",
        links=_links,
        operations=(
            "ssm:ListCommands",
            "ssm:ListCommandInvocations",
            "ssm:GetCommandInvocation",
        ),
    )


# Imported when they are used, as with nodes.


def _listing(scopes: Sequence[Scope], only: Mapping[str, str], names: Names) -> Listing:
    from ssmtui.resources.invocations.listing import InvocationListing

    return InvocationListing(scopes, only, names)


async def _detail(scope: Scope, invocation: Invocation, now: float) -> list[Section]:
    from ssmtui.resources.invocations.detail import detail

    return await detail(scope, invocation, now)


async def _raw(scope: Scope, invocation: Invocation) -> dict[str, Any]:
    from ssmtui.resources.invocations.detail import raw

    return await raw(scope, invocation)


def _links(invocation: Invocation) -> Sequence[Link]:
    return (
        Link("node", "nodes", exactly("id", invocation.node)),
        Link("command", "commands", exactly("id", invocation.command)),
        Link("the node's history", "invocations", exactly("node", invocation.node)),
    )
