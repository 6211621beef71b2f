"""How a pane's table stands, by the standings of its scopes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.base import Finished
from ssmtui.ui.contexts import Standing
from ssmtui.ui.feed import Feed
from ssmtui.ui.panes.standing import table_state
from ssmtui.ui.widgets.table_state import StateKind

DENIED = Problem(ProblemKind.DENIED, "dev may not list nodes", "Ask for it")


@pytest.fixture
def feed(fleet, clock) -> Feed:
    return Feed(
        fleet.resource(), memory=fleet, now=clock, changed=lambda: None, said=lambda problem: None
    )


def connecting(problem: Problem | None = None) -> Any:
    return SimpleNamespace(problem=problem, words="connecting", remedy="Ask for it. Then Ctrl-R")


async def end(feed: Feed, *problems: Problem | None) -> None:
    """Every scope's listing has come to its end, with these problems in turn."""
    for scope, problem in zip(feed.scopes, problems, strict=True):
        standing = feed.standings[scope.key] = Standing()
        standing.note(Finished(scope.key, "nodes", problem))


def test_before_there_is_a_scope(feed) -> None:
    state = table_state(feed, connecting())
    assert (state.kind, state.text) == (StateKind.LOADING, "connecting")
    state = table_state(feed, connecting(DENIED))
    assert (state.kind, state.text) == (StateKind.FAILED, DENIED.what)


async def test_from_loading_to_the_end(feed, fleet) -> None:
    await feed.cover(fleet.scopes)
    assert table_state(feed, connecting()).kind is StateKind.LOADING
    await end(feed, None, None, None)
    assert table_state(feed, connecting()).kind is StateKind.DATA
    await end(feed, None, DENIED, None)
    state = table_state(feed, connecting())
    assert (state.kind, state.text, state.remedy) == (StateKind.PARTIAL, DENIED.what, "Ask for it")
    await end(feed, DENIED, DENIED, DENIED)
    assert table_state(feed, connecting()).kind is StateKind.FAILED
