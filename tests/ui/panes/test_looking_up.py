"""Asking for what is too dear to be known of every row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from ssmtui.ui.panes.looking_up import LookUp


class Source:
    """Answers page by page when it is let go."""

    def __init__(self, fleet: Any) -> None:
        self.fleet = fleet
        self.way = asyncio.Event()
        self.asked: list[str] = []
        self.cancelled = 0

    async def look_up(self, scope: Any, rows: Any) -> AsyncIterator[Any]:
        self.asked.append(scope.name)
        try:
            await self.way.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        yield {row.key: {"owner": "jane"} for row in rows[:1]}
        yield {row.key: {"owner": "omar"} for row in rows[1:]}

    def world(self) -> dict[str, Any]:
        return {
            "resources": (msgspec.structs.replace(self.fleet.resource(), look_up=self.look_up),)
        }


async def test_rows_are_filled_as_answers_come_scope_by_scope(explorer) -> None:
    source = Source(explorer.fleet)
    source.way.set()
    done: list[tuple[int, int]] = []
    async with explorer.open(**source.world()) as session:
        pane = session.app.main.pane
        rows = [
            explorer.fleet.rows[scope.key][at] for scope in explorer.fleet.scopes for at in (0, 1)
        ]
        look_up = LookUp(pane, "The oracle")
        look_up.begin(rows, done=lambda *counts: done.append(counts))
        assert look_up.words == "asking The oracle: 0 of 6, Esc stops"
        await session.settle()
        assert done == [(6, 6)]
        assert sorted(source.asked) == ["dev", "prod", "staging"]
        owners = [pane.feed.store.get(row.key).owner for row in rows]
        assert owners == ["jane", "omar"] * 3
        assert look_up.words == ""
        assert not look_up.stop()


async def test_one_question_at_a_time_and_a_way_to_stop_it(explorer) -> None:
    source = Source(explorer.fleet)
    done: list[tuple[int, int]] = []
    async with explorer.open(**source.world()) as session:
        pane = session.app.main.pane
        rows = explorer.fleet.rows[explorer.fleet.scopes[0].key][:1]
        look_up = LookUp(pane, "The oracle")
        look_up.begin(rows, done=lambda *counts: done.append(counts))
        await session.wait_for(lambda: source.asked)
        look_up.begin(rows, done=lambda *counts: done.append(counts))
        assert next(iter(session.app.notices)).text == (
            "The oracle is being asked already; Esc stops it"
        )
        assert look_up.stop()
        await session.wait_for(lambda: not look_up.words)
        assert (source.asked, source.cancelled, done) == (["dev"], 1, [])


async def test_a_row_that_has_gone_meanwhile_stays_gone(explorer) -> None:
    source = Source(explorer.fleet)
    source.way.set()
    async with explorer.open(**source.world()) as session:
        pane = session.app.main.pane
        rows = explorer.fleet.rows[explorer.fleet.scopes[0].key][:2]
        pane.feed.store.apply(gone=[rows[0].key])
        LookUp(pane, "The oracle").begin(rows, done=lambda *counts: None)
        await session.settle()
        assert rows[0].key not in pane.feed.store
        assert pane.feed.store.get(rows[1].key).owner == "omar"
