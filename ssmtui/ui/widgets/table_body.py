"""The body of a table: it follows a View, draws the lines that are visible, and keeps its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Container
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer
from textual.worker import Worker

from ssmtui.core.columns import Column, Kind
from ssmtui.core.keys import RowKey
from ssmtui.core.query import Query
from ssmtui.core.store import Delta
from ssmtui.core.view import Counts, Place, View
from ssmtui.ui.widgets.columns_layout import GAP, Slot, lay_out
from ssmtui.ui.widgets.table_lines import LEAD, PREFIX, Look, Sorting, TablePainter, Window
from ssmtui.ui.widgets.table_state import StateKind, TableState, empty_body

# How long the loop is held by the view's background work at a time, in seconds.
_HOLD = 0.006
_FRAME = 0.016
_PAUSE = 0.08
_FLASH_SECONDS = 1.5
# More than this many changes at once are a listing, not news: nothing is highlighted.
_NEWS = 500


class TableBody(ScrollView, can_focus=True, inherit_bindings=False):
    """What `FleetTable` shows, and how it follows; what can be done in it is there.

    Rows keep their place: a refresh never moves the cursor's row, the scroll or the marks. If the
    cursor's row goes, the cursor takes its nearest neighbour.

    `noun` is what rows are called ("nodes"). `now` is the clock that ages are counted by. Changed
    cells are highlighted for `flash_seconds` (default: 1.5, and not at all without a terminal).
    `stale` holds the keys of rows that are drawn greyed; it may be replaced at any time.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"{PREFIX}{name}"
        for name in (
            "header", "sort-cursor", "cursor", "mark", "marked", "changed", "stale", "message",
            "good", "busy", "warn", "bad", "muted",
        )
    }  # fmt: skip

    DEFAULT_CSS = """
    TableBody {
        height: 1fr;
        overflow: auto;
        scrollbar-size-horizontal: 0;
        scrollbar-size-vertical: 1;
        & > .fleet-table--header { text-style: bold; }
        & > .fleet-table--sort-cursor { text-style: underline; }
        & > .fleet-table--cursor { text-style: reverse; }
        & > .fleet-table--mark { text-style: bold; color: $accent; }
        & > .fleet-table--marked { text-style: bold; }
        & > .fleet-table--changed { text-style: bold; background: $boost; }
        & > .fleet-table--stale { color: $text-muted; }
        & > .fleet-table--message { color: $text-muted; }
        & > .fleet-table--good { color: $text-success; }
        & > .fleet-table--busy { color: $text-primary; }
        & > .fleet-table--warn { color: $text-warning; }
        & > .fleet-table--bad { color: $text-error; text-style: bold; }
        & > .fleet-table--muted { color: $text-muted; }
    }
    """

    class TableMessage(Message):
        """Something happened in a table."""

        def __init__(self, table: TableBody) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> TableBody:
            return self.table

        def can_replace(self, message: Message) -> bool:
            return type(message) is type(self)

    class Moved(TableMessage, namespace="fleet_table"):
        """The cursor is on another row, its row has changed, or there is none any more."""

    class CountsChanged(TableMessage, namespace="fleet_table"):
        """Other numbers of shown, total, unknown, marked or hidden marked rows."""

    class SortChanged(TableMessage, namespace="fleet_table"):
        """The user has asked for another sort."""

    class RowSelected(TableMessage, namespace="fleet_table"):
        """The user has chosen a row (Enter through part of the keymap, or a double click)."""

        def __init__(self, table: TableBody, row: Any) -> None:
            super().__init__(table)
            self.row = row

        def can_replace(self, message: Message) -> bool:
            return False

    def __init__(
        self,
        view: View[Any],
        *,
        noun: str = "rows",
        now: Callable[[], float] = time.time,
        flash_seconds: float | None = None,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self.view = view
        self.noun = noun
        self._state = TableState()
        self.stale: Container[RowKey] = ()
        self.wide = False
        self.merged: Collection[str] = ()
        self.cursor_line = 0
        self.cursor_key: RowKey | None = None
        self._now = now
        self._flash_seconds = flash_seconds
        self._painter = TablePainter(self._component_style)
        self._cursor_place: Place | None = None
        self._told_row: Any = None
        self._top: tuple[RowKey, Place] | None = None
        # What stays where it is when the view changes: the "top" row, or the "cursor" (also after
        # a request), or the "head" of the list, while nobody has gone anywhere.
        self._anchor = "head"
        self._placed = False
        self._home: RowKey | None = None
        self._range_from: RowKey | None = None
        self.chosen = view.sort
        self._seen_version = -1
        self._synced_at = 0.0
        self._news = False
        self._asked = False
        self._told: tuple[Counts, int, int] | None = None
        self._flashing: dict[RowKey, tuple[str, ...]] = {}
        self._flash_timer: Timer | None = None
        self._working: Worker[None] | None = None

    # Life

    def on_mount(self) -> None:
        self.view.store.listen(self._store_changed)
        self._painter.now = self._now()
        self.set_interval(1.0, self.tick)
        self.poke()

    def on_unmount(self) -> None:
        self.view.store.unlisten(self._store_changed)

    def on_resize(self) -> None:
        self.view.screenful = max(self.body_height, 1)
        self._lay_out()
        self._show_cursor()
        self._note_anchors()

    def notify_style_update(self) -> None:
        self._painter.forget()
        super().notify_style_update()

    # What the pane around it says

    @property
    def state(self) -> TableState:
        """How much of the truth the rows are."""
        return self._state

    @state.setter
    def state(self, state: TableState) -> None:
        if state != self._state:
            self._state = state
            self.poke()
            if not len(self.view):
                self.refresh()

    def set_query(self, query: Query) -> None:
        """Show what the filter lets through."""
        self.view.set_query(query)
        self.view_changed()

    def set_sort(self, column_id: str, descending: bool = False) -> None:
        """Order by a column; KeyError if there is none."""
        self.chosen = column_id
        if self.cursor_line == 0:
            # Who looks at the head of a list wants to see the head of the new one.
            self._placed, self._home = False, None
        self.view.set_sort(column_id, descending)
        self.view_changed()
        self.post_message(self.SortChanged(self))

    def choose(self, column_id: str) -> None:
        """Choose the column for the next sort, and show it."""
        self.chosen = column_id
        for slot in self.slots:
            if slot.column.id == column_id and LEAD + slot.x >= self.frozen:
                left, right = LEAD + slot.x - self.frozen, LEAD + slot.x + slot.width
                least = right - self.scrollable_content_region.width
                x = min(max(round(self.scroll_x), least), left)
                self.scroll_to(x=x, animate=False, force=True)
        self.refresh()

    def set_merged(self, merged: Collection[str]) -> None:
        """Name the properties of scopes that differ among those in force."""
        if set(merged) != set(self.merged):
            self.merged = frozenset(merged)
            self._lay_out()

    def set_wide(self, wide: bool) -> None:
        """Show all columns, or those that fit."""
        self.wide = wide
        self._lay_out()

    @property
    def row(self) -> Any:
        """The row under the cursor, or None."""
        return self.view.store.get(self.cursor_key) if len(self.view) and self.cursor_key else None

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        """The columns on the screen, from left to right."""
        return tuple(slot.column for slot in self.slots)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The columns on the screen with their places."""
        return self._painter.layout.slots

    @property
    def sorting(self) -> Sorting:
        """The order that was asked for last, and the chosen column."""
        return Sorting(self.view.sort_wanted, self.view.descending, self.chosen)

    @property
    def up_to_date(self) -> bool:
        """Whether the lines on the screen are as they were asked for, or about to be drawn."""
        return self._seen_version == self.view.version and self.view.ready

    @property
    def settled(self) -> bool:
        """Whether all that was asked for is done and drawn or about to be drawn."""
        return self._working is None and self._seen_version == self.view.version

    # Following the view

    def poke(self) -> None:
        """See that the view's work is done, a slice at a time, and shown."""
        if self._working is None and self.is_attached:
            self._working = self.run_worker(
                self._work(), group="fleet-table", description="what the table shows"
            )

    def drain(self) -> None:
        """Do all of the view's work now: for tests and pictures, not for a live screen."""
        self.view.drain()
        self._sync()
        self._unpin()

    async def _work(self) -> None:
        try:
            more = True
            while more or self._news:
                if self._news:
                    await self._follow()
                more = self._advance()
                if self._sync() and self._asked:
                    # Let what was asked for be painted before going on with the rest.
                    self._asked = False
                    await asyncio.sleep(2 * _FRAME)
                await asyncio.sleep(0)
            self._unpin()
        finally:
            self._working = None

    def _advance(self) -> bool:
        """Let the view work for a while, or until there is something to show; True if it must go
        on."""
        until = time.perf_counter() + _HOLD
        while not (self._seen_version != self.view.version and self.view.ready):
            if not self.view.step():
                return False
            if time.perf_counter() > until:
                return True
        return True

    async def _follow(self) -> None:
        """While batches come one upon the other, keep up with what is seen, a few times a second:
        drawing every batch would hold up the next one."""
        while self._news:
            self._news = False
            if time.perf_counter() - self._synced_at > _PAUSE:
                while not self.view.ready:
                    self.view.step()
                self._sync()
            await asyncio.sleep(0)

    def _unpin(self) -> None:
        # While a list loads it grows above the first row too: the head stays until that is over.
        if self._placed or self.state.kind is not StateKind.LOADING:
            self._anchor = "top"
            self.view.focus(self.cursor_key)

    def _store_changed(self, delta: Delta) -> None:
        if delta.removed:
            self.view.marks.discard(delta.removed)
        self._flash(delta)
        self._news = True
        self.poke()

    def view_changed(self) -> None:
        """The view has been asked for something else; the cursor stays on its row if it can."""
        self._anchor = "cursor" if self._placed else "head"
        place = self.view.place(self._home) if self._home is not None else None
        if place is not None:
            # Back to the row that the user went to, if a filter had only sent the cursor away.
            self.cursor_key, self._cursor_place = self._home, place
        self.view.focus(self.cursor_key if self._placed else None)
        self._asked = True
        self.poke()

    def _sync(self) -> bool:
        """Bring cursor, scroll and screen in line with the view; False if there was no need or
        the view is not ready."""
        view = self.view
        if self._seen_version == view.version or not view.ready:
            return False
        self._seen_version = view.version
        self._synced_at = time.perf_counter()
        top, offset = self.scroll_line, self.cursor_line - self.scroll_line
        visible = 0 <= offset < self.body_height
        self._update_size()
        if len(view):
            self.cursor_line = self._line_of(self.cursor_key, self._cursor_place)
            if self._anchor == "cursor" and visible:
                top = self.cursor_line - offset
            elif self._anchor == "top" and self._top is not None:
                top = self._line_of(*self._top)
            self.scroll_to_line(top)
            if visible or self._anchor != "top":
                self._show_cursor()
        self._note_anchors()
        self._tell()
        self.refresh()
        return True

    def _line_of(self, key: RowKey | None, place: Place | None) -> int:
        """The line of a row, or of its nearest neighbour if it is not shown any more."""
        if self._anchor == "head" or key is None:
            return 0
        line = self.view.line(key)
        if line is not None:
            return line
        place = self.view.place(key) or place
        return max(self.view.nearest(place), 0) if place is not None else 0

    def _note_anchors(self) -> None:
        """Remember which rows the cursor and the top of the screen are at, and where those are."""
        view = self.view
        if not len(view):
            return
        top, cursor = self.scroll_line, min(self.cursor_line, len(view) - 1)
        self.cursor_line = cursor
        for key in view.keys(cursor, cursor + 1):
            self.cursor_key, self._cursor_place = key, view.place(key)
        for key in view.keys(top, top + 1):
            place = view.place(key)
            self._top = None if place is None else (key, place)
        if self._anchor != "head":
            view.focus(self.cursor_key)

    def _tell(self) -> None:
        row = self.row
        if row is not self._told_row:
            self._told_row = row
            self.post_message(self.Moved(self))
        told = (self.view.counts, len(self.view.marks), self.view.hidden_marks)
        if told != self._told:
            self._told = told
            self.post_message(self.CountsChanged(self))

    # Time

    def tick(self) -> None:
        """Let time pass: ages that have changed are drawn, and filters about ages asked again."""
        self.view.time_passed()
        self.poke()
        rows = self._visible_rows()
        before = [self._painter.ages(row) for row in rows]
        self._painter.now = self._now()
        if before != [self._painter.ages(row) for row in rows]:
            self._painter.forget()
            self.refresh()

    def _flash(self, delta: Delta) -> None:
        seconds = self._flash_seconds
        if seconds is None:
            seconds = 0 if self.app.is_headless else _FLASH_SECONDS
        if not seconds or len(delta.updated) > _NEWS:
            return
        # That time passes is no news.
        timeless = {c.id for c in self.view.columns.values() if c.kind is not Kind.TIME}
        for key, changed in delta.updated.items():
            if news := tuple(name for name in changed if name in timeless):
                self._flashing[key] = news
        if self._flashing:
            if self._flash_timer is not None:
                self._flash_timer.stop()
            self._flash_timer = self.set_timer(seconds, self.end_flash)

    def end_flash(self) -> None:
        """Draw changed cells as all others again."""
        self._flashing.clear()
        self.refresh()

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        self._painter.look_through(Window(width, round(self.scroll_x), self.frozen))
        if y == 0:
            return self._painter.header(self.sorting)
        if not len(self.view):
            return self._message_line(y - 1, width)
        line = self.scroll_line + y - 1
        keys = self.view.keys(line, line + 1)
        if not keys:
            return Strip.blank(width, self.rich_style)
        key = keys[0]
        look = Look(
            cursor=line == self.cursor_line,
            marked=key in self.view.marks,
            stale=key in self.stale,
            changed=self._flashing.get(key, ()),
        )
        needs = len(self._painter.needs), sum(self._painter.needs.values())
        strip = self._painter.row(key, self.view.store.get(key), look)
        if needs != (len(self._painter.needs), sum(self._painter.needs.values())):
            self.call_after_refresh(self._make_room)
        return strip

    def _message_line(self, index: int, width: int) -> Strip:
        only = " and ".join(
            words
            for words, on in (
                ("marked only", self.view.marked_only),
                ("problems only", self.view.problems_only),
            )
            if on
        )
        lines = empty_body(self.state, self.view.counts, self.noun, only, max(width - 4, 1))
        text = lines[index - 1] if 0 < index <= len(lines) else ""
        style = self._component_style("") + self._component_style("message")
        return Strip([Segment(f"  {text}", style)]).crop_extend(0, width, style)

    def _component_style(self, name: str) -> Style:
        if not name:
            return self.rich_style
        return self.get_component_rich_style(f"{PREFIX}{name}", partial=name != "header")

    # Room

    @property
    def body_height(self) -> int:
        """The lines of the screen that rows have."""
        return max(self.scrollable_content_region.height - 1, 0)

    @property
    def scroll_line(self) -> int:
        """The line that is at the top of the screen."""
        return round(self.scroll_y)

    @property
    def frozen(self) -> int:
        """The cells at the left that horizontal scrolling leaves alone."""
        first = LEAD + self.slots[0].width + GAP if self.slots else LEAD
        return first if first * 2 <= self.scrollable_content_region.width else LEAD

    def _lay_out(self) -> None:
        self._painter.layout = lay_out(
            tuple(self.view.columns.values()),
            self.scrollable_content_region.width - LEAD,
            wide=self.wide,
            merged=self.merged,
            needs=self._painter.needs,
        )
        self._painter.forget()
        if self.chosen not in {column.id for column in self.shown_columns}:
            self.chosen = self.view.sort
        self._update_size()
        self.refresh()

    def _make_room(self) -> None:
        if self._painter.layout.spare:
            self._lay_out()

    def _update_size(self) -> None:
        size = Size(LEAD + self._painter.layout.width, len(self.view) + 1)
        if size != self.virtual_size:
            self.virtual_size = size

    def _visible_rows(self) -> list[Any]:
        return self.view.rows(self.scroll_line, self.scroll_line + self.body_height)

    def scroll_to_line(self, top: int) -> None:
        """Show that line at the top, or as near as the end of the list allows."""
        self.scroll_to(y=top, animate=False, force=True)

    def _place_cursor(self, line: int) -> None:
        before = self.cursor_line
        self.cursor_line = line
        self._anchor = "top"
        top = self.scroll_line
        self._show_cursor()
        self._note_anchors()
        self.place_now()
        self._tell()
        if top == self.scroll_line:
            for changed in {before, line}:
                self.refresh_line(changed + 1)

    def place_now(self) -> None:
        """From now on the cursor stays with its row, also while the list still loads."""
        self._placed = True
        self._home = self.cursor_key
        self._anchor = "top"

    def _show_cursor(self) -> None:
        top, height = self.scroll_line, max(self.body_height, 1)
        if self.cursor_line < top:
            self.scroll_to_line(self.cursor_line)
        elif self.cursor_line >= top + height:
            self.scroll_to_line(self.cursor_line - height + 1)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value) and self._seen_version == self.view.version:
            self._note_anchors()
