"""In which scopes an action would be done: those of the rows that it takes, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ssmtui.core.actions import Action, AppliesTo
from ssmtui.core.keys import RowKey
from ssmtui.ui.facts import lowest_mode
from ssmtui.ui.keymap import allowed

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.ui.panes.resource import ResourcePane


class Reach:
    """What a pane's actions reach. Every key asks, so what was gone through is kept until the marks
    or the rows are others."""

    def __init__(self, pane: ResourcePane) -> None:
        self._pane = pane
        self._kept: dict[AppliesTo, tuple[object, Sequence[Scope]]] = {}

    def of(self, action: Action) -> Sequence[Scope]:
        """The scopes of the rows that an action would take now: the marked ones or else the row
        under the cursor, or everything shown; all in force where it takes none, or none is there.
        """
        scopes, takes = self._pane.feed.scopes, action.applies_to
        if takes is AppliesTo.NOTHING or len({scope.mode for scope in scopes}) < 2:
            return scopes  # where one mode is in force everywhere, the rows make no difference
        state = (*self._state(takes), scopes)
        kept = self._kept.get(takes)
        if kept is None or kept[0] != state:
            kept = self._kept[takes] = (state, concerned(self._keys(takes), scopes))
        return kept[1]

    def permits(self, action: Action) -> bool:
        """Whether the modes there let an action be offered."""
        return allowed(action.danger, lowest_mode(self.of(action)))

    def _state(self, takes: AppliesTo) -> tuple[object, ...]:
        """What the answer hangs on."""
        view = self._pane.view
        if takes is AppliesTo.SHOWN:
            return (view.version,)
        return (view.marks.version, self._pane.table.cursor_key)

    def _keys(self, takes: AppliesTo) -> Iterable[RowKey]:
        view, cursor = self._pane.view, self._pane.table.cursor_key
        if takes is AppliesTo.SHOWN:
            # Until all of them have been judged it may be any.
            return view.shown_keys() if view.counts.settled else ()
        if takes is AppliesTo.MARKS and len(view.marks):
            return view.marks
        return () if cursor is None else (cursor,)


def concerned(keys: Iterable[RowKey], scopes: Sequence[Scope]) -> Sequence[Scope]:
    """Those of the scopes that these rows are in; all of them if that is none."""
    left = {(scope.key.account, scope.key.region) for scope in scopes}
    for key in keys:
        left.discard((key.account, key.region))
        if not left:
            break
    found = [scope for scope in scopes if scope.key not in left]
    return found or scopes
