"""A followed log on the screen, over a follow that the test plays."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ssmtui.sessions.follow import follow as follow_module
from ssmtui.sessions.follow import reading as reading_module
from ssmtui.sessions.follow.merging import Line, News, State
from ssmtui.ui.screens.follow import FollowPage


class Script:
    """A Follow that brings what the test gives it."""

    def __init__(self, nodes: Any, source: Any, *, lines: int, reason: str) -> None:
        self.nodes, self.source, self.lines, self.reason = nodes, source, lines, reason
        self.batches: asyncio.Queue[list[Any]] = asyncio.Queue()
        self.closed = 0

    def start(self) -> None:
        pass

    def __aiter__(self) -> Script:
        return self

    async def __anext__(self) -> list[Any]:
        return await self.batches.get()

    async def close(self) -> list[Any]:
        self.closed += 1
        return []


class View:
    """The two verbs, and a third: the nodes bring lines."""

    def __init__(self, s: Any, script: Script) -> None:
        self.s = s
        self.script = script

    @property
    def page(self) -> FollowPage:
        page = self.s.app.screen
        assert isinstance(page, FollowPage)
        return page

    async def brings(self, *items: Any) -> None:
        self.script.batches.put_nowait(list(items))
        await self.until(self.script.batches.empty)
        await self.drawn()

    async def says(self, *texts: str, node: int = 0) -> None:
        await self.brings(*(Line(node, self.page.reading.book.came + 1.0, text) for text in texts))

    async def drawn(self) -> None:
        for _ in range(3):
            await self.s.pilot.pause()
        page = self.s.app.screen
        if isinstance(page, FollowPage):
            for _ in range(2):
                page._touch()
                page._draw()
        await self.s.pilot.pause()

    async def type(self, *keys: str) -> None:
        await self.s.type(*keys)
        await self.until(self._quiet)
        await self.drawn()

    def _quiet(self) -> bool:
        groups = {"narrow", "find", "resume"}
        return all(w.is_finished for w in self.s.app.workers if w.group in groups)

    async def until(self, true: Callable[[], object]) -> None:
        await self.s.wait_for(true)

    @property
    def text(self) -> str:
        return str(self.s.text)

    @property
    def title(self) -> str:
        return self.text.split("\n")[0]

    @property
    def lines(self) -> list[str]:
        """What stands between the title and the footer."""
        width = self.s.app.size.width - 2  # what is behind is the scroll bar
        rows = [line[:width].strip() for line in self.text.split("\n")[1:-1]]
        return [row for row in rows if row]


@pytest.fixture
def following(explorer: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    made: list[Script] = []

    def make(*arguments: Any, **given: Any) -> Script:
        made.append(Script(*arguments, **given))
        return made[-1]

    monkeypatch.setattr(follow_module, "Follow", make)

    @asynccontextmanager
    async def opened(
        *keys: str, log: str = "/var/log/app.log", size: tuple[int, int] = (80, 24), **given: Any
    ) -> AsyncIterator[View]:
        async with explorer.open(size=size, **given) as s:
            await s.type(*keys, "l")
            await s.wait_for(lambda: "Follow a log" in s.text)
            await s.type("<ctrl+u>", log, "<enter>")
            await s.wait_for(lambda: isinstance(s.app.screen, FollowPage))
            yield View(s, made[-1])

    return opened


async def test_one_node_is_followed_and_esc_ends_it_on_the_same_row(following: Any) -> None:
    async with following("j", "j") as v:
        row = v.s.app.main.pane.row
        assert [node.key for node in v.script.nodes] == [row.key]
        assert "Connecting to" in v.text
        await v.brings(News(0, 0.0, State.FOLLOWING))
        assert "No line has come yet" in v.text
        await v.says("first", "second")
        assert v.lines == ["│ first", "│ second"]
        assert row.label in v.title
        assert "2 lines" in v.title
        await v.type("<escape>")
        assert v.s.app.screen is v.s.app.main
        assert v.s.app.main.pane.row == row
        assert v.script.closed == 1


async def test_marked_nodes_are_one_view_with_their_names_before_the_lines(following: Any) -> None:
    async with following("<space>", "j", "<space>") as v:
        names = [node.label for node in v.script.nodes]
        assert len(names) == 2
        await v.says("of the one", node=0)
        await v.says("of the other", node=1)
        assert v.lines == [f"{names[0]} │ of the one", f"{names[1]} │ of the other"]
        assert v.s.style_of(f"{names[0]} ").color != v.s.style_of(f"{names[1]} ").color
        assert "2 nodes" in v.title


async def test_a_node_that_drops_is_said_and_rejoined(following: Any) -> None:
    async with following("<space>", "j", "<space>") as v:
        name = v.script.nodes[1].label
        await v.brings(News(0, 1.0, State.FOLLOWING), News(1, 1.0, State.FOLLOWING))
        assert "lost" not in v.title
        await v.brings(News(1, 2.0, State.LOST, "The node does not answer"))
        assert f"{name} ! lost: The node does not answer" in v.lines
        assert "1 lost" in v.title
        await v.type("d")
        assert re.search(f"{name} +lost: The node does not answer", v.text)
        await v.type("<escape>")
        await v.brings(News(1, 3.0, State.FOLLOWING))
        assert f"{name} ! following again" in v.lines
        assert "lost" not in v.title


async def test_what_the_program_complains_of_is_told_apart(following: Any) -> None:
    async with following() as v:
        await v.brings(Line(0, 1.0, "tail: it has been truncated", aside=True))
        assert v.lines == ["e tail: it has been truncated"]


async def test_the_end_is_followed_until_one_scrolls_away(following: Any) -> None:
    async with following() as v:
        await v.says(*(f"line {number}" for number in range(100)))
        assert v.lines[-1] == "│ line 99"
        await v.type("<pageup>")
        top = v.lines[0]
        assert "below" in v.title
        await v.says(*(f"more {number}" for number in range(50)))
        assert v.lines[0] == top
        await v.type("G")
        assert v.lines[-1] == "│ more 49"
        assert "below" not in v.title
        await v.type("g")
        assert v.lines[0] == "│ line 0"


async def test_what_one_reads_stays_when_the_oldest_lines_leave(following: Any) -> None:
    async with following() as v:
        book = v.page.reading.book
        book._all._most = 200
        await v.says(*(f"line {number}" for number in range(150)))
        await v.type("<pageup>")
        top = v.lines[0]
        await v.says(*(f"more {number}" for number in range(120)))
        assert len(book) < 230
        assert v.lines[0] == top


async def test_space_holds_the_lines_back_and_lets_them_go(following: Any) -> None:
    async with following() as v:
        await v.says("before")
        await v.type("<space>")
        await v.says("meanwhile", "and more")
        assert v.lines == ["│ before"]
        assert "paused, 2 waiting" in v.title
        await v.type("<space>")
        assert v.lines == ["│ before", "│ meanwhile", "│ and more"]
        assert "paused" not in v.title


async def test_held_for_long_the_nodes_are_held_back(following: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(reading_module, "MOST_WAITING", 3)
    async with following(size=(120, 24)) as v:
        await v.type("<space>")
        await v.says("a", "b", "c")
        assert "paused, 3 waiting, the nodes are held back" in v.title
        v.script.batches.put_nowait([Line(0, 9.0, "d")])
        await v.drawn()
        assert not v.script.batches.empty()
        await v.type("<space>")
        await v.until(v.script.batches.empty)
        await v.drawn()
        assert v.lines[-1] == "│ d"


async def test_a_filter_shows_what_matches_until_esc(following: Any) -> None:
    async with following() as v:
        await v.says("GET /cart 200", "GET /cart 500", "POST /login 200")
        await v.type("/", "cart.*500", "<enter>")
        assert v.lines == ["│ GET /cart 500"]
        assert "/cart.*500" in v.title
        assert "1 of 3" in v.title
        await v.says("get /CART 500 again", "other")
        assert v.lines == ["│ GET /cart 500", "│ get /CART 500 again"]
        await v.type("/", "<ctrl+u>", "nothing like it", "<enter>")
        assert v.lines == ["No line matches"]
        await v.type("<escape>")
        assert len(v.lines) == 5
        assert isinstance(v.s.app.screen, FollowPage)


async def test_a_wrong_expression_is_said(following: Any) -> None:
    async with following() as v:
        await v.says("one")
        await v.type("/", "(", "<enter>")
        assert "is no regular expression" in v.text
        await v.type("<escape>")
        assert v.lines == ["│ one"]


async def test_a_word_is_highlighted_and_n_goes_along(following: Any) -> None:
    async with following() as v:
        await v.says(*(f"line {number}{' boom' * (number % 40 == 7)}" for number in range(120)))
        assert "n next" not in v.text
        await v.type("h", "boom", "<enter>")
        assert v.lines[-1] == "│ line 119"
        await v.type("N")
        assert "│ line 87 boom" in v.lines
        await v.type("N")
        assert "│ line 47 boom" in v.lines, v.text
        assert "below" in v.title
        await v.type("n")
        await v.type("n")
        assert "│ line 7 boom" in v.lines
        style = v.s.style_of("boom")
        assert style.bgcolor != v.s.style_of("line 8").bgcolor
        await v.type("<escape>")
        assert "boom" not in v.title
        await v.type("h", "no such word", "<enter>", "n")
        assert "No line has no such word" in v.text


async def test_long_lines_are_scrolled_or_wrapped(following: Any) -> None:
    async with following() as v:
        await v.says("begin " + "x" * 100 + " end", "short")
        assert v.lines[1] == "│ short"
        assert "x end" not in v.text
        await v.type(*["<right>"] * 60)
        assert "x end" in v.text
        await v.type("w")
        assert v.lines[0].startswith("│ begin")
        assert v.lines[1].endswith("x end")
        assert v.lines[2] == "│ short"


async def test_a_wrapped_line_may_be_read_from_its_middle(following: Any) -> None:
    async with following() as v:
        await v.says(*(f"{number} " + "x" * 300 for number in range(30)))
        await v.type("w", "g", "<down>", "<down>")
        top = v.lines[:3]
        await v.says("news")
        assert v.lines[:3] == top
        assert not top[0].startswith("│ 0")


async def test_the_lines_shown_are_saved_and_nothing_is_overwritten_unasked(
    following: Any, tmp_path: Any
) -> None:
    async with following("<space>", "j", "<space>") as v:
        one, other = (node.label for node in v.script.nodes)
        await v.says("wanted 1", "else")
        await v.says("wanted \x1b[31m2", node=1)
        await v.type("/", "wanted", "<enter>", "<ctrl+s>")
        assert "   app.log  " in v.text
        assert "2 lines" in v.text
        path = tmp_path / "lines.log"
        await v.type("<ctrl+u>", str(path), "<enter>")
        await v.until(path.exists)
        assert path.read_text() == f"{one}  wanted 1\n{other}  wanted ␛[31m2\n"
        assert path.stat().st_mode & 0o777 == 0o600
        path.write_text("precious")
        await v.type("<ctrl+s>", "<ctrl+u>", str(path), "<enter>")
        assert "exists already" in v.text
        await v.type("<enter>")
        assert path.read_text() == "precious"


async def test_hostile_lines_do_nothing(following: Any, hostile: list[str]) -> None:
    async with following("<space>", "j", "<space>") as v:
        megabyte = "y" * 1_000_000
        pieces = [megabyte[at : at + 16384] for at in range(0, len(megabyte), 16384)]
        await v.says(*pieces, *hostile)
        assert "[@click=app.quit]x[/]" in v.text
        assert "\x1b" not in v.text
        assert "\u202e" not in v.text
        for key in ("w", "g", "<pagedown>", "G", "w", "<right>"):
            await v.type(key)
        await v.type("h", "y", "<enter>", "N", "n", "/", "x", "<enter>")
        assert v.s.app.crash is None
        assert isinstance(v.s.app.screen, FollowPage)


async def test_a_log_cannot_play_the_program(following: Any) -> None:
    async with following() as v:
        await v.says("! lost: it is off")
        assert v.lines == ["│ ! lost: it is off"]


async def test_another_view_ends_the_sessions_too(following: Any) -> None:
    async with following() as v:
        await v.type(":nodes", "<enter>")
        assert v.s.app.screen is v.s.app.main
        await v.until(lambda: v.script.closed)


async def test_help_does_not_end_it(following: Any) -> None:
    async with following() as v:
        await v.type("?")
        assert "In a followed log" in v.text
        assert "Hold the lines back" in v.text
        await v.type("<escape>")
        await v.says("still here")
        assert v.lines == ["│ still here"]
        assert not v.script.closed


async def test_at_the_end_of_the_program_the_sessions_end(following: Any) -> None:
    async with following() as v:
        script = v.script
    assert script.closed


async def test_a_flood_is_drawn_less_often(following: Any) -> None:
    async with following() as v:
        page = v.page
        await v.says(*(f"line {number}" for number in range(10)))
        for _ in range(4):
            drawn = page.drawn
            await v.page.reading._put([Line(0, 1e6, f"x {n}") for n in range(200)])
            page._draw()
            page._draw()
            assert page.drawn - drawn <= 1
