"""The last line: the keys that work now, made from the live bindings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from ssmtui.core.text import cells


class Hint(msgspec.Struct, frozen=True):
    """A key as it is shown, its label, and the action it runs.

    Where there is no room for all hints the one with the highest `priority` leaves first; 0 stays.
    """

    key: str
    label: str
    action_id: str
    priority: int = 0

    @property
    def width(self) -> int:
        return cells(self.key) + 1 + cells(self.label)


# The cells between two hints.
GAP = 2


def fitting(hints: Sequence[Hint], width: int) -> list[Hint]:
    """Those of the hints, in their order, that stay in so many cells.

    Of the same priority the later one leaves first, and where there is no room even for those that
    stay, the earlier ones do: the last ones say where the others are.
    """
    kept = list(hints)
    while kept and sum(hint.width for hint in kept) + GAP * (len(kept) - 1) > width:
        leaving = max(range(len(kept)), key=lambda at: (kept[at].priority, at))
        del kept[leaving if kept[leaving].priority else 0]
    return kept


class Footer(Widget):
    """Hints in the order given; as many leave, whole, as there is no room for. A click runs one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"footer--key", "footer--label"}
    DEFAULT_CSS = """
    Footer { height: 1; dock: bottom; padding: 0 1; background: $surface; }
    Footer .footer--key { color: $accent; text-style: bold; background: $surface; }
    Footer .footer--label { color: $muted; background: $surface; }
    """

    hints: reactive[Sequence[Hint]] = reactive(())

    class Chosen(Message):
        """A hint was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def _fitting(self) -> list[tuple[int, int, Hint]]:
        """(start, end, hint) of the hints that fit."""
        placed = []
        at = 0
        for hint in fitting(self.hints, self.content_size.width):
            placed.append((at, at + hint.width, hint))
            at += hint.width + GAP
        return placed

    def render_line(self, y: int) -> Strip:
        key = self.get_component_rich_style("footer--key")
        label = self.get_component_rich_style("footer--label")
        segments: list[Segment] = []
        for _, _, hint in self._fitting() if y == 0 else ():
            if segments:
                segments.append(Segment(" " * GAP, label))
            segments += [Segment(hint.key, key), Segment(f" {hint.label}", label)]
        blank: Style = label
        return Strip(segments).adjust_cell_length(self.content_size.width, blank)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, hint in self._fitting():
            if start <= x < end:
                self.post_message(self.Chosen(hint.action_id))
                return
