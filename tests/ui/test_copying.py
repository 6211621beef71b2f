"""Copies from the explorer, over copies that are played by a script."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.sessions.copying.copy import Copied
from ssmtui.ui.copying import parse_files
from ssmtui.ui.screens.ask_copy import AskCopy
from ssmtui.ui.screens.copies import CopiesPage
from ssmtui.ui.screens.dialogs import Confirm


class Played:
    """What the explorer asked `copy` for, and how that goes on."""

    def __init__(self) -> None:
        self.specs: list[Any] = []
        self.nodes: list[Any] = []
        self.agreed: list[bool] = []
        self.ends: list[asyncio.Future[Any]] = []
        self.progress: Any = None
        self.asks = False

    async def __call__(self, node: Any, spec: Any, *, agree: Any, progress: Any) -> Any:
        self.nodes.append(node)
        self.specs.append(spec)
        self.progress = progress
        if self.asks:
            self.agreed.append(await agree("/there on i-1"))
            return None
        end = asyncio.get_running_loop().create_future()
        self.ends.append(end)
        return await end


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Played:
    made = Played()
    monkeypatch.setattr("ssmtui.sessions.copying.manager.copy", made)
    return made


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "app.conf").write_text("x")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("./a :/b", (True, "./a", "/b", False)),
        (":/b .", (False, ".", "/b", False)),
        ("-r 'a b' ':/c d'", (True, "a b", "/c d", True)),
    ],
)
def test_a_line_says_what_goes_where(text: str, wish: tuple[Any, ...]) -> None:
    assert parse_files(text) == wish


@pytest.mark.parametrize("text", ["a b", ":/a :/b", ":/a", "a 'b", ":/a . ."])
def test_a_line_that_does_not_is_refused(text: str) -> None:
    with pytest.raises(ProblemError, match=r"Write \./here :/there"):
        parse_files(text)


async def test_the_form_begins_a_copy_and_the_list_shows_it(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type("C")
        await s.wait_for(lambda: isinstance(s.app.screen, AskCopy))
        await s.type("/etc/hosts", "<enter>", "<enter>")
        await s.wait_for(lambda: played.specs)
        (spec,) = played.specs
        assert (spec.upload, spec.remote, spec.recursive) == (False, "/etc/hosts", False)
        assert played.nodes[0].scope.key == played.nodes[0].key.scope
        await s.type(":copies", "<enter>")
        assert isinstance(s.app.screen, CopiesPage)
        assert "running" in s.text
        played.progress(1024, 4096)
        s.app.screen._show()
        await s.settle()
        assert "1.0 KiB of 4.0 KiB  25%" in s.text
        played.ends[0].set_result(Copied("./hosts", 4096, 0, "ab" * 32))
        await s.wait_for(lambda: "is done" in next(iter(s.app.notices)).text)
        assert "is done: ./hosts: 4.0 KiB, sha256 abab" in next(iter(s.app.notices)).text


async def test_the_command_takes_the_files_at_once(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type(":cp app.conf :/tmp", "<enter>")
        await s.wait_for(lambda: played.specs)
        (spec,) = played.specs
        assert (spec.upload, spec.local, spec.remote) == (True, Path("app.conf"), "/tmp")
        await s.type(":cp app.conf :/tmp", "<enter>")
        await s.wait_for(lambda: "is being copied already" in s.text)
        assert len(played.specs) == 1


async def test_what_cannot_be_copied_is_said_and_can_be_put_right(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type("C")
        await s.wait_for(lambda: isinstance(s.app.screen, AskCopy))
        await s.type("<enter>", "<enter>")
        assert "The path on the node is missing" in s.text
        await s.type("<escape>")
        assert played.specs == []


async def test_only_a_yes_overwrites(explorer, played, here) -> None:
    played.asks = True
    async with explorer.open() as s:
        await s.type(":cp app.conf :/there", "<enter>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        assert "/there on i-1 is there already" in s.text
        await s.type("<enter>")  # the focus is on Cancel
        await s.wait_for(lambda: played.agreed)
        assert played.agreed == [False]
        await s.wait_for(lambda: "Nothing was overwritten" in next(iter(s.app.notices)).text)


async def test_ctrl_d_stops_a_copy_and_then_takes_it_from_the_list(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type(":cp app.conf :/there", "<enter>")
        await s.wait_for(lambda: played.ends)
        await s.type(":copies", "<enter>", "<ctrl+d>")
        await s.wait_for(lambda: isinstance(s.app.screen, Confirm))
        await s.type("<right>", "<enter>")
        await s.wait_for(lambda: played.ends[0].cancelled())
        await s.wait_for(lambda: "stopped" in s.text)
        assert "go on from there" in s.text
        await s.type("<ctrl+d>")
        await s.wait_for(lambda: "none yet: C on a node begins one" in s.text)
        await s.type("<escape>")
        assert s.app.screen is s.app.main


async def test_a_failure_is_a_notice(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type(":cp app.conf :/there", "<enter>")
        await s.wait_for(lambda: played.ends)
        played.ends[0].set_exception(input_problem("There is no room[/] on it"))
        await s.wait_for(lambda: "is failed" in next(iter(s.app.notices)).text)
        notice = next(iter(s.app.notices))
        assert "There is no room[/] on it" in notice.text
        assert notice.level.value == "error"


async def test_quitting_ends_what_is_running(explorer, played, here) -> None:
    async with explorer.open() as s:
        await s.type(":cp app.conf :/there", "<enter>")
        await s.wait_for(lambda: played.ends)
        await s.app.end_sessions()
        assert played.ends[0].cancelled()


async def test_in_look_mode_it_is_neither_offered_nor_done(explorer, played) -> None:
    for scope in explorer.fleet.scopes:
        scope.base = Mode.LOOK
    async with explorer.open() as s:
        await s.type("C")
        assert not isinstance(s.app.screen, AskCopy)
        assert played.specs == []
