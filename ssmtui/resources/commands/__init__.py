"""Commands of Run Command: what ran in the last 30 days, where, when, and who has sent it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.actions import Action, AppliesTo, Danger
from ssmtui.core.keys import RowKey
from ssmtui.resources.base import Link, Listing, Resource, Section, exactly
from ssmtui.resources.commands.row import COLUMNS, Command, Origin, Sender, is_problem
from ssmtui.resources.commands.statuses import GOING_ON

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

# What names nodes: their keys -> the names that are known. It may read a file.
Names = Callable[[Iterable[RowKey]], Mapping[RowKey, str]]
# The rollouts on our own record, by id. It may read files.
Origins = Callable[[], Mapping[str, Origin]]

COMMANDS = "commands"

# What the service takes for the id of a command and of a node.
COMMAND_ID = r"[0-9A-Za-z-]{36}"
NODE_ID = r"i-(\w{8}|\w{17})|mi-\w{17}"

WHO = Action(
    "who",
    ("w",),
    "who",
    "Ask CloudTrail who has sent the marked commands, or the one under the cursor",
    "commands",
    applies_to=AppliesTo.MARKS,
    footer=10,
)

AGAIN = Action(
    "again",
    ("r",),
    "run again",
    "Run the command under the cursor again, with edits",
    "commands",
    danger=Danger.CHANGE,
    applies_to=AppliesTo.ROW,
    footer=5,
)


def no_names(keys: Iterable[RowKey]) -> Mapping[RowKey, str]:
    """Where nothing is kept that could tell."""
    return {}


def no_origins() -> Mapping[str, Origin]:
    """Where no rollout is on record."""
    return {}


def commands(names: Names = no_names, origins: Origins = no_origins) -> Resource[Command]:
    """Declare commands. `names(keys)` tells what nodes are called, `origins()` which rollouts are
    our own."""
    senders: dict[RowKey, Sender] = {}  # what CloudTrail has said, for every later listing
    return Resource(
        name="commands",
        singular="command",
        aliases=("com", "cmd"),
        title="Commands",
        row_type=Command,
        columns=COLUMNS,
        listing=lambda scopes: _listing(scopes, {}, names, origins, senders),
        narrowed=lambda scopes, only: _listing(scopes, only, names, origins, senders),
        narrowed_by={
            "id": COMMAND_ID,
            "node": NODE_ID,
            "status": "|".join(sorted(GOING_ON)),
            "document": r"[\w.:/-]{3,128}",
        },
        look_up=lambda scope, rows: _look_up(scope, rows, senders),
        detail=_detail,
        raw=_raw,
        problem=is_problem,
        label=lambda row: row.label,
        refresh_seconds=60.0,
        stages=(COMMANDS,),
        sort="requested",
        pane=5,
        links=_links,
        actions=(AGAIN, WHO),
        operations=(
            "ssm:ListCommands",
            "ssm:SendCommand",
            "ssm:CancelCommand",
            "ssm:GetCalendarState",
            "cloudtrail:LookupEvents",
        ),
    )


# Imported when they are used, as with nodes.


def _listing(
    scopes: Sequence[Scope],
    only: Mapping[str, str],
    names: Names,
    origins: Origins,
    senders: Mapping[RowKey, Sender],
) -> Listing:
    from ssmtui.resources.commands.listing import CommandListing

    return CommandListing(scopes, only, names=names, origins=origins, senders=senders)


async def _look_up(
    scope: Scope, rows: Sequence[Command], senders: dict[RowKey, Sender]
) -> AsyncGenerator[dict[RowKey, Mapping[str, Any]], None]:
    """Who has sent these: the fields of rows that have become known."""
    from ssmtui.resources.commands.senders import find_senders

    async for found in find_senders(scope, rows, scope.account.arn):
        by_key = {RowKey(*scope.key, command_id): sender for command_id, sender in found.items()}
        senders.update(by_key)
        yield {
            key: {"who": sender.name, "sender": sender.arn, "mine": sender.mine}
            for key, sender in by_key.items()
        }


async def _detail(scope: Scope, command: Command, now: float) -> list[Section]:
    from ssmtui.resources.commands.detail import detail

    return await detail(scope, command, now)


async def _raw(scope: Scope, command: Command) -> dict[str, Any]:
    from ssmtui.resources.commands.detail import raw

    return await raw(scope, command)


def _links(command: Command) -> Sequence[Link]:
    return (Link("invocations", "invocations", exactly("command", command.id)),)
