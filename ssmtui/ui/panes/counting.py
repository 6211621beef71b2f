"""How many of the shown rows are in which state, counted without ever holding the loop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.columns import Severity
from ssmtui.core.turns import give_way
from ssmtui.core.view import View
from ssmtui.ui.summary import count_states, ranked_states
from ssmtui.ui.timers import surely

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane

# So many rows are counted at once, which takes a millisecond.
AT_ONCE = 1000
# Rows go on changing while they load: a long count is not begun anew sooner than this, in seconds.
PAUSE = 1.0


class StateCounter:
    """Keeps `states` of what a pane shows; the pane is touched when a long count has ended.

    They are those of the rows that the filter shows, as is the number above them: "lost 23" beside
    "412/15,104" is 23 of the 412.
    """

    def __init__(self, pane: ResourcePane, view: View[Any]) -> None:
        self.states: Sequence[tuple[str, int, Severity]] = ()
        self._pane = pane
        self._view = view
        self._counted = -1  # the view's version of which `states` are
        self._busy = False

    def count_soon(self) -> None:
        """Count anew if what is shown has changed: now where the rows are few, else in slices.

        Not before the filter has been asked about all of them.
        """
        view = self._view
        if self._busy or self._counted == view.version or not view.counts.settled:
            return
        self._counted = view.version
        if len(view.store) <= AT_ONCE:
            self.states = self._ranked(self._count(view.store.values()))
            return
        self._busy = True
        self._pane.shell.work(self._count_slowly, "counting states", group="counting")

    async def _count_slowly(self) -> None:
        counts: Counter[str] = Counter()
        for rows in self._view.store.slices(AT_ONCE):
            counts.update(self._count(rows))
            await give_way()
        self.states = self._ranked(counts)
        surely(self._pane.set_timer(PAUSE, self._rested))
        self._pane.post_message(self._pane.Touched())

    def _rested(self) -> None:
        self._busy = False
        self._pane.post_message(self._pane.Touched())

    def _count(self, rows: Sequence[Any]) -> Counter[str]:
        view = self._view
        shown = [row for row in rows if view.is_shown(row.key)] if view.filtered else rows
        return count_states(self._pane.resource, shown)

    def _ranked(self, counts: Counter[str]) -> list[tuple[str, int, Severity]]:
        return ranked_states(self._pane.resource, counts)
