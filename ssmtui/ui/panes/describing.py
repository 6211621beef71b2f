"""What `d` shows of a row in any pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.base import Section
from ssmtui.ui.documents import Document, detail_document

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane


async def describe(pane: ResourcePane, row: Any) -> Document:
    """Everything that is known of a row; where nothing can be read, what the row itself holds."""
    resource, feed, now = pane.resource, pane.feed, pane.launch.now()
    standing = feed.standings.get(row.key.scope)
    troubles: list[Problem] = standing.problems if standing is not None else []
    try:
        sections = await resource.detail(pane.scope_of(row), row, now)
    except ProblemError as error:
        pane.shell.notices.problem(now, error.problem)
        troubles = [error.problem, *troubles]
        pairs = [(column.title.lower(), column.text(row, now)) for column in resource.columns]
        sections = [Section(resource.singular.capitalize(), pairs, cached=True)]
    read_at = feed.ages.read_at(row.key.scope)
    return detail_document(sections, read_at=read_at, now=now, troubles=troubles)
