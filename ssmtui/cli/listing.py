"""Listing a resource once, to its end, for a verb: rows, and what is missing from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.cli.progress import ProgressLine
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem
from ssmtui.resources.base import Finished, Gone, Progress, Resource, Rows


class Listed(msgspec.Struct):
    """The rows of a complete pass, and the problem of every stage that did not get to its end."""

    rows: dict[RowKey, Any]
    problems: list[Problem]


async def list_once(
    resource: Resource[Any], scopes: Sequence[Scope], only: Mapping[str, str] | None = None
) -> Listed:
    """One pass over the scopes, narrowed to what is asked for where the resource can be; progress
    goes to stderr if that is a terminal."""
    listed = Listed({}, [])
    with ProgressLine() as line:
        async for event in resource.open(scopes, only or {}).refresh():
            if isinstance(event, Rows):
                listed.rows.update((row.key, row) for row in event.rows)
            elif isinstance(event, Gone):
                for key in event.keys:
                    listed.rows.pop(key, None)
            elif isinstance(event, Finished) and event.problem is not None:
                listed.problems.append(msgspec.structs.replace(event.problem, scope=event.scope))
            elif isinstance(event, Progress):
                line.show(f"{len(listed.rows):,} {resource.name}, {event.scope} {event.stage}")
    return listed
