"""The body of a table: the lines that are visible, the columns that fit, the words without rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Container, Mapping
from typing import Any, ClassVar

from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from ssmtui.core.columns import Column
from ssmtui.core.keys import RowKey
from ssmtui.core.view import View
from ssmtui.ui.widgets.columns_layout import GAP, Slot, lay_out
from ssmtui.ui.widgets.line_view import LineView
from ssmtui.ui.widgets.table_lines import LEAD, PREFIX, Look, Sorting, TablePainter, Window
from ssmtui.ui.widgets.table_state import TableState, empty_body

_FLASH_SECONDS = 1.5
# More than this many changes at once are a listing, not news: nothing is highlighted.
_NEWS = 500


class TableBody(LineView, can_focus=True, inherit_bindings=False):
    """What a `FleetTable` draws. `table_follower` adds how it follows its view."""

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
        self._flashing: dict[RowKey, tuple[str, ...]] = {}
        self.chosen = view.sort
        self._laid_out_for = -1  # the width that the columns are arranged for

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
            self.state_changed()

    def state_changed(self) -> None:
        """There is another state."""
        self.refresh()

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

    def set_labels(self, labels: Mapping[str, Mapping[Any, str]]) -> None:
        """Draw these names for the values of columns, by column id; they are plain text."""
        if labels != self._painter.labels:
            self._painter.labels = labels
            self._painter.forget()
            self.refresh()

    def set_wide(self, wide: bool) -> None:
        """Show all columns, or those that fit."""
        self.wide = wide
        self._lay_out()

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

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if self._laid_out_for != width:
            # Drawn before the resize is heard of, as the first frame is.
            self._arrange_columns()
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
            cursor=key == self.cursor_key,
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
        return self._painter.message(text)

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
        self._arrange_columns()
        self._update_size()
        self.refresh()

    def _arrange_columns(self) -> None:
        self._laid_out_for = self.scrollable_content_region.width
        self._painter.layout = lay_out(
            tuple(self.view.columns.values()),
            self._laid_out_for - LEAD,
            wide=self.wide,
            merged=self.merged,
            needs=self._painter.needs,
        )
        self._painter.forget()
        if self.chosen not in {column.id for column in self.shown_columns}:
            self.chosen = self.view.sort

    def _make_room(self) -> None:
        if self._painter.layout.spare:
            self._lay_out()

    def _update_size(self) -> None:
        size = Size(LEAD + self._painter.layout.width, len(self.view) + 1)
        before = self.virtual_size
        if size == before:
            return
        if (
            self.show_vertical_scrollbar
            and size.width == before.width
            and size.height > before.height
        ):
            # A long list grows: only its scroll bar changes, nothing has to be laid out.
            self.set_reactive(TableBody.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
        else:
            self.virtual_size = size

    def _visible_rows(self) -> list[Any]:
        return self.view.rows(self.scroll_line, self.scroll_line + self.body_height)

    def scroll_to_line(self, top: int) -> None:
        """Show that line at the top, or as near as the end of the list allows."""
        self.scroll_to(y=top, animate=False, force=True)

    def _show_cursor(self) -> None:
        top, height = self.scroll_line, max(self.body_height, 1)
        if self.cursor_line < top:
            self.scroll_to_line(self.cursor_line)
        elif self.cursor_line >= top + height:
            self.scroll_to_line(self.cursor_line - height + 1)
