"""The form of a copy, on a screen of its own."""

from __future__ import annotations

from typing import Any

from textual.widgets import Checkbox

from ssmtui.core.problem import input_problem
from ssmtui.ui.screens.ask_copy import AskCopy, CopyWish


async def asked(s: Any, judge: Any) -> list[Any]:
    results: list[Any] = []
    await s.app.push_screen(AskCopy("web[/]1", judge), results.append)
    await s.settle()
    return results


async def test_what_is_typed_is_the_wish(explorer) -> None:
    async with explorer.open() as s:
        results = await asked(s, lambda wish: wish)
        assert "Copy files: web[/]1" in s.text
        await s.type("/srv/app", "<enter>", "<backspace>", "site", "<enter>")
        assert results == [CopyWish(False, "site", "/srv/app", False)]


async def test_boxes_are_changed_with_space(explorer) -> None:
    async with explorer.open() as s:
        results = await asked(s, lambda wish: wish)
        await s.type("<up>", " ", "<up>", " ", "<down>", "<down>", "/x", "<tab>", "<enter>")
        assert results == [CopyWish(True, ".", "/x", True)]


async def test_what_cannot_be_is_said_and_the_form_stays(explorer) -> None:
    def judge(wish: CopyWish) -> CopyWish:
        if wish.remote == "/no":
            raise input_problem("There[/] is nothing")
        return wish

    async with explorer.open() as s:
        results = await asked(s, judge)
        await s.type("/no", "<enter>", "<enter>")
        assert "There[/] is nothing" in s.text
        assert results == []
        await s.type("<up>", "<end>", "w", "<tab>", "<enter>")
        assert results == [CopyWish(False, ".", "/now", False)]


async def test_the_buttons_and_esc(explorer) -> None:
    async with explorer.open() as s:
        results = await asked(s, lambda wish: wish)
        await s.pilot.click("#do")
        await s.settle()
        assert results == [CopyWish(False, ".", "", False)]
        results = await asked(s, lambda wish: wish)
        await s.pilot.click("#cancel")
        await s.settle()
        assert results == [None]
        results = await asked(s, lambda wish: wish)
        await s.type("<escape>")
        assert results == [None]
        assert not s.app.screen.query(Checkbox)
