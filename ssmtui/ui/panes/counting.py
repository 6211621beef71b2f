"""How many rows are in which state, counted without ever holding the loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ssmtui.core.columns import Severity
from ssmtui.core.store import Delta, Store
from ssmtui.ui.summary import count_states, ranked_states, state_counts

if TYPE_CHECKING:
    from ssmtui.ui.panes.resource import ResourcePane

# So many rows are counted at once, which takes a millisecond or two.
AT_ONCE = 5000
# Rows go on changing while they load: a long count is not begun anew sooner than this, in seconds.
PAUSE = 1.0


class StateCounter:
    """Keeps `states` of a pane's rows; the pane is touched when a long count has ended."""

    def __init__(self, pane: ResourcePane, store: Store[Any]) -> None:
        self.states: Sequence[tuple[str, int, Severity]] = ()
        self._pane = pane
        self._store = store
        self._dirty = True
        self._busy = False
        store.listen(self._changed)

    def close(self) -> None:
        """Stop following the store."""
        self._store.unlisten(self._changed)

    def count_soon(self) -> None:
        """Count anew if rows have changed: now where they are few, else in slices."""
        if not self._dirty or self._busy:
            return
        self._dirty = False
        if len(self._store) <= AT_ONCE:
            self.states = state_counts(self._pane.resource, self._store.values())
            return
        self._busy = True
        self._pane.shell.work(self._count_slowly, "counting states", group="counting")

    async def _count_slowly(self) -> None:
        counts: Counter[str] = Counter()
        for rows in self._store.slices(AT_ONCE):
            counts.update(count_states(self._pane.resource, rows))
            await asyncio.sleep(0)
        self.states = ranked_states(self._pane.resource, counts)
        self._pane.set_timer(PAUSE, self._rested)
        self._pane.post_message(self._pane.Touched())

    def _rested(self) -> None:
        self._busy = False
        self._pane.post_message(self._pane.Touched())

    def _changed(self, delta: Delta) -> None:
        self._dirty = True
