"""Change freezes: which nodes are under a change calendar that is not open.

What cannot be told counts as frozen: a calendar that cannot be read, and a node of which it is not
known whether the filter fits it. Who overrides a freeze gives a reason, which is audited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.aws.timestamps import timestamp
from ssmtui.core.haystack import haystack_of
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, input_problem
from ssmtui.core.query import Query, QueryError, parse
from ssmtui.core.text import plain
from ssmtui.local.config import Freeze
from ssmtui.resources.narrow import is_account, is_region, narrowed
from ssmtui.resources.nodes.row import COLUMNS, Node

OPEN: Final = "OPEN"
LONGEST_REASON: Final = 256


class Calendar(msgspec.Struct, frozen=True):
    """What the calendars of one freeze say in one scope. `state` is AWS's word, "" if it could not
    be asked (`problem` says why); `until` when it changes, in seconds since the epoch."""

    freeze: str
    scope: str  # the scope's short name
    state: str = ""
    until: float | None = None
    problem: Problem | None = None

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


class FrozenOut(msgspec.Struct, frozen=True):
    """The nodes under a freeze, each with the freeze's name, and what the calendars said."""

    nodes: Mapping[RowKey, str]
    calendars: tuple[Calendar, ...]

    @property
    def closed(self) -> tuple[Calendar, ...]:
        return tuple(each for each in self.calendars if not each.is_open)


async def frozen_nodes(
    freezes: Mapping[str, Freeze], scopes: Sequence[Scope], nodes: Iterable[Node], *, now: float
) -> FrozenOut:
    """Ask the calendars that concern these nodes. ProblemError: a filter or a context that the
    configuration names is wrong."""
    listed = list(nodes)
    found: dict[RowKey, str] = {}
    calendars: list[Calendar] = []
    for name, freeze in freezes.items():
        concerned = _concerned(name, freeze, scopes, listed, now)
        said = await asyncio.gather(*(_ask(name, freeze, scope, scopes) for scope in concerned))
        calendars += said
        for scope, calendar in zip(concerned, said, strict=True):
            if not calendar.is_open:
                for key in concerned[scope]:
                    found.setdefault(key, name)
    return FrozenOut(found, tuple(calendars))


def override_reason(text: str) -> str:
    """A reason for overriding a freeze, as it is audited. ProblemError: there is none."""
    reason = " ".join(text.split())
    if not reason:
        raise input_problem("A freeze is overridden for a reason", "Say why")
    if len(reason) > LONGEST_REASON:
        raise input_problem(f"A reason has at most {LONGEST_REASON} characters", "Say it shorter")
    return reason


def _concerned(
    name: str, freeze: Freeze, scopes: Sequence[Scope], nodes: Sequence[Node], now: float
) -> dict[Scope, list[RowKey]]:
    """The nodes that a freeze is about, by scope; those that its filter cannot judge are."""
    by_key = {scope.key: scope for scope in _scopes_of(freeze, scopes)}
    candidates = [node for node in nodes if node.key.scope in by_key]
    concerned: dict[Scope, list[RowKey]] = {}
    for node, answer in zip(candidates, _answers(name, freeze, candidates, now), strict=True):
        if answer is not False:
            concerned.setdefault(by_key[node.key.scope], []).append(node.key)
    return concerned


def _scopes_of(freeze: Freeze, scopes: Sequence[Scope]) -> Sequence[Scope]:
    """The scopes that a freeze is about. The configuration is about all contexts that there are, so
    those that are not open are no mistake."""
    if not freeze.contexts:
        return scopes
    open_ones = [
        name
        for name in freeze.contexts
        if any(is_account(scope, name) or is_region(scope, name) for scope in scopes)
    ]
    return narrowed(scopes, open_ones) if open_ones else ()


def _answers(name: str, freeze: Freeze, nodes: Sequence[Node], now: float) -> Sequence[bool | None]:
    if not freeze.filter:
        return [True] * len(nodes)
    query = _query(name, freeze)
    if not query.words:
        return query.matches(nodes, now=now)
    haystack = haystack_of(COLUMNS)
    texts = [haystack(node) for node in nodes]
    return query.matches(nodes, texts, [text.lower() for text in texts], now=now)


def _query(name: str, freeze: Freeze) -> Query:
    try:
        return parse(freeze.filter, COLUMNS)
    except QueryError as error:
        raise input_problem(
            f"The filter of the freeze {plain(name)} is wrong: {error}", "Correct config.toml"
        ) from None


async def _ask(name: str, freeze: Freeze, scope: Scope, scopes: Sequence[Scope]) -> Calendar:
    """What the calendars of a freeze say for a scope."""
    where = plain(scope.name)
    states: list[tuple[str, float | None]] = []
    for asker, names in _askers(freeze.calendars, scope, scopes).items():
        try:
            answer: Mapping[str, Any] = await asker.read(
                "ssm", "GetCalendarState", {"CalendarNames": names}
            )
        except ProblemError as error:
            return Calendar(name, where, problem=error.problem)
        states.append((str(answer.get("State") or ""), timestamp(answer.get("NextTransitionTime"))))
    closed = [each for each in states if each[0] != OPEN]
    state, until = (closed or states)[0] if states else ("", None)
    return Calendar(name, where, state, until)


def _askers(
    calendars: Sequence[str], scope: Scope, scopes: Sequence[Scope]
) -> dict[Scope, list[str]]:
    """Which scope to ask for which calendars: an ARN's own Region, else the scope itself."""
    askers: dict[Scope, list[str]] = {}
    for calendar in calendars:
        asker = scope
        parts = calendar.split(":")
        if len(parts) >= 6 and parts[0] == "arn":
            region, account = parts[3], parts[4]
            near = [each for each in scopes if each.region == region]
            own = [each for each in near if each.key.account == account]
            mine = [each for each in near if each.key.account == scope.key.account]
            asker = (own or mine or near or [scope])[0]
        askers.setdefault(asker, []).append(calendar)
    return askers
