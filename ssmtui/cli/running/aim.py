"""Whom `ssmtui run` reaches: read now, refused where it is not known for certain, less freezes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from ssmtui.cli.backend import resolve_or_fail
from ssmtui.cli.finding import NotFoundError, nobody_called
from ssmtui.cli.listing import list_once
from ssmtui.cli.run import ANSWER_IS_NO, BAD_INPUT, PARTIAL, say, say_problems
from ssmtui.cli.running.wish import Wish
from ssmtui.cli.several import is_managed
from ssmtui.core.haystack import haystack_of
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem
from ssmtui.core.text import plain
from ssmtui.resources.narrow import is_account, is_region, narrowed
from ssmtui.resources.nodes import nodes as node_resource
from ssmtui.resources.nodes.row import Node
from ssmtui.rollouts.freezes import Calendar, FrozenOut, frozen_nodes, frozen_scopes
from ssmtui.rollouts.preview import Fresh, read_again
from ssmtui.rollouts.targets import (
    Frozen,
    Target,
    Targets,
    frozen,
    parse_targets,
    target_of,
)
from ssmtui.rollouts.telling import calendar_words

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.cli.backend import Connection
    from ssmtui.core.query import Query
    from ssmtui.local.config import Config

MOST_NAMED = 5


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Whom it is for. `scopes` are those that the targets are in.

    `frozen_out` are the nodes that were left out for a freeze, by its name; `frozen_scopes` whole
    scopes, each with the freeze's name, where the service finds the nodes. `calendars` are those
    that are not open. `missing` says that the lists were not whole, which was accepted.
    """

    targets: Targets
    scopes: Sequence[Scope]
    frozen_out: Mapping[str, Sequence[Target]] = {}
    frozen_scopes: Mapping[str, str] = {}
    calendars: Sequence[Calendar] = ()
    missing: bool = False
    rows: Mapping[RowKey, Node] = {}


async def aimed(connection: Connection, config: Config, wish: Wish, query: Query | None) -> Aim:
    """Find out whom the wish means. `query` is its `--on`.

    NotFoundError: nobody (1), a name that means several (2), or nobody knows for certain (3).
    """
    scopes, problems = await resolve_or_fail(connection)
    await connection.gateway.aliases()
    if query is not None and query.scopes:
        scopes = list(narrowed(scopes, query.scopes))
    left = Missing(wish.accept_missing, scopes, connection.selection.profiles)
    left.add(problems)
    if wish.targets:
        left.refuse()
        return await _by_tags(config, wish, scopes, missing=left.accepted)
    listed = await list_once(node_resource(), scopes)
    rows = sorted(listed.rows.values(), key=lambda row: (_text(row.name), row.key))
    # Of machines without an agent little is known, and nothing can be sent to them anyway.
    managed = [row for row in rows if is_managed(row)]
    if query is not None:
        left.add(listed.problems)
        chosen, unknown = _matching(managed, query)
        left.add_unknown(unknown)
    else:
        chosen = _named(rows, managed, wish.node_names, [*problems, *listed.problems])
        # An id is one node wherever it is; what is called alike may be where nobody could look.
        if any(name not in {row.id for row in chosen} for name in wish.node_names):
            left.add(listed.problems)
    left.refuse()
    for row in chosen:
        if not is_managed(row):
            say(f"{plain(row.label)} has no managed agent; see why with: ssmtui why {row.id}")
            raise NotFoundError(ANSWER_IS_NO)
    if not chosen:
        say("no managed node matches")
        raise NotFoundError(ANSWER_IS_NO)
    return await _without_frozen(config, wish, scopes, chosen, missing=left.accepted)


class Missing:
    """What the lists lack, and whether that was accepted by the name of an account or Region."""

    def __init__(
        self, names: Sequence[str], scopes: Sequence[Scope], profiles: Sequence[str]
    ) -> None:
        self._names = names
        self._scopes = {scope.key: scope for scope in scopes}
        self._closed = set(profiles) - {scope.profile for scope in scopes}
        self._problems: list[Problem] = []
        self._unknown = 0
        self.accepted = False

    def add(self, problems: Iterable[Problem]) -> None:
        """Take trouble in: what was accepted is said, and counts no more."""
        accepted: list[Problem] = []
        for problem in problems:
            (accepted if self._accepts(problem.scope) else self._problems).append(problem)
        self.accepted = self.accepted or bool(accepted)
        say_problems(accepted)

    def add_unknown(self, rows: Iterable[Node]) -> None:
        """Take in nodes that may be meant and may not."""
        for row in rows:
            if self._accepts(row.key.scope):
                self.accepted = True
            else:
                self._unknown += 1

    def refuse(self) -> None:
        """NotFoundError with PARTIAL if something is missing that was not accepted."""
        if not (self._problems or self._unknown):
            return
        say_problems(self._problems)
        if self._unknown:
            say(
                f"{self._unknown:,} nodes could not be judged: what the expression asks is not "
                "known of them"
            )
        say(
            "who is meant is not known for certain, so nothing was sent; go on without what is "
            "missing with --accept-missing and the name of its profile, account or Region"
        )
        raise NotFoundError(PARTIAL)

    def _accepts(self, key: ScopeKey | None) -> bool:
        scope = self._scopes.get(key) if key is not None else None
        if scope is not None:
            return any(
                is_account(scope, name) or is_region(scope, name) or name == str(scope.key)
                for name in self._names
            )
        # Of a profile that did not open there is no more than its name.
        return bool(self._closed) and self._closed <= set(self._names)


def _matching(rows: Sequence[Node], query: Query) -> tuple[list[Node], list[Node]]:
    """The nodes that match, and those of which it is not known."""
    texts = [haystack_of(node_resource().columns)(row) for row in rows] if query.words else None
    lowers = [text.lower() for text in texts] if texts is not None else None
    answers = query.matches(rows, texts, lowers, now=time.time())
    judged = list(zip(rows, answers, strict=True))
    return [row for row, answer in judged if answer], [
        row for row, answer in judged if answer is None
    ]


def _named(
    rows: Sequence[Node], managed: Sequence[Node], names: Sequence[str], trouble: Sequence[Problem]
) -> list[Node]:
    """The nodes of exact ids and names, or globs. NotFoundError: one means nobody, or several."""
    chosen: dict[RowKey, Node] = {}
    for name in names:
        found = [row for row in rows if name in (row.id, _text(row.name))]
        if not found and "*" in name:
            found = [row for row in managed if fnmatchcase(_text(row.name), name)]
        elif len(found) > 1:
            say(f"{len(found)} nodes are called {plain(name)}: name them by their ids")
            for row in found[:MOST_NAMED]:
                say(f"  {plain(row.id)} in {row.key.scope}")
            raise NotFoundError(BAD_INPUT)
        if not found:
            say_problems(trouble)
            say(nobody_called(name, rows))
            raise NotFoundError(PARTIAL if trouble else ANSWER_IS_NO)
        chosen.update((row.key, row) for row in found)
    return list(chosen.values())


async def _without_frozen(
    config: Config, wish: Wish, scopes: Sequence[Scope], rows: Sequence[Node], *, missing: bool
) -> Aim:
    """Leave out what is under a change calendar that is not open, unless that is overridden."""
    held = await frozen_nodes(config.freezes, scopes, rows, now=time.time())
    override = wish.override_freeze is not None
    kept = [row for row in rows if override or row.key not in held.nodes]
    if not kept:
        _say_frozen(held.closed)
        say("all nodes are under a change freeze; override it with --override-freeze REASON")
        raise NotFoundError(ANSWER_IS_NO)
    spread_by = [key.strip() for key in wish.spread_by.split(",") if key.strip()]
    targets = frozen(kept, spread_by)
    return Aim(
        targets=targets,
        scopes=[scope for scope in scopes if scope.key in targets.scopes],
        frozen_out={} if override else _by_freeze(held, rows),
        calendars=held.closed,
        missing=missing,
        rows={row.key: row for row in kept},
    )


async def _by_tags(config: Config, wish: Wish, scopes: Sequence[Scope], *, missing: bool) -> Aim:
    """Tags or a group, which the service resolves. As nobody knows the nodes, a freeze that may
    concern some of a scope leaves all of it out."""
    held = await frozen_scopes(config.freezes, scopes, now=time.time())
    override = wish.override_freeze is not None
    under = {} if override else {s: held.nodes.get(RowKey(*s.key, ""), "") for s in scopes}
    kept = [scope for scope in scopes if not under.get(scope)]
    if not kept:
        _say_frozen(held.closed)
        say("everything is under a change freeze; override it with --override-freeze REASON")
        raise NotFoundError(ANSWER_IS_NO)
    targets = parse_targets(wish.targets, [scope.key for scope in kept])
    return Aim(
        targets=targets,
        scopes=kept,
        frozen_scopes={scope.place: name for scope, name in under.items() if name},
        calendars=held.closed,
        missing=missing,
    )


def _by_freeze(held: FrozenOut, rows: Iterable[Node]) -> dict[str, list[Target]]:
    found: dict[str, list[Target]] = {}
    for row in rows:
        if row.key in held.nodes:
            found.setdefault(held.nodes[row.key], []).append(target_of(row))
    return found


async def no_longer_meant(aim: Aim, query: Query) -> list[Node]:
    """Pings and tags read again: the nodes of which the expression does not hold any more, or of
    which that is not known. What else it may ask for stays as it was read."""
    if not isinstance(aim.targets, Frozen):
        return []
    keys = [node.key for node in aim.targets.nodes]
    fresh, problems = await read_again(aim.scopes, keys)
    say_problems(problems)
    gone = [aim.rows[key] for key in keys if key not in fresh]
    rows = [_renewed(aim.rows[key], fresh[key]) for key in keys if key in fresh]
    matching, _ = _matching(rows, query)
    still = {row.key for row in matching}
    return [*gone, *(row for row in rows if row.key not in still)]


def _renewed(row: Node, fresh: Fresh) -> Node:
    # Hybrid nodes' tags are not among what is read again.
    tags = fresh.tags if isinstance(fresh.tags, Mapping) else row.tags
    return msgspec.structs.replace(row, ping=fresh.ping or row.ping, tags=tags)


def without(aim: Aim, keys: Iterable[RowKey]) -> Aim:
    """The same without these nodes."""
    left_out = set(keys)
    if not left_out or not isinstance(aim.targets, Frozen):
        return aim
    kept = tuple(node for node in aim.targets.nodes if node.key not in left_out)
    targets = Frozen(kept)
    scopes = [scope for scope in aim.scopes if scope.key in targets.scopes]
    return msgspec.structs.replace(aim, targets=targets, scopes=scopes)


def _say_frozen(calendars: Iterable[Calendar]) -> None:
    for calendar in calendars:
        say(f"freeze {calendar_words(calendar, time.time())}")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
