"""The table of a fleet, and what can be done in it by keys and mouse."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.geometry import Offset

from ssmtui.core.columns import Column
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.ui.widgets.columns_layout import GAP
from ssmtui.ui.widgets.table_follower import FollowingTable
from ssmtui.ui.widgets.table_lines import LEAD


class FleetTable(FollowingTable):
    """A table over a View: 100,000 typed rows, of which only what is visible is ever drawn.

    `noun` is what rows are called ("nodes"). `now` is the clock that ages are counted by. Changed
    cells are highlighted for `flash_seconds` (default: 1.5, and not at all without a terminal).
    `stale` holds the keys of rows that are drawn greyed; it may be replaced at any time.

    It has no keys of its own. Each action of `table_actions.TABLE_ACTIONS` is a method here, to be
    bound by whoever owns the keymap. A click moves the cursor, with Ctrl it marks, a double click
    selects the row, and a click on a title sorts.
    """

    _range_from: RowKey | None = None

    # Moving

    def move_to(self, line: int) -> None:
        """Put the cursor on a line, or as near as there is one, and show it."""
        if not len(self.view):
            return
        self._place_cursor(max(0, min(line, len(self.view) - 1)))

    def move_by(self, lines: int) -> None:
        """Move the cursor down, or up, from the row that it is on."""
        # Rows may have come above it that are not drawn yet.
        self.catch_up()
        self.move_to(self.cursor_line + lines)

    def action_down(self) -> None:
        self.move_by(1)

    def action_up(self) -> None:
        self.move_by(-1)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(len(self.view) - 1)

    def action_page_down(self) -> None:
        self._page(self.body_height)

    def action_page_up(self) -> None:
        self._page(-self.body_height)

    def _page(self, lines: int) -> None:
        # The cursor keeps its line of the screen while whole pages go by.
        self.catch_up()
        self.scroll_to_line(self.scroll_line + lines)
        self.move_by(lines)

    def action_scroll_left(self) -> None:
        before = [x for x in self._stops() if x < round(self.scroll_x)]
        self.scroll_to(x=before[-1] if before else 0, animate=False, force=True)

    def action_scroll_right(self) -> None:
        behind = [x for x in self._stops() if x > round(self.scroll_x)]
        if behind:
            self.scroll_to(x=behind[0], animate=False, force=True)

    def _stops(self) -> list[int]:
        """The horizontal scrolls at which a column begins where the moving part does."""
        return [slot.x + LEAD - self.frozen for slot in self.slots if slot.x + LEAD >= self.frozen]

    def action_open(self) -> None:
        """Select the row under the cursor."""
        if self.row is not None:
            self.post_message(self.RowSelected(self, self.row))

    # Marking

    def action_mark(self) -> None:
        """Mark or unmark the row, and go on to the next one."""
        if self.row is None or self.cursor_key is None:
            return
        self._range_from = self.cursor_key
        self._marked(self.view.marks.toggle([self.cursor_key]))
        self.place_now()
        if not self.view.marked_only:
            # Else the row has left, and the next one comes to the cursor by itself.
            self.move_by(1)

    def action_mark_range(self) -> None:
        """Mark everything from the last row that was marked by hand to this one."""
        if self.row is None:
            return
        start = None if self._range_from is None else self.view.line(self._range_from)
        first, last = sorted((self.cursor_line if start is None else start, self.cursor_line))
        self._range_from = self.cursor_key
        self._marked(self.view.marks.add(self.view.keys(first, last + 1)))
        self.place_now()

    def action_mark_all(self) -> None:
        self._marked(self.view.marks.add(self.view.shown_keys()))

    def action_invert_marks(self) -> None:
        self._marked(self.view.marks.toggle(self.view.shown_keys()))

    def action_clear_marks(self) -> None:
        self._range_from = None
        self._marked(self.view.marks.clear())

    def action_marked_only(self) -> None:
        """Show only what is marked, or everything again."""
        self.view.set_marked_only(not self.view.marked_only)
        self.view_changed()

    def _marked(self, keys: Iterable[RowKey]) -> None:
        self.view.marks_changed(keys)
        self.poke()

    # Columns

    def action_sort_left(self) -> None:
        self._choose(-1)

    def action_sort_right(self) -> None:
        self._choose(1)

    def _choose(self, step: int) -> None:
        names = [column.id for column in self.shown_columns]
        if names:
            at = names.index(self.chosen) if self.chosen in names else 0
            self.choose(names[(at + step) % len(names)])

    def action_sort(self, column: str = "") -> None:
        """Sort by a column, else the chosen one, or the other way round if the rows are already.

        ProblemError if there is no such column.
        """
        if column:
            known = [name for name, own in self.view.columns.items() if not own.hidden]
            if column not in known:
                raise input_problem(
                    plain(f"There is no column {column!r}"), f"There are {', '.join(known)}"
                )
            self.chosen = column
        again = self.chosen == self.sorting.column
        self.set_sort(self.chosen, again and not self.sorting.descending)

    def action_wide(self) -> None:
        self.set_wide(not self.wide)

    def action_problems(self) -> None:
        """Show only rows that have a problem, or everything again."""
        self.view.set_problems_only(not self.view.problems_only)
        self.view_changed()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        if offset.y == 0:
            self._click_title(offset)
            return
        line = self.scroll_line + offset.y - 1
        if line >= len(self.view):
            return
        self.move_to(line)
        if event.ctrl and self.cursor_key is not None:
            self._range_from = self.cursor_key
            self._marked(self.view.marks.toggle([self.cursor_key]))
        elif event.chain == 2:
            self.action_open()

    def _click_title(self, offset: Offset) -> None:
        column = self._column_at(offset.x)
        if column is not None:
            self.choose(column.id)
            self.action_sort()

    def _column_at(self, x: int) -> Column | None:
        if x >= self.frozen:
            x += round(self.scroll_x)
        for slot in self.slots:
            if 0 <= x - LEAD - slot.x < slot.width + GAP:
                return slot.column
        return None
