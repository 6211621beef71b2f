"""How the table of a pane stands: loading, data, partial or failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssmtui.ui.contexts import State
from ssmtui.ui.widgets.table_state import StateKind, TableState

if TYPE_CHECKING:
    from ssmtui.ui.connecting import Connecting
    from ssmtui.ui.feed import Feed


def table_state(feed: Feed, connecting: Connecting) -> TableState:
    """One of loading, data, partial and failed; "empty" the table finds itself."""
    if not feed.scopes:
        if connecting.problem is not None:
            return TableState(StateKind.FAILED, connecting.problem.what, connecting.remedy)
        return TableState(StateKind.LOADING, connecting.words)
    states = {feed.standings[scope.key].state for scope in feed.scopes}
    problems = feed.problems
    if states == {State.FAILED}:
        return TableState(StateKind.FAILED, problems[0].what, problems[0].remedy)
    if states & {State.LOADING, State.WAITING}:
        return TableState(StateKind.LOADING, "")
    if problems:
        return TableState(StateKind.PARTIAL, problems[0].what, problems[0].remedy)
    return TableState(StateKind.DATA)
