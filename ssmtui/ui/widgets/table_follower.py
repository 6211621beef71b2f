"""How a table follows its view: in slices between two frames, and without losing its place."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from textual.timer import Timer
from textual.worker import Worker

from ssmtui.core.columns import Kind
from ssmtui.core.keys import RowKey
from ssmtui.core.query import Query
from ssmtui.core.store import Delta
from ssmtui.core.turns import give_way
from ssmtui.core.view import Counts, Place, View
from ssmtui.ui.timers import surely
from ssmtui.ui.widgets.table_body import TableBody
from ssmtui.ui.widgets.table_state import StateKind

# How long the loop is held by the view's background work at a time, in seconds.
_HOLD = 0.004
_FRAME = 0.016
# How often rows that stream in are drawn, in seconds, once there are so many of them.
_PAUSE = 0.08
_LONG = 1000
_FLASH_SECONDS = 1.5
# More than this many changes at once are a listing, not news: nothing is highlighted.
_NEWS = 500


class FollowingTable(TableBody):
    """Rows keep their place: a refresh never moves the cursor's row, the scroll or the marks. If
    the cursor's row goes, the cursor takes its nearest neighbour."""

    def __init__(self, view: View[Any], **more: Any) -> None:
        super().__init__(view, **more)
        self._cursor_place: Place | None = None
        self._told_row: Any = None
        self._told: tuple[Counts, int, int] | None = None
        self._top: tuple[RowKey, Place] | None = None
        # What stays where it is when the view changes: the "top" row, or the "cursor" (also after
        # a request), or the "head" of the list, while nobody has gone anywhere.
        self._anchor = "head"
        self._placed = False
        self._home: RowKey | None = None
        self._seen_version = -1
        self._news = False
        self._asked = asyncio.Event()
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

    def state_changed(self) -> None:
        super().state_changed()
        if not self._asked.is_set():
            self._unpin()
        self.poke()

    # What is asked for

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

    def view_changed(self) -> None:
        """The view has been asked for something else; the cursor stays on its row if it can."""
        self._anchor = "cursor" if self._placed else "head"
        place = self.view.place(self._home) if self._home is not None else None
        if place is not None:
            # Back to the row that the user went to, if a filter had only sent the cursor away.
            self.cursor_key, self._cursor_place = self._home, place
        self.view.focus(self.cursor_key if self._placed else None)
        self._asked.set()
        self.poke()

    @property
    def row(self) -> Any:
        """The row under the cursor, or None."""
        return self.view.store.get(self.cursor_key) if len(self.view) and self.cursor_key else None

    @property
    def up_to_date(self) -> bool:
        """Whether the lines on the screen are as they were asked for, or about to be drawn."""
        return self._seen_version == self.view.version and self.view.ready

    @property
    def settled(self) -> bool:
        """Whether all that was asked for is done and drawn or about to be drawn."""
        return self._working is None and self._seen_version == self.view.version

    # Work

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
                if self._sync() and self._asked.is_set():
                    # Let what was asked for be painted before going on with the rest.
                    self._asked.clear()
                    await asyncio.sleep(2 * _FRAME)
                if self.app.screen is not self.screen:
                    await asyncio.sleep(_FRAME)  # behind another page nobody waits for it
                elif self._asked.is_set():
                    await asyncio.sleep(0)
                else:
                    await give_way()
            self._unpin()
        finally:
            self._working = None

    def catch_up(self) -> None:
        """Before the cursor moves: know where its row is by now, as far as a frame's time goes."""
        until = time.perf_counter() + 3 * _HOLD
        while not self.view.ready and time.perf_counter() < until:
            self.view.step()
        if not self._sync() and self.cursor_key is not None:
            line = self.view.line(self.cursor_key)
            self.cursor_line = self.cursor_line if line is None else line

    def _advance(self) -> bool:
        """Let the view work for a while, or until there is something to show; True if it must go
        on."""
        # While a list loads all others have their share of each turn of the loop, too.
        hold = _HOLD / 4 if self.state.kind is StateKind.LOADING else _HOLD
        if not self._asked.is_set():
            hold /= 2  # nobody waits for it
        until = time.perf_counter() + hold
        while not (self._seen_version != self.view.version and self.view.ready):
            if not self.view.step():
                return False
            if time.perf_counter() > until:
                return True
        return True

    async def _follow(self) -> None:
        """Keep up with what is seen; in a long list a few times a second, as long as batches come.

        To draw each of them, and to sort anew what nobody sees, would hold up the next one.
        """
        while self._news and not self._asked.is_set():
            self._news = False
            while not self.view.ready:
                self.view.step()
            self._sync()
            if len(self.view.store) > _LONG:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PAUSE):
                        await self._asked.wait()

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

    # Place

    def _sync(self) -> bool:
        """Bring cursor, scroll and screen in line with the view; False if there was no need or
        the view is not ready."""
        view = self.view
        if self._seen_version == view.version or not view.ready:
            return False
        self._seen_version = view.version
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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value) and self._seen_version == self.view.version:
            self._note_anchors()

    # News

    def _tell(self) -> None:
        row = self.row
        if row is not self._told_row:
            self._told_row = row
            self.post_message(self.Moved(self))
        told = (self.view.counts, self.view.marks.version, self.view.hidden_marks)
        if told != self._told:
            self._told = told
            self.post_message(self.CountsChanged(self))

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
            self._flash_timer = surely(self.set_timer(seconds, self.end_flash))

    def end_flash(self) -> None:
        """Draw changed cells as all others again."""
        self._flashing.clear()
        self.refresh()
