"""What happened to the row under the cursor."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.ui.panes import story


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch) -> None:
    monkeypatch.setattr(story, "REST_SECONDS", 0.001)


async def test_the_journal_is_told_in_the_summary(explorer) -> None:
    explorer.fleet.events = lambda key, limit: [
        (explorer.clock() - 360, "lost"),
        (explorer.clock() - 7200, "agent 3.2 to \x1b[31m3.3"),
    ]
    async with explorer.open() as s:
        await s.wait_for(lambda: "last  lost 6m ago · agent 3.2 to ␛[31m3.3 2h ago" in s.text)


async def test_each_row_has_its_own_story(explorer) -> None:
    asked = []

    def events(key, limit):
        asked.append(key)
        return [(explorer.clock() - 60, f"told of {key.id}")]

    explorer.fleet.events = events
    async with explorer.open() as s:
        first = s.app.main.pane.row
        await s.wait_for(lambda: f"told of {first.id}" in s.text)
        await s.type("j")
        second = s.app.main.pane.row
        await s.wait_for(lambda: f"told of {second.id}" in s.text)
        assert asked == [first.key, second.key]


async def test_a_journal_that_cannot_be_read_is_said_once(explorer) -> None:
    broken = Problem(ProblemKind.INPUT, "The snapshot cannot be used (disk I/O error)")
    asked = []

    def events(key, limit):
        asked.append(key)
        raise ProblemError(broken)

    explorer.fleet.events = events
    async with explorer.open() as s:
        await s.wait_for(lambda: broken.what in s.text)
        await s.type("j")
        await s.wait_for(lambda: len(asked) == 2)
        await s.settle()
        (notice,) = s.app.notices
        assert notice.problem == broken
        assert notice.count == 1


async def test_a_row_without_a_story_shows_its_tags(explorer) -> None:
    explorer.fleet.events = lambda key, limit: []
    async with explorer.open() as s:
        await s.type("j")
        assert "tags  Env=" in s.text


async def test_the_story_is_told_again_without_a_gap_when_there_may_be_more(explorer) -> None:
    told = ["lost"]
    explorer.fleet.events = lambda key, limit: [(explorer.clock() - 60, each) for each in told]
    async with explorer.open() as s:
        pane = s.app.main.pane
        await s.wait_for(lambda: "last  lost 1m ago" in s.text)
        told.append("returned")
        pane.story.again()
        assert [words for _, words in pane.story.lines] == ["lost"]
        await s.wait_for(lambda: "returned 1m ago · lost 1m ago" in s.text)
