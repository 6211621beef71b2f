from __future__ import annotations

from textual.app import App, ComposeResult
from textual.content import Content

from ssmtui.ui.widgets.facts_text import FactsText


class _Facts(FactsText):
    def __init__(self) -> None:
        super().__init__()
        self.updates: list[bool] = []

    def update(self, content="", *, layout=True):
        self.updates.append(layout)
        super().update(content, layout=layout)


class _App(App[None]):
    def compose(self) -> ComposeResult:
        yield _Facts()


async def test_only_other_facts_are_drawn_and_only_other_lines_laid_out():
    app = _App()
    async with app.run_test(size=(40, 5)) as pilot:
        facts = app.query_one(_Facts)
        facts.show(Content("web-1\nonline"))
        facts.show(Content("web-1\nonline"))
        facts.show(Content("web-1\nLOST"))
        facts.show(Content("web-1\nLOST").stylize("bold"))
        await pilot.pause()
        assert facts.updates == [True, False, False]
        assert facts.size.height == 2
        assert facts.render_line(1).text.startswith("LOST")


async def test_markup_in_a_text_is_shown_as_it_is():
    app = _App()
    async with app.run_test(size=(40, 5)) as pilot:
        facts = app.query_one(_Facts)
        facts.show(Content("a[/]b"))
        await pilot.pause()
        assert facts.render_line(0).text.startswith("a[/]b")
