"""One of many, found by typing."""

from __future__ import annotations

import asyncio
from typing import Any

from ssmtui.core.problem import input_problem
from ssmtui.ui.screens.pick import Pick

CHOICES = [("AWS-RunShellScript", "Linux"), ("AWS-RunPowerShellScript", "Windows")]


async def test_every_word_narrows_and_enter_takes_the_first(explorer: Any) -> None:
    async with explorer.open() as s:
        chosen: list[str | None] = []
        s.app.push_screen(Pick("Document", CHOICES), chosen.append)
        await s.pilot.pause()
        await s.type("run windows")
        assert "AWS-RunShellScript" not in s.text
        assert "1 of 2" in s.text
        await s.type("<enter>")
        assert chosen == ["AWS-RunPowerShellScript"]


async def test_the_rest_comes_behind_the_scenes_and_the_cursor_stays(explorer: Any) -> None:
    gate = asyncio.Event()

    async def more() -> list[tuple[str, str]]:
        await gate.wait()
        return [*CHOICES, ("Mine", "Linux")]

    async with explorer.open() as s:
        chosen: list[str | None] = []
        s.app.push_screen(Pick("Document", CHOICES, more), chosen.append)
        await s.pilot.pause()
        assert "reading the list" in s.text
        await s.type("<down>")
        gate.set()
        await s.wait_for(lambda: "Mine" in s.text)
        await s.type("<enter>")
        assert chosen == ["AWS-RunPowerShellScript"]


async def test_a_list_that_cannot_be_read_is_said_and_a_name_may_be_typed(explorer: Any) -> None:
    async def more() -> list[tuple[str, str]]:
        raise input_problem("They may not be listed", "Name one")

    async with explorer.open() as s:
        chosen: list[str | None] = []
        s.app.push_screen(Pick("Document", CHOICES, more, free=True), chosen.append)
        await s.wait_for(lambda: "They may not be listed" in s.text)
        await s.type("my-own", "<enter>")
        assert chosen == ["my-own"]


async def test_hostile_names_are_shown_as_they_are(explorer: Any, hostile: list[str]) -> None:
    async with explorer.open() as s:
        s.app.push_screen(Pick("Document", [(name, name) for name in hostile]))
        await s.pilot.pause()
        assert "a[/]b" in s.text
        assert s.app.is_running
