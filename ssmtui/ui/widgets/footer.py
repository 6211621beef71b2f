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
    """A key as it is shown, its label, and the action it runs."""

    key: str
    label: str
    action_id: str


class Footer(Widget):
    """Hints in the order given; those that do not fit are left out whole. A click runs one."""

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
        for hint in self.hints:
            end = at + cells(hint.key) + 1 + cells(hint.label)
            if end > self.content_size.width:
                continue
            placed.append((at, end, hint))
            at = end + 2
        return placed

    def render_line(self, y: int) -> Strip:
        key = self.get_component_rich_style("footer--key")
        label = self.get_component_rich_style("footer--label")
        segments: list[Segment] = []
        for _, _, hint in self._fitting() if y == 0 else ():
            if segments:
                segments.append(Segment("  ", label))
            segments += [Segment(hint.key, key), Segment(f" {hint.label}", label)]
        blank: Style = label
        return Strip(segments).adjust_cell_length(self.content_size.width, blank)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, hint in self._fitting():
            if start <= x < end:
                self.post_message(self.Chosen(hint.action_id))
                return
