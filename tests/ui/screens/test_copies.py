"""The list of copies, over copies that are played."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.ui.copying import Copying
from ssmtui.ui.screens.copies import CopiesPage


class PlayedCopy:
    def __init__(self, title: str, state: str, said: str) -> None:
        self.title, self.state, self._said = title, state, said

    @property
    def over(self) -> bool:
        return self.state != "running"

    def words(self) -> str:
        return self._said


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[PlayedCopy]:
    made: list[PlayedCopy] = []
    monkeypatch.setattr(Copying, "all", property(lambda self: tuple(made)))
    return made


async def test_each_has_its_state_and_how_far_it_is(explorer, copies: list[Any]) -> None:
    copies.append(PlayedCopy("a[/] -> web:/a", "running", "1.0 KiB of 4.0 KiB  25%"))
    copies.append(PlayedCopy("b -> web:/b", "failed", "There is no room."))
    async with explorer.open() as s:
        await s.type(":copies", "<enter>")
        assert isinstance(s.app.screen, CopiesPage)
        title, first, far, second, why, *_ = s.text.split("\n")
        assert title.split()[:2] == ["Copies", "2"]
        assert first.split() == ["running", "a[/]", "->", "web:/a"]
        assert far.strip() == "1.0 KiB of 4.0 KiB  25%"
        assert (second.split()[0], why.strip()) == ("failed", "There is no room.")
        copies[0]._said = "2.0 KiB of 4.0 KiB  50%"
        s.app.screen._show()
        await s.settle()
        assert "50%" in s.text
        await s.type(":copies", "<enter>")  # it is there already
        await s.type("<escape>")
        assert s.app.screen is s.app.main


async def test_without_any_the_key_is_named(explorer, copies: list[Any]) -> None:
    async with explorer.open() as s:
        await s.type(":copies", "<enter>", "<ctrl+d>")
        assert "none yet: C on a node begins one" in s.text
