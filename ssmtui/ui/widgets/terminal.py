"""A remote terminal in a widget: it draws what is in view, and every key goes to the remote."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from ssmtui.core.text import cells
from ssmtui.sessions.screen import CellStyle, Mouse, Span, TerminalScreen
from ssmtui.ui.timers import surely
from ssmtui.ui.widgets import terminal_keys as keys
from ssmtui.ui.widgets.line_strip import LineStrip
from ssmtui.ui.widgets.terminal_view import Place, TerminalView

# While output floods in, the screen is drawn so often at most: more than a reader can follow, and
# half of what would keep the program from everything else.
FRAME_SECONDS = 1 / 30
# A window's edge that is dragged gives many sizes: the remote hears of the last.
RESIZE_SECONDS = 0.15
WHEEL_LINES = 3

_SCROLL_KEYS = {"shift+pageup": -1, "shift+pagedown": 1}


class TerminalWidget(Widget, can_focus=True):
    """Shows one `TerminalView` at a time. What happens in it are messages.

    While it has the focus no other binding works, whosever and however urgent it is: a program on
    the far side must get Ctrl-C, Ctrl-P, Ctrl-Q, Tab and Esc.
    """

    ALLOW_SELECT = False
    ALLOW_MAXIMIZE = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "terminal--selected",
        "terminal--match",
        "terminal--current",
    }
    DEFAULT_CSS = """
    TerminalWidget { height: 1fr; background: $background; color: $foreground; }
    TerminalWidget > .terminal--selected { background: $cursor-row; color: $cursor-row-ink; }
    TerminalWidget > .terminal--match { background: $warning; color: $background; }
    TerminalWidget > .terminal--current {
        background: $accent; color: $background; text-style: bold;
    }
    """

    class Typed(Message):
        """Bytes for the remote; `key` is the name of the key, "" if they are not from one."""

        def __init__(self, data: bytes, key: str = "") -> None:
            super().__init__()
            self.data, self.key = data, key

    class MenuAsked(Message):
        """The one key that stays here was pressed."""

    class Sized(Message):
        """There is room for so many cells."""

        def __init__(self, columns: int, rows: int) -> None:
            super().__init__()
            self.columns, self.rows = columns, rows

    class Moved(Message):
        """The view was scrolled, or a search or a selection has changed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.view = TerminalView(TerminalScreen())
        self._clock = clock
        self._drawn: list[tuple[Span, ...]] = []
        self._drawn_cursor: Place | None = None
        self._drawn_reverse = False
        self._base: Style | None = None  # what the theme gives; dear to ask for on every line
        self._updated_at = float("-inf")
        self._update_timer: Timer | None = None
        self._resize_timer: Timer | None = None
        self._pressed: Place | None = None  # where the mouse went down to select

    def show(self, view: TerminalView) -> None:
        """Show another terminal."""
        self.view = view
        self._pressed = None
        self.refresh()

    # Drawing

    def update_soon(self) -> None:
        """There is output: draw it now, or when the last frame is old enough."""
        wait = self._updated_at + FRAME_SECONDS - self._clock()
        if wait <= 0:
            self._update()
        elif self._update_timer is None:
            self._update_timer = surely(self.set_timer(wait, self._update))

    def _update(self) -> None:
        self._updated_at = self._clock()
        if self._update_timer is not None:
            self._update_timer.stop()
            self._update_timer = None
        changed = self._changed_rows()
        if changed is None:
            self.refresh()
        elif changed:
            width = self.size.width
            self.refresh(*(Region(0, row, width, 1) for row in changed))

    def _changed_rows(self) -> set[int] | None:
        """The rows that look other than when they were drawn; None for all."""
        view = self.view
        cursor, cursor_before = view.cursor, self._drawn_cursor
        reverse, reverse_before = view.screen.reverse_video, self._drawn_reverse
        self._drawn_cursor, self._drawn_reverse = cursor, reverse
        if len(self._drawn) != self.size.height or reverse != reverse_before:
            return None
        if view.pattern or view.selected is not None:
            return None
        # A row gives the same spans until it changes.
        rows = {row for row, spans in enumerate(self._drawn) if self._spans(row) is not spans}
        if cursor != cursor_before:
            rows |= {place.line for place in (cursor, cursor_before) if place is not None}
        return rows

    def _spans(self, row: int) -> tuple[Span, ...]:
        return self.view.line(row) if row < self.view.screen.size[1] else ()

    def render_line(self, y: int) -> Strip:
        view = self.view
        width = self.size.width
        if len(self._drawn) != self.size.height:
            self._drawn = [()] * self.size.height
        spans = self._drawn[y] = self._spans(y)
        if self._base is None:
            self._base = self.rich_style
        base = self._base
        reverse = view.screen.reverse_video
        strip: Strip = LineStrip(
            [
                Segment(_shown(span), base + _rich_style(span.style, reverse=reverse))
                for span in spans
            ]
        ).adjust_cell_length(width, base + _rich_style(_PLAIN, reverse=reverse))
        for start, end, name in view.marked(y):
            look = self.get_component_rich_style(f"terminal--{name}", partial=True)
            strip = _overlaid(strip, start, min(end, width), look)
        cursor = view.cursor
        if cursor is not None and cursor.line == y and cursor.column < width:
            look = Style(reverse=True) if self.has_focus else Style(underline=True)
            strip = _overlaid(strip, cursor.column, cursor.column + 1, look)
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._base = None
        self.refresh()

    # Size

    def on_resize(self, event: events.Resize) -> None:
        if not event.size.width or not event.size.height:
            return
        if self._resize_timer is not None:
            self._resize_timer.stop()
            self._resize_timer = surely(self.set_timer(RESIZE_SECONDS, self._tell_size))
        else:
            # The first real size is what a session is started with.
            self._resize_timer = self.set_timer(0, lambda: None, pause=True)
            self._tell_size()

    def _tell_size(self) -> None:
        self.post_message(self.Sized(self.size.width, self.size.height))

    # Keys

    def check_consume_key(self, key: str, character: str | None) -> bool:
        # Textual leaves out every binding of a key that the focused widget takes, those with
        # priority and those of the app too.
        return True

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key = event.key
        if key in keys.MENU_KEYS:
            self.post_message(self.MenuAsked())
        elif key in _SCROLL_KEYS:
            self.scroll_view(_SCROLL_KEYS[key] * max(1, self.size.height - 1))
        elif not self._search_key(key):
            data = keys.key_bytes(
                key, event.character, application_cursor=self.view.screen.application_cursor
            )
            if data:
                self._type(data, key)

    def _search_key(self, key: str) -> bool:
        """While there is a search, n and N step through it and Esc ends it; any other ends it too,
        and is typed."""
        view = self.view
        if not view.pattern:
            return False
        if key in ("n", "N"):
            view.step(-1 if key == "n" else 1)
        else:
            view.follow()
        self._looked()
        return key in ("n", "N", "escape")

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        bracketed = self.view.screen.bracketed_paste
        self._type(keys.paste_bytes(event.text, bracketed=bracketed))

    def _type(self, data: bytes, key: str = "") -> None:
        if not self.view.follows or self.view.selected is not None:
            self.view.follow()
            self.view.select(None)
            self._looked()
        self.post_message(self.Typed(data, key))

    def on_focus(self) -> None:
        self._tell_focus(keys.FOCUS_IN)

    def on_blur(self) -> None:
        self._tell_focus(keys.FOCUS_OUT)

    def _tell_focus(self, data: bytes) -> None:
        self.refresh()
        if self.view.screen.focus_events:
            self.post_message(self.Typed(data))

    # Scrolling, searching, selecting

    def scroll_view(self, by: int) -> None:
        """Look so many lines further down, or up."""
        self.view.scroll(by)
        self._looked()

    def _looked(self) -> None:
        self.refresh()
        self.post_message(self.Moved())

    def search(self, pattern: str) -> int:
        """Find in all that is kept; how many there are. ProblemError."""
        found = self.view.search(pattern)
        self._looked()
        return found

    # The mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def _wheel(self, event: events.MouseEvent, way: int) -> None:
        event.stop()
        event.prevent_default()
        screen = self.view.screen
        if screen.mouse is not Mouse.OFF and not event.shift:
            self._report(event, 64 if way < 0 else 65)
        elif screen.is_alternate:
            # There is no scrollback: a pager or an editor scrolls when it gets arrows.
            arrow = keys.key_bytes(
                "up" if way < 0 else "down", application_cursor=screen.application_cursor
            )
            self._type(arrow * WHEEL_LINES)
        else:
            self.scroll_view(way * WHEEL_LINES)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.focus()
        if self._is_remote(event):
            self._report(event, event.button - 1)
        elif event.button == 1:
            self.capture_mouse()
            self._pressed = self._place(event)
            self.view.select(None)
            self._looked()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pressed is not None:
            self.view.select(self._pressed, self._place(event))
            self._looked()
        elif self._is_remote(event):
            wanted = self.view.screen.mouse
            if wanted is Mouse.MOTION or (wanted is Mouse.DRAG and event.button):
                self._report(event, event.button - 1 if event.button else 3, moved=True)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        if self._pressed is not None:
            self.release_mouse()
            self._pressed = None
        elif self._is_remote(event):
            self._report(event, max(0, event.button - 1), released=True)

    def _is_remote(self, event: events.MouseEvent) -> bool:
        """Whether the remote program has asked for the mouse; Shift keeps it here."""
        screen = self.view.screen
        return screen.mouse is not Mouse.OFF and not event.shift and self.view.follows

    def _report(
        self, event: events.MouseEvent, button: int, *, released: bool = False, moved: bool = False
    ) -> None:
        data = keys.mouse_bytes(
            button,
            max(0, int(event.x)),
            max(0, int(event.y)),
            sgr=self.view.screen.mouse_sgr,
            released=released,
            moved=moved,
        )
        if data:
            self.post_message(self.Typed(data))

    def _place(self, event: events.MouseEvent) -> Place:
        row = max(0, min(int(event.y), self.size.height - 1))
        column = max(0, min(int(event.x), self.size.width - 1))
        return Place(self.view.top + row, column)


_PLAIN = CellStyle()


def _shown(span: Span) -> str:
    return " " * cells(span.text) if span.style.conceal else span.text


@lru_cache(maxsize=4096)
def _rich_style(style: CellStyle, *, reverse: bool = False) -> Style:
    """The style on top of the widget's own. Nothing blinks, and what is concealed is not drawn."""
    return Style(
        color=_colour(style.foreground),
        bgcolor=_colour(style.background),
        bold=style.bold or None,
        dim=style.dim or None,
        italic=style.italic or None,
        underline=style.underline or None,
        strike=style.strike or None,
        reverse=(style.reverse != reverse) or None,
    )


def _colour(colour: int | tuple[int, int, int] | None) -> Color | None:
    if colour is None:
        return None
    return Color.from_rgb(*colour) if isinstance(colour, tuple) else Color.from_ansi(colour)


def _overlaid(strip: Strip, start: int, end: int, look: Style) -> Strip:
    """The strip with a look laid over some of its cells."""
    if start >= end:
        return strip
    middle = strip.crop(start, end)
    if look.reverse:
        parts = [
            Segment(segment.text, _reversed(segment.style or Style.null())) for segment in middle
        ]
    else:
        parts = [
            Segment(segment.text, (segment.style or Style.null()) + look) for segment in middle
        ]
    return LineStrip([*strip.crop(0, start), *parts, *strip.crop(end, strip.cell_length)])


def _reversed(style: Style) -> Style:
    return style + Style(reverse=not style.reverse)
