"""Listing a resource once, to its end, for a verb: rows, and what is missing from them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.cli.progress import ProgressLine
from ssmtui.cli.run import say_problems
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.base import Finished, Gone, Lacking, Progress, Resource, Rows
from ssmtui.resources.memory import Memory


class Listed(msgspec.Struct):
    """The rows of a complete pass, and the problem of every stage that did not get to its end.

    `complete` are the scopes of which every stage did; `at` is when the pass began, in seconds
    since the epoch. `lacking` is what the rows never hold though nothing failed.
    """

    rows: dict[RowKey, Any]
    problems: list[Problem]
    complete: frozenset[ScopeKey] = frozenset()
    at: float = msgspec.field(default_factory=time.time)
    lacking: list[Problem] = []


async def list_once(
    resource: Resource[Any], scopes: Sequence[Scope], only: Mapping[str, str] | None = None
) -> Listed:
    """One pass over the scopes, narrowed to what is asked for where the resource can be; progress
    goes to stderr if that is a terminal."""
    listed = Listed({}, [])
    ended: set[ScopeKey] = set()
    with ProgressLine() as line:
        async for event in resource.open(scopes, only or {}).refresh():
            if isinstance(event, Rows):
                listed.rows.update((row.key, row) for row in event.rows)
            elif isinstance(event, Gone):
                for key in event.keys:
                    listed.rows.pop(key, None)
            elif isinstance(event, Finished):
                ended.add(event.scope)
                if event.problem is not None:
                    problem = msgspec.structs.replace(event.problem, scope=event.scope)
                    listed.problems.append(problem)
            elif isinstance(event, Lacking):
                listed.lacking.append(event.problem)
            elif isinstance(event, Progress):
                line.show(f"{len(listed.rows):,} {resource.name}, {event.scope} {event.stage}")
    failed = {problem.scope for problem in listed.problems}
    listed.complete = frozenset(ended - failed)
    return listed


async def keep(memory: Memory, resource: Resource[Any], listed: Listed) -> None:
    """Remember what a whole pass has listed, scope by scope, and journal what has changed.

    Only scopes that were listed to their end: of the others nobody knows who is gone. What cannot
    be written is said and no failure, as nothing is missing from the answer.
    """
    by_scope: dict[ScopeKey, list[Any]] = {scope: [] for scope in listed.complete}
    for row in listed.rows.values():
        if (rows := by_scope.get(row.key.scope)) is not None:
            rows.append(row)
    problems: list[Problem] = []
    for scope, rows in by_scope.items():
        try:
            await asyncio.to_thread(memory.remember, resource, scope, rows, listed.at)
        except ProblemError as error:
            problems.append(error.problem)
    say_problems([*problems, *memory.mended()])
