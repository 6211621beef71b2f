"""The least Textual app that shows something: what start-up is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Static

WORDS = "One widget"


class OneWidget(App[None]):
    """Shows one line."""

    def compose(self) -> ComposeResult:
        yield Static(WORDS)


if __name__ == "__main__":
    OneWidget().run()
