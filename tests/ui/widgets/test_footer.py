from __future__ import annotations

import pytest

from ssmtui.core.text import cells
from ssmtui.ui.widgets.footer import Hint, fitting


async def test_hints_come_from_the_live_bindings_and_a_click_runs_one(explorer) -> None:
    async with explorer.open(size=(100, 24)) as s:
        last = s.text.split("\n")[-1]
        await s.pilot.click("Footer", offset=(last.index("describe"), 0))
        await s.settle()
        assert "Describe" in s.text
        assert "search" in s.text.split("\n")[-1]


HINTS = [
    Hint("s", "shell", "shell", 20),
    Hint("y", "yaml", "yaml", 80),
    Hint("c", "copy", "copy", 90),
    Hint(":", "go", "command"),
    Hint("?", "help", "help"),
]


@pytest.mark.parametrize(
    ("width", "ids"),
    [
        (80, "shell yaml copy command help"),
        (37, "shell yaml copy command help"),
        (36, "shell yaml command help"),
        (29, "shell yaml command help"),
        (28, "shell command help"),
        (20, "command help"),
        (11, "help"),
        (5, ""),
    ],
)
def test_the_least_important_hints_leave_first(width: int, ids: str) -> None:
    assert [hint.action_id for hint in fitting(HINTS, width)] == ids.split()


def test_of_equal_hints_the_later_one_leaves_first() -> None:
    hints = [Hint("a", "one", "one", 50), Hint("b", "two", "two", 50)]
    assert [hint.action_id for hint in fitting(hints, 8)] == ["one"]


@pytest.mark.parametrize("width", [40, 80])
async def test_the_way_to_everything_else_stays_in_a_narrow_terminal(explorer, width: int) -> None:
    async with explorer.open(size=(width, 24)) as s:
        last = s.text.split("\n")[-1]
        assert last.endswith("/ filter  : go  ? help")
        assert cells(last) < width
        await s.pilot.click("Footer", offset=(last.index(": go"), 0))
        assert s.app.screen.prompt.is_open


async def test_without_a_row_its_actions_are_not_offered(explorer) -> None:
    explorer.fleet.rows = {}
    async with explorer.open() as s:
        assert "there are no nodes" in s.text
        assert "describe" not in s.text
