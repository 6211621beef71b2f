from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from ssmtui.core.problem import ProblemError
from ssmtui.ui.spans import Span, SpanKind
from ssmtui.ui.themes import VARIABLES
from ssmtui.ui.widgets.text_view import LONGEST, TextView


class Shown(App[None]):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        yield TextView(self.text)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLES)


async def test_search_goes_round_and_ignores_case_unless_there_is_a_capital() -> None:
    async with Shown("one\nTwo one\nONE").run_test() as pilot:
        view = pilot.app.query_one(TextView)
        view.search("one")
        assert (view.current_match, view.match_count) == (1, 3)
        view.step(-1)
        assert view.current_match == 3
        view.step(1)
        assert view.current_match == 1
        view.search("ONE")
        assert view.match_count == 1
        with pytest.raises(ProblemError):
            view.search("(")
        view.search("")
        assert (view.current_match, view.match_count) == (0, 0)


async def test_wrapping_breaks_at_spaces_and_loses_nothing(hostile) -> None:
    text = "\n".join([*hostile, "word " * 60, "y" * 300, "名" * 100])
    async with Shown(text).run_test(size=(40, 20)) as pilot:
        view = pilot.app.query_one(TextView)
        for line in range(view.virtual_size.height):
            assert view.render_line(line).cell_length == 40
        pieces = [view.lines[n][a:b] for n, a, b in view._pieces]
        assert "".join(pieces) == "".join(view.lines)
        view.wrap = False
        assert view.virtual_size.height == len(view.lines)
        assert view.virtual_size.width == 300


async def test_the_scroll_bar_hides_nothing_of_a_wrapped_line() -> None:
    numbers = "".join(f"{number:03d}," for number in range(30))
    async with Shown("").run_test(size=(40, 10)) as pilot:
        view = pilot.app.query_one(TextView)
        view.set_text("\n".join(f"  {line}  {numbers}" for line in range(12)), 4, 6)
        for _ in range(3):
            await pilot.pause()
        assert view.show_vertical_scrollbar
        room = view.scrollable_content_region.width
        assert room < 40
        for line in range(view.virtual_size.height):
            drawn = "".join(segment.text for segment in view.render_line(line))
            assert drawn[room:].strip() == ""


async def test_a_line_of_a_megabyte_costs_no_more_than_others() -> None:
    async with Shown("z" * 1_000_000).run_test(size=(40, 20)) as pilot:
        view = pilot.app.query_one(TextView)
        view.wrap = False
        assert view.virtual_size.width == LONGEST
        assert view.virtual_size.height == 1_000_000 // LONGEST


async def test_what_is_wrapped_hangs_below_its_column() -> None:
    async with Shown("").run_test(size=(40, 20)) as pilot:
        view = pilot.app.query_one(TextView)
        view.set_text("Title\n  key    " + "word " * 12, key_width=5, hang=9)
        drawn = [view.render_line(y).text.rstrip() for y in range(view.virtual_size.height)]
        assert drawn[1].startswith("  key    word")
        assert len(drawn) > 2
        assert all(line.startswith(" " * 9 + "word") for line in drawn[2:])
        assert {view.render_line(y).cell_length for y in range(len(drawn))} == {40}


async def test_with_spans_only_these_are_drawn_apart() -> None:
    async with Shown("").run_test(size=(40, 10)) as pilot:
        view = pilot.app.query_one(TextView)
        spans = [
            Span(0, SpanKind.REMOVED),
            Span(1, SpanKind.ADDED),
            Span(1, SpanKind.CHANGED, 7, 10),
            Span(2, SpanKind.CHANGED, 2, 4),
        ]
        view.set_text("- key: old\n+ key: new\n+ \x1b[1mx", spans=spans)

        def colours(line: int) -> dict[str, object]:
            return {s.text.strip(): s.style.color for s in view.render_line(line) if s.text.strip()}

        removed, added = (
            view.get_component_rich_style(f"text--{kind}").color for kind in ("removed", "added")
        )
        assert removed != added != view.rich_style.color
        assert colours(0) == {"- key: old": removed}
        assert colours(1) == {"+ key:": added, "new": added}
        strip = view.render_line(1)
        assert [s.text.strip() for s in strip if s.style and s.style.underline] == ["new"]
        # What the raw line had there is not what is there.
        assert not any(s.style and s.style.underline for s in view.render_line(2))
        view.search("key")
        assert "- " in [s.text for s in view.render_line(0)]
