"""Change freezes: which nodes are under a change calendar that is not open.

What cannot be told counts as frozen: a calendar that cannot be read, and a node of which it is not
known whether the filter fits it, as nobody knows of any that the service finds by itself. Who
overrides a freeze gives a reason, which is audited.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.aws.timestamps import timestamp
from ssmtui.core.columns import UNKNOWN
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

# A Region may be named that is not open; then only its form tells it from an account.
_REGION: Final = re.compile(
    r"([a-z]{2}(-gov|-iso[a-z]?)?|eusc-[a-z]{2})"
    r"-(central|north|south|(north|south)?(east|west))-[0-9]"
)


class Calendar(msgspec.Struct, frozen=True):
    """What the calendars of one freeze say in one scope. `state` is AWS's word, "" if it could not
    be asked (`problem` says why); `until` when it changes, in seconds since the epoch. `unjudged`:
    nobody knows whom the freeze's filter fits, so that it concerns everything there."""

    freeze: str
    scope: str  # the scope's short name
    state: str = ""
    until: float | None = None
    problem: Problem | None = None
    region: str = ""
    unjudged: bool = False

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


class FrozenOut(msgspec.Struct, frozen=True):
    """The nodes under a freeze, each with the freeze's name, and what the calendars said. A key
    without an id stands for everything in its scope."""

    nodes: Mapping[RowKey, str]
    calendars: tuple[Calendar, ...]

    @property
    def closed(self) -> tuple[Calendar, ...]:
        return tuple(each for each in self.calendars if not each.is_open)


async def frozen_nodes(
    freezes: Mapping[str, Freeze], scopes: Sequence[Scope], nodes: Iterable[Node], *, now: float
) -> FrozenOut:
    """Ask the calendars that concern these nodes. ProblemError: a filter that the configuration
    names is wrong."""
    listed = list(nodes)
    concerns = []
    for name, freeze in freezes.items():
        query = _query(name, freeze)
        by_key = {scope.key: scope for scope in _scopes_of(freeze, query, scopes)}
        candidates = [node for node in listed if node.key.scope in by_key]
        keys: dict[Scope, list[RowKey]] = {}
        for node, answer in zip(candidates, _answers(query, candidates, now), strict=True):
            if answer is not False:
                keys.setdefault(by_key[node.key.scope], []).append(node.key)
        concerns.append(_Concern(name, freeze, keys))
    return await _asked(concerns, scopes)


async def frozen_scopes(
    freezes: Mapping[str, Freeze], scopes: Sequence[Scope], *, now: float
) -> FrozenOut:
    """The same for targets that the service resolves: each scope has one key, without an id. A
    filter leaves out the scopes that it cannot fit any node of. ProblemError: it is wrong."""
    concerns = []
    for name, freeze in freezes.items():
        query = _query(name, freeze)
        answers = {
            scope: _answer_for_all(query, scope, now) for scope in _scopes_of(freeze, query, scopes)
        }
        keys = {
            scope: [RowKey(*scope.key, "")]
            for scope, answer in answers.items()
            if answer is not False
        }
        unjudged = frozenset(scope for scope, answer in answers.items() if answer is None)
        concerns.append(_Concern(name, freeze, keys, unjudged))
    return await _asked(concerns, scopes)


def override_reason(text: str) -> str:
    """A reason for overriding a freeze, as it is audited. ProblemError: there is none."""
    reason = " ".join(text.split())
    if not reason:
        raise input_problem("A freeze is overridden for a reason", "Say why")
    if len(reason) > LONGEST_REASON:
        raise input_problem(f"A reason has at most {LONGEST_REASON} characters", "Say it shorter")
    return reason


class _Concern(NamedTuple):
    """What one freeze is about, by scope; in those that are `unjudged` it may be less."""

    name: str
    freeze: Freeze
    keys: Mapping[Scope, Sequence[RowKey]]
    unjudged: frozenset[Scope] = frozenset()


async def _asked(concerns: Iterable[_Concern], scopes: Sequence[Scope]) -> FrozenOut:
    """Ask the calendars of each freeze in each scope that it is about."""
    found: dict[RowKey, str] = {}
    calendars: list[Calendar] = []
    for name, freeze, keys, unjudged in concerns:
        said = await asyncio.gather(
            *(_ask(name, freeze, scope, scopes, unjudged=scope in unjudged) for scope in keys)
        )
        calendars += said
        for of_scope, calendar in zip(keys.values(), said, strict=True):
            if not calendar.is_open:
                for key in of_scope:
                    found.setdefault(key, name)
    return FrozenOut(found, tuple(calendars))


def _scopes_of(freeze: Freeze, query: Query, scopes: Sequence[Scope]) -> Sequence[Scope]:
    """The scopes that a freeze is about: of its contexts, those that its filter's @names fit."""
    within = _named(scopes, freeze.contexts, scopes)
    return _named(within, query.scopes, scopes)


def _named(
    scopes: Sequence[Scope], names: Sequence[str], among: Sequence[Scope]
) -> Sequence[Scope]:
    """The scopes that names mean, as `narrowed`. The configuration is about all contexts that there
    are, so those that are not open are no mistake: they fit none of these scopes."""
    open_ones = [
        name
        for name in names
        if any(is_account(scope, name) or is_region(scope, name) for scope in among)
    ]
    absent = [name for name in names if name not in open_ones]
    # Accounts and Regions narrow each other, so each kind that is named has to fit something.
    for of_kind in (_is_region_name, lambda name: not _is_region_name(name)):
        if any(map(of_kind, absent)) and not any(map(of_kind, open_ones)):
            return ()
    return narrowed(scopes, open_ones, among)


def _is_region_name(name: str) -> bool:
    return _REGION.fullmatch(name) is not None


def _answers(query: Query, nodes: Sequence[Node], now: float) -> Sequence[bool | None]:
    """Whether the filter fits each node; None where it cannot be judged."""
    if not query.words:
        return query.matches(nodes, now=now)
    haystack = haystack_of(COLUMNS)
    texts = [haystack(node) for node in nodes]
    return query.matches(nodes, texts, [text.lower() for text in texts], now=now)


def _answer_for_all(query: Query, scope: Scope, now: float) -> bool | None:
    """Whether the filter fits every node of a scope, or none; None where that is not known."""
    if query.words:
        return None  # they look at what is shown, and there is nothing to show
    unknown: Any = UNKNOWN
    account, region = scope.key
    anybody = Node(account=account, region=region, id=unknown, lost=unknown)
    return query.match(anybody, now=now)


def _query(name: str, freeze: Freeze) -> Query:
    try:
        return parse(freeze.filter, COLUMNS)
    except QueryError as error:
        raise input_problem(
            f"The filter of the freeze {plain(name)} is wrong: {error}", "Correct config.toml"
        ) from None


async def _ask(
    name: str, freeze: Freeze, scope: Scope, scopes: Sequence[Scope], *, unjudged: bool
) -> Calendar:
    """What the calendars of a freeze say for a scope."""
    of = Calendar(name, plain(scope.name), region=scope.region, unjudged=unjudged)
    states: list[tuple[str, float | None]] = []
    for asker, names in _askers(freeze.calendars, scope, scopes).items():
        try:
            answer: Mapping[str, Any] = await asker.read(
                "ssm", "GetCalendarState", {"CalendarNames": names}
            )
        except ProblemError as error:
            return msgspec.structs.replace(of, problem=error.problem)
        states.append((str(answer.get("State") or ""), timestamp(answer.get("NextTransitionTime"))))
    closed = [each for each in states if each[0] != OPEN]
    state, until = (closed or states)[0] if states else ("", None)
    return msgspec.structs.replace(of, state=state, until=until)


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
