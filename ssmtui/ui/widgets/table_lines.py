"""Draws the lines of a table: typed rows in, strips out, each kept until something changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from ssmtui.core.columns import UNKNOWN, Column, Kind, Severity
from ssmtui.core.keys import RowKey
from ssmtui.core.text import cells, fit
from ssmtui.ui.glyphs import CURSOR, MARK
from ssmtui.ui.widgets.columns_layout import GAP, Layout, Slot
from ssmtui.ui.widgets.line_strip import LineStrip, as_line

# The cells before the first column: the cursor, the mark, and a space.
LEAD = 3
ASCENDING, DESCENDING = "↑", "↓"
PREFIX = "fleet-table--"
# Lines that are kept as they were drawn.
_KEPT = 1024


class Look(NamedTuple):
    """How a row is drawn, besides its values. `changed` are columns that have just changed."""

    cursor: bool = False
    marked: bool = False
    stale: bool = False
    changed: tuple[str, ...] = ()


class Sorting(NamedTuple):
    """What the header shows: the sort, and the column that is chosen for the next one."""

    column: str
    descending: bool
    chosen: str


class Window(NamedTuple):
    """What is to be seen of the lines: `width` cells, of which the first `frozen` never scroll."""

    width: int
    scrolled: int
    frozen: int


class TablePainter:
    """Strips of rows and of the header over a layout.

    `style_of` gives the style of a component class by its name without the prefix; "" is the
    table's own. `needs` collects the widths of texts that were too long for their columns. `labels`
    are names to draw for a column's values, an account's alias for its id say.
    """

    def __init__(self, style_of: Callable[[str], Style]) -> None:
        self._style_of = style_of
        self._styles: dict[tuple[Severity | None, bool, Look], Style] = {}
        # Not Textual's LRUCache, whose links are garbage of the collector's once it is cleared.
        self._strips: dict[tuple[RowKey, Look], tuple[Any, Strip]] = {}
        self._messages: dict[str, Strip] = {}
        self.layout = Layout((), 0, 0)
        self._window = Window(0, 0, 0)
        self.now = 0.0
        self.needs: dict[str, int] = {}
        self.labels: Mapping[str, Mapping[Any, str]] = {}

    def forget(self) -> None:
        """Draw every line anew: another layout, theme or time."""
        self._styles.clear()
        self._strips.clear()
        self._messages.clear()

    def look_through(self, window: Window) -> None:
        """Draw lines for that window from now on."""
        if window != self._window:
            self._window = window
            self._strips.clear()
            self._messages.clear()

    def header(self, sorting: Sorting) -> Strip:
        """The line of titles."""
        style, chosen = self._style_of("header"), self._style_of("sort-cursor")
        segments = [Segment(" " * LEAD, style)]
        for slot in self.layout.slots:
            title = _title(slot, sorting)
            own = style + chosen if slot.column.id == sorting.chosen else style
            segments.append(Segment(title, own))
            segments.append(Segment(" " * GAP, style))
        return self._finished(segments, style)

    def row(self, key: RowKey, row: Any, look: Look) -> Strip:
        """The line of a row."""
        kept = self._strips.get((key, look))
        if kept is not None and kept[0] is row:
            return kept[1]
        strip = self._draw(row, look)
        self._strips.pop((key, look), None)
        if len(self._strips) >= _KEPT:
            del self._strips[next(iter(self._strips))]
        self._strips[(key, look)] = (row, strip)
        return strip

    def message(self, text: str) -> Strip:
        """A line of words in a body without rows; most of its lines are empty."""
        kept = self._messages.get(text)
        if kept is None:
            style = self._style_of("") + self._style_of("message")
            strip = Strip([Segment(f"  {text}", style)])
            kept = self._messages[text] = as_line(strip.crop_extend(0, self._window.width, style))
        return kept

    def ages(self, row: Any) -> tuple[str, ...]:
        """The texts of a row that change as time passes."""
        columns = (slot.column for slot in self.layout.slots)
        return tuple(column.text(row, self.now) for column in columns if column.kind is Kind.TIME)

    def _draw(self, row: Any, look: Look) -> Strip:
        plain_look = look._replace(changed=())
        base = self._style(None, False, plain_look)
        mark = self._style_of("mark") if look.marked else Style.null()
        cursor = CURSOR if look.cursor else " "
        segments = [Segment(cursor, base), Segment(MARK if look.marked else " ", base + mark)]
        # Neighbours of one style are one segment: that is what the compositor pays for.
        run, style = " ", base
        for slot in self.layout.slots:
            column = slot.column
            text = self._text(column, row)
            if len(text) > slot.width or not text.isascii():
                self._note_need(slot, text)
            own = self._style(_severity(column, row), column.id in look.changed, plain_look)
            if own is not style:
                segments.append(Segment(run, style))
                run, style = "", own
            run += fit(text, slot.width, column.right, tail=column.tail)
            if style is not base:
                segments.append(Segment(run, style))
                run, style = "", base
            run += " " * GAP
        segments.append(Segment(run, style))
        return self._finished(segments, base)

    def _text(self, column: Column, row: Any) -> str:
        labels = self.labels.get(column.id)
        label = labels.get(column.value(row)) if labels else None
        return column.text(row, self.now) if label is None else label

    def _finished(self, segments: list[Segment], style: Style) -> Strip:
        """The part of a line that is to be seen, filled up in `style`."""
        width, scrolled, frozen = self._window
        length = LEAD + self.layout.width + (GAP if self.layout.slots else 0)
        if length < width:
            segments.append(Segment(" " * (width - length), style))
            length = width
        # A strip costs more than its text, so none is made that is not needed.
        strip: Strip = LineStrip(segments, length)
        if scrolled:
            moved = strip.crop(frozen + scrolled, scrolled + width)
            strip = Strip.join([strip.crop(0, frozen), moved])
        return as_line(strip.crop_extend(0, width, style))

    def _note_need(self, slot: Slot, text: str) -> None:
        # The first few hundred characters say enough about a text that is too wide.
        need = cells(text[:512])
        if need > max(slot.width, self.needs.get(slot.column.id, 0)):
            self.needs[slot.column.id] = need

    def _style(self, severity: Severity | None, changed: bool, look: Look) -> Style:
        known = self._styles.get((severity, changed, look))
        if known is not None:
            return known
        style = self._style_of("")
        if look.marked:
            style += self._style_of("marked")
        if severity is not None:
            style += self._style_of(severity.value)
        if look.stale:
            style += self._style_of("stale")
        if changed:
            style += self._style_of("changed")
        if look.cursor:
            style += self._style_of("cursor")
        self._styles[(severity, changed, look)] = style
        return style


def _severity(column: Column, row: Any) -> Severity | None:
    value = column.value(row)
    if value is UNKNOWN or value is None or value == "":
        return Severity.MUTED
    if column.kind is not Kind.STATUS:
        return None
    severity = column.severity(value)
    return None if severity is Severity.PLAIN else severity


def _title(slot: Slot, sorting: Sorting) -> str:
    if slot.column.id != sorting.column:
        return fit(slot.column.title, slot.width, slot.column.right)
    arrow = DESCENDING if sorting.descending else ASCENDING
    title = slot.column.title
    if cells(title) >= slot.width:
        title = fit(title, slot.width - 1, ellipsis="")
    return fit(title + arrow, slot.width, slot.column.right)
