"""From a name on the command line to one node: the snapshot is asked before the service is."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ssmtui.cli.run import ANSWER_IS_NO, BAD_INPUT, PARTIAL, VerbEndedError, say, say_problems
from ssmtui.core.keys import RowKey
from ssmtui.core.near import did_you_mean, near
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.resources.memory import Memory
    from ssmtui.resources.nodes.row import Node

_ID = re.compile(r"i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}")
_MOST_OFFERED = 20
_LIKE_IDS, _LIKE_NAMES = 0.85, 0.7  # as of `near`
_ONLINE = "online"  # as rows have it
# Machines to which no session and no command leads.
UNREACHABLE = frozenset({"unmanaged", "terminated"})
# With these a whole scope is closed, and not only one of its calls.
_NO_WAY_IN = (ProblemKind.CREDENTIALS, ProblemKind.EXPIRED, ProblemKind.ENDPOINT)


class Found(msgspec.Struct, frozen=True):
    """A node that may be meant. `name` is None where it is not known or has none."""

    key: RowKey
    name: str | None = None
    ping: str | None = None

    @property
    def label(self) -> str:
        name = f"{self.name}  " if self.name else ""
        state = f"  {self.ping}" if self.ping else ""
        return plain(f"{name}{self.key.id}  {self.key.account}/{self.key.region}{state}")


Ask = Callable[[Sequence[Found]], Awaitable[Found | None]]


class NotFoundError(VerbEndedError):
    """There is no single node; what is to be said has been said. `code` is the exit code."""


async def find_node(
    scopes: Sequence[Scope],
    memory: Memory,
    name: str,
    problems: Sequence[Problem],
    *,
    ask: Ask | None = None,
    exact: bool = False,
) -> tuple[Scope, Found]:
    """A session's node, of an exact id, an exact name, or (unless `exact`) what a name is like.

    Forty accounts are not listed to open one shell: only what the snapshot does not know is looked
    for, an id with a filter in every scope, a name by listing all, which the snapshot then knows.
    It may know a name's node that was replaced since: where that is not connected its scope is
    listed anew, and the connected one of that name taken.
    `ask` chooses where several match; None off a terminal, where that is an error. Raises
    NotFoundError.
    """
    scope, found, kept = await _find(scopes, memory, name, problems, ask=ask, exact=exact)
    if not kept or not found.name or found.key.id == name or await _is_connected(scope, found.key):
        return scope, found
    listed = await _list([scope], memory, [])
    namesakes = alike(map(_found, listed), found.name, exact=True)
    connected = [one for one in namesakes if one.ping == _ONLINE]
    if not connected:
        return scope, found  # why there can be no session is said when one is started
    chosen = connected[0] if len(connected) == 1 else await _choose(found.name, connected, ask)
    if chosen.key != found.key:
        say(f"{plain(found.name)} was {plain(found.key.id)} and is {plain(chosen.key.id)} now")
    return scope, chosen


async def _find(
    scopes: Sequence[Scope],
    memory: Memory,
    name: str,
    problems: Sequence[Problem],
    *,
    ask: Ask | None,
    exact: bool,
) -> tuple[Scope, Found, bool]:
    """The node that is meant, and whether it is the snapshot that knew it."""
    by_key = {scope.key: scope for scope in scopes}
    found = await asyncio.to_thread(_remembered, memory, list(by_key), name, exact)
    kept, trouble = bool(found), list(problems)
    if not found and _ID.fullmatch(name):
        found = await _look_up(scopes, name, trouble)
    elif not found:
        listed = await _list(scopes, memory, trouble)
        found = alike(map(_found, listed), name, exact)
    if not found:
        raise await _nobody(scopes, memory, name, trouble)
    found = [one for one in found if one.ping not in UNREACHABLE] or found
    chosen = found[0] if len(found) == 1 else await _choose(name, found, ask)
    return by_key[chosen.key.scope], chosen, kept


async def _is_connected(scope: Scope, target: RowKey) -> bool:
    from ssmtui.sessions.start import is_connected

    try:
        return await is_connected(scope, target)
    except ProblemError:
        return True  # it is said by whoever starts the session


async def find_row(
    scopes: Sequence[Scope], memory: Memory, name: str, problems: Sequence[Problem]
) -> tuple[Scope, Node, list[Problem]]:
    """The node of an exact id or name as it is now, in any state, and what was not listed.

    An id is listed first where the snapshot knows it; a name everywhere, as namesakes may be
    anywhere. Raises NotFoundError.
    """
    trouble = list(problems)
    places = [scopes]
    if _ID.fullmatch(name):
        kept = await asyncio.to_thread(_remembered, memory, [s.key for s in scopes], name, True)
        known = {found.key.scope for found in kept}
        if chosen := [scope for scope in scopes if scope.key in known]:
            places = [chosen, [scope for scope in scopes if scope not in chosen]]
    by_key = {scope.key: scope for scope in scopes}
    for place in places:
        rows = {row.key: row for row in await _list(place, memory, trouble)}
        if found := alike(map(_found, rows.values()), name, exact=True):
            one = found[0] if len(found) == 1 else await _choose(name, found, None)
            return by_key[one.key.scope], rows[one.key], trouble
    raise await _nobody(scopes, memory, name, trouble)


async def _nobody(
    scopes: Sequence[Scope], memory: Memory, name: str, trouble: Sequence[Problem]
) -> NotFoundError:
    """Say that there is no such node; the one rule for what that means as an exit code."""
    from ssmtui.resources.nodes import nodes

    say_problems(trouble)
    failed = {problem.scope for problem in trouble if problem.kind in _NO_WAY_IN}
    if all(scope.key in failed for scope in scopes):
        return NotFoundError(BAD_INPUT)  # nothing at all was listed, so nothing is known
    try:
        kept = await asyncio.to_thread(memory.recall, nodes(), [scope.key for scope in scopes])
    except ProblemError:  # it was said when what was listed could not be kept
        kept = []
    say(nobody_called(name, (row for _, _, rows in kept for row in rows)))
    return NotFoundError(PARTIAL if trouble else ANSWER_IS_NO)


def nobody_called(name: str, rows: Iterable[Any]) -> str:
    """The sentence for a name that no node has, with those of `rows` that come near it."""
    if name.startswith(("i-", "mi-")):
        # Any two ids have half of their digits in common somewhere.
        likeness, known = _LIKE_IDS, [row.id for row in rows]
        otherwise = "Look in other accounts and Regions with --profile and --region"
    else:
        likeness, known = _LIKE_NAMES, [row.name for row in rows if isinstance(row.name, str)]
        otherwise = "List what there is with: ssmtui get nodes --filter 'name~PART'"
    remedy = did_you_mean(name, near(name, known, likeness=likeness), otherwise=otherwise)
    return f"there is no node called {plain(name)} in what was listed. {remedy}."


def alike(nodes: Iterable[Found], name: str, exact: bool = False) -> list[Found]:
    """The nodes that `name` means best: called exactly so, else beginning with it, else holding
    it, else holding its letters in their order; the last three whatever the case, and not where
    `exact` is asked for.
    """
    wanted = name.lower()
    letters = re.compile(".*?".join(map(re.escape, wanted)), re.DOTALL)
    tiers: tuple[Callable[[Found, str], bool], ...] = (
        lambda node, _: name in (node.key.id, node.name),
        lambda _, text: text.startswith(wanted),
        lambda _, text: wanted in text,
        lambda _, text: letters.search(text) is not None,
    )
    named = [(node, (node.name or "").lower()) for node in nodes]
    for matches in tiers[:1] if exact else tiers:
        if best := [node for node, text in named if matches(node, text)]:
            return sorted(best, key=lambda node: (node.name or "", node.key))
    return []


def _remembered(memory: Memory, scopes: Sequence[Any], name: str, exact: bool) -> list[Found]:
    from ssmtui.resources.nodes import nodes

    resource = nodes()
    wanted = set(scopes)
    named = [_found(row) for row in memory.named(resource, name) if row.key.scope in wanted]
    if named or exact:
        return alike(named, name)
    kept = memory.recall(resource, scopes)
    return alike((_found(row) for _, _, rows in kept for row in rows), name)


def _found(row: Any) -> Found:
    text = {field: getattr(row, field) for field in ("name", "ping")}
    known = {field: value for field, value in text.items() if isinstance(value, str)}
    return Found(row.key, **known)


async def _look_up(scopes: Sequence[Scope], node_id: str, trouble: list[Problem]) -> list[Found]:
    """Where a node of that id is managed. More than one place is possible for a moved `mi-`."""
    params = {"Filters": [{"Key": "InstanceIds", "Values": [node_id]}]}

    async def look(scope: Scope) -> Found | None:
        try:
            answer = await scope.read("ssm", "DescribeInstanceInformation", params)
        except ProblemError as error:
            if error.problem.code != "InvalidInstanceId":  # that is how it is not there
                trouble.append(msgspec.structs.replace(error.problem, scope=scope.key))
            return None
        for node in answer.get("InstanceInformationList") or ():
            return Found(RowKey(*scope.key, node_id), node.name or node.computer_name)
        return None

    places = await asyncio.gather(*(look(scope) for scope in scopes))
    return [found for found in places if found is not None]


async def _list(scopes: Sequence[Scope], memory: Memory, trouble: list[Problem]) -> list[Node]:
    """All nodes; those of scopes that were listed to the end are kept for the next time."""
    from ssmtui.cli.listing import keep, list_once
    from ssmtui.resources.nodes import nodes

    resource = nodes()
    listed = await list_once(resource, scopes)
    trouble += listed.problems
    await keep(memory, resource, listed)
    return list(listed.rows.values())


async def _choose(name: str, found: Sequence[Found], ask: Ask | None) -> Found:
    offered = found[:_MOST_OFFERED]
    more = len(found) - len(offered)
    say(f"{len(found)} nodes match {plain(name)}:")
    for number, node in enumerate(offered, 1):
        click.echo(f"{number:4}  {node.label}", err=True)
    if more:
        click.echo(f"      and {more} more", err=True)
    chosen = await ask(offered) if ask is not None else None
    if chosen is None:
        say("name one by its id")
        raise NotFoundError(BAD_INPUT)
    return chosen


async def ask_on_terminal(offered: Sequence[Found]) -> Found | None:
    """Which of a numbered list, by what is typed; None for none of them."""
    from ssmtui.sessions.outlet import read_line

    click.echo(f"Which one? 1-{len(offered)}: ", err=True, nl=False)
    answer = await read_line(0)
    if answer.isdecimal() and 1 <= int(answer) <= len(offered):
        return offered[int(answer) - 1]
    return None
