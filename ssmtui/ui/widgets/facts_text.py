"""Some lines of facts that are set again and again, and seldom differ from those shown."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class FactsText(Static):
    """Lines that are laid out for its width by whoever shows them.

    While a list loads they are set with every batch: only other facts are drawn, and only another
    number of lines lays out the screen.
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__("", classes=classes, markup=False)
        self._shown = Content("")

    def show(self, content: Content) -> None:
        """Show this from now on."""
        before = self._shown
        if content.is_same(before):
            return
        self._shown = content
        self.update(content, layout=content.plain.count("\n") != before.plain.count("\n"))
