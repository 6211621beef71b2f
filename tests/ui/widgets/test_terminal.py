from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.message import Message

from ssmtui.sessions.screen import TerminalScreen
from ssmtui.ui.themes import VARIABLES
from ssmtui.ui.widgets.terminal import FRAME_SECONDS, TerminalWidget
from ssmtui.ui.widgets.terminal_view import TerminalView


class TerminalApp(App[None]):
    """One terminal under bindings that would all like to have its keys."""

    BINDINGS: ClassVar[list[Any]] = [
        Binding("ctrl+q,ctrl+p,ctrl+c,q", "stolen", priority=True),
        Binding("tab,escape,a", "stolen"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.terminal = TerminalWidget(clock=lambda: self.now)
        self.said: list[Message] = []
        self.stolen = 0

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)

    def compose(self) -> ComposeResult:
        yield self.terminal

    def on_mount(self) -> None:
        self.terminal.focus()

    def action_stolen(self) -> None:
        self.stolen += 1

    def note(self, message: Message) -> None:
        self.said.append(message)

    on_terminal_widget_typed = note
    on_terminal_widget_sized = note
    on_terminal_widget_menu_asked = note
    on_terminal_widget_moved = note

    @property
    def sent(self) -> bytes:
        return b"".join(
            message.data for message in self.said if isinstance(message, TerminalWidget.Typed)
        )

    def has_said(self, kind: type[Message]) -> bool:
        return any(isinstance(message, kind) for message in self.said)

    @property
    def text(self) -> list[str]:
        strips = self.screen._compositor.render_strips(self.size)
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    def style_at(self, x: int, y: int) -> Any:
        strip = self.screen._compositor.render_strips(self.size)[y]
        at = 0
        for segment in strip:
            at += segment.cell_length
            if x < at:
                return segment.style
        raise AssertionError((x, y))


@asynccontextmanager
async def opened(size: tuple[int, int] = (20, 5)) -> AsyncIterator[tuple[TerminalApp, Any]]:
    app = TerminalApp()
    async with app.run_test(size=size) as pilot:
        app.terminal.show(TerminalView(TerminalScreen(*size)))
        await pilot.pause()
        yield app, pilot


async def feed(app: TerminalApp, pilot: Any, data: bytes) -> None:
    app.terminal.view.screen.feed(data)
    app.now += 1
    app.terminal.update_soon()
    await pilot.pause()


async def test_it_draws_text_looks_and_cursor() -> None:
    async with opened() as (app, pilot):
        await feed(
            app, pilot, b"plain \x1b[1;31mred\x1b[m\r\n\x1b[38;2;1;2;3mtrue\x1b[m \x1b[8mhid\x1b[m$"
        )
        assert app.text == ["plain red", "true    $", "", "", ""]
        red, true = app.style_at(7, 0), app.style_at(0, 1)
        assert red.bold
        assert red.color.triplet.red > red.color.triplet.green
        assert tuple(true.color.triplet) == (1, 2, 3)
        assert app.style_at(9, 1).reverse
        assert not app.style_at(8, 1).reverse
        app.set_focus(None)
        await pilot.pause()
        assert app.style_at(9, 1).underline
        assert not app.style_at(9, 1).reverse


async def test_a_moved_cursor_leaves_no_trace() -> None:
    async with opened() as (app, pilot):
        for data, x in ((b"a", 1), (b"\x1b[5C", 6), (b"\x1b[5D", 1), (b"\x1b[3C", 4)):
            await feed(app, pilot, data)
            reversed_cells = [column for column in range(20) if app.style_at(column, 0).reverse]
            assert reversed_cells == [x]
        await feed(app, pilot, b"\x1b[?25l")
        assert not any(app.style_at(column, 0).reverse for column in range(20))


async def test_only_rows_that_changed_are_drawn_again() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"one\r\ntwo\r\nthree")
        drawn: list[int] = []
        line = app.terminal.render_line
        app.terminal.render_line = lambda y: (drawn.append(y), line(y))[1]  # type: ignore[method-assign]
        await feed(app, pilot, b"!")
        assert set(drawn) == {2}


async def test_floods_are_drawn_at_a_measured_rate() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"first")
        refreshed: list[bool] = []
        refresh = app.terminal.refresh
        app.terminal.refresh = lambda *a, **k: (refreshed.append(True), refresh(*a, **k))[1]  # type: ignore[method-assign,assignment]
        for number in range(50):
            app.terminal.view.screen.feed(b"%d" % number)
            app.terminal.update_soon()
        assert refreshed == []
        app.now += FRAME_SECONDS
        app.terminal.update_soon()
        assert refreshed == [True]


async def test_every_key_is_typed_whoever_wants_it() -> None:
    async with opened() as (app, pilot):
        await pilot.press("q", "a", "ctrl+q", "ctrl+p", "ctrl+c", "tab", "escape", "up", "f10")
        await pilot.pause()
        assert app.sent == b"qa\x11\x10\x03\t\x1b\x1b[A\x1b[21~"
        assert app.stolen == 0
        await pilot.press("ctrl+5")
        assert app.has_said(TerminalWidget.MenuAsked)
        app.set_focus(None)
        await pilot.press("q")
        assert app.stolen == 1


async def test_application_modes_change_what_keys_send() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"\x1b[?1h\x1b[?2004h")
        await pilot.press("up")
        app.post_message(events.Paste("a\nb"))
        await pilot.pause()
        assert app.sent == b"\x1bOA\x1b[200~a\rb\x1b[201~"


async def test_it_tells_its_size_at_once_and_then_the_last_one() -> None:
    async with opened() as (app, pilot):
        sizes = [(m.columns, m.rows) for m in app.said if isinstance(m, TerminalWidget.Sized)]
        assert sizes == [(20, 5)]
        for columns in (30, 31, 32):
            await pilot.resize_terminal(columns, 6)
        timer = app.terminal._resize_timer
        assert timer is not None
        app.terminal._tell_size()
        await pilot.pause()
        assert app.said[-1].columns == 32  # type: ignore[attr-defined]


async def test_scrolling_back_and_typing() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"\r\n".join(b"%d" % number for number in range(40)))
        await pilot.press("shift+pageup")
        await pilot.pause()
        assert app.text[0] == "31"
        assert app.has_said(TerminalWidget.Moved)
        await pilot.press("shift+pagedown", "shift+pageup", "x")
        await pilot.pause()
        assert app.text[0] == "35"
        assert app.sent == b"x"


async def test_search_keys_are_ours_until_another_key() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"\r\n".join(b"line %d" % number for number in range(40)))
        assert app.terminal.search("7$") == 4
        await pilot.press("n", "n", "N")
        assert app.terminal.view.current == 3
        assert app.sent == b""
        await pilot.press("escape")
        assert app.terminal.view.pattern == ""
        assert app.sent == b""
        app.terminal.search("7$")
        await pilot.press("n", "x")
        assert app.sent == b"x"
        assert app.terminal.view.follows


async def test_matches_and_selections_are_drawn() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"some words here")
        app.terminal.search("words")
        await pilot.pause()
        assert app.style_at(5, 0).bgcolor != app.style_at(0, 0).bgcolor
        await pilot.press("escape")
        await pilot.mouse_down(app.terminal, offset=(5, 0))
        await pilot.hover(app.terminal, offset=(9, 0))
        await pilot.mouse_up(app.terminal, offset=(9, 0))
        await pilot.pause()
        assert app.terminal.view.selected_text() == "words"
        assert app.style_at(5, 0).bgcolor != app.style_at(0, 0).bgcolor
        await pilot.press("x")
        assert app.terminal.view.selected is None


def wheel(app: TerminalApp, way: type[events.MouseEvent], *, shift: bool = False) -> None:
    event = way(app.terminal, 2, 1, 0, 0, 0, shift, False, False)
    app.terminal.post_message(event)


async def test_the_wheel() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"x\r\n" * 40)
        wheel(app, events.MouseScrollUp)
        await pilot.pause()
        assert app.terminal.view.behind == 3
        wheel(app, events.MouseScrollDown)
        await pilot.pause()
        assert app.terminal.view.follows
        await feed(app, pilot, b"\x1b[?1049h")
        wheel(app, events.MouseScrollUp)
        await pilot.pause()
        assert app.sent == b"\x1b[A" * 3
        await feed(app, pilot, b"\x1b[?1000;1006h")
        wheel(app, events.MouseScrollDown)
        await pilot.pause()
        assert app.sent.endswith(b"\x1b[<65;3;2M")


async def test_the_mouse_goes_to_a_program_that_wants_it() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"\x1b[?1000h\x1b[?1006h")
        await pilot.mouse_down(app.terminal, offset=(3, 1))
        await pilot.mouse_up(app.terminal, offset=(3, 1))
        await pilot.pause()
        assert app.sent == b"\x1b[<0;4;2M\x1b[<0;4;2m"
        assert app.terminal.view.selected is None


async def test_focus_is_told_when_asked_for() -> None:
    async with opened() as (app, pilot):
        await feed(app, pilot, b"\x1b[?1004h")
        app.set_focus(None)
        await pilot.pause()
        app.set_focus(app.terminal)
        await pilot.pause()
        assert app.sent == b"\x1b[O\x1b[I"


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (200, 60)])
async def test_any_size_and_any_screen(size: tuple[int, int]) -> None:
    async with opened(size) as (app, pilot):
        app.terminal.show(TerminalView(TerminalScreen(20, 5)))
        await feed(app, pilot, "文字\r\n\x1b[?5hx".encode())
        await asyncio.sleep(0)
        assert len(app.text) == size[1]
