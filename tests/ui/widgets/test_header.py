from __future__ import annotations

import pytest

from ssmtui.core.columns import Severity
from ssmtui.ui.widgets.header import (
    CountFacts,
    CrumbFacts,
    HeaderFacts,
    PaneTab,
    crumb_line,
    header_line,
    pane_line,
    spread,
    yielding,
)


def drawn(parts, width: int = 90) -> str:
    return spread(*parts, width).plain


def test_where_as_whom_and_with_which_power() -> None:
    facts = HeaderFacts(
        contexts="3 acct x 2 Regions",
        production=True,
        identity="ops@shop-prod",
        expires="expires 41m",
        mode="armed 09:12",
        trouble="1 denied",
    )
    line = drawn(header_line(facts))
    assert line.startswith(" PROD   3 acct x 2 Regions  ops@shop-prod  expires 41m  armed 09:12  ")
    assert line.endswith("!1 denied")


def test_panes_and_counts() -> None:
    counts = CountFacts(shown=412, total=15104, marked=5, hidden=2, age="4s")
    line = drawn(pane_line([PaneTab(1, "Nodes", True)], counts))
    assert line.startswith("❶Nodes ")
    assert line.endswith(" 412/15,104  5 marked (2 hidden)  4s")
    stale = drawn(pane_line([], CountFacts(total=3, shown=3, age="2h", stale=True, unknown=2)))
    assert stale.strip() == "2 unknown  3  stale 2h"


def test_crumbs_filter_notes_and_states() -> None:
    facts = CrumbFacts(["Nodes"], "Env=prod", [("lost", 23, Severity.BAD)], ["problems only"])
    line = drawn(crumb_line(facts))
    assert line.startswith("Nodes ▸ Env=prod  problems only ")
    assert line.endswith(" lost 23")


@pytest.mark.parametrize("width", [1, 5, 20, 40, 200])
def test_it_is_exactly_one_line_and_the_right_half_stays(hostile, width: int) -> None:
    for text in hostile:
        facts = HeaderFacts(contexts=text, identity=text)
        left, _ = header_line(facts)
        right = [("!1", "$error")] if width > 2 else []
        line = spread(left, right, width)
        assert line.cell_length == width
        assert line.plain.isprintable()
        assert width <= 2 or line.plain.endswith("!1")


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (60, "Nodes ▸ Env=prod  marked only              lost 23  stopped 9"),
        (41, "Nodes ▸ Env=prod  marked only     lost 23"),
        (30, "Nodes ▸ Env=prod  marked only "),
        (20, "Nodes ▸ Env=prod"),
    ],
)
def test_the_states_make_room_for_the_filter(width: int, line: str) -> None:
    states = [("lost", 23, Severity.BAD), ("stopped", 9, Severity.MUTED)]
    left, right = crumb_line(CrumbFacts(["Nodes"], "Env=prod", states, ["marked only"]))
    assert spread(left, yielding(left, right, width), width).plain.split() == line.split()


def test_what_runs_is_said_once() -> None:
    states = [("failed", 2, Severity.BAD), ("running", 3, Severity.BUSY)]
    _, right = crumb_line(
        CrumbFacts(["Commands"], states=states, running="running 3 (1 not yours)")
    )
    assert [text for text, _ in right] == ["failed 2", "running 3 (1 not yours)"]
    _, right = crumb_line(CrumbFacts(["Commands"], states=states))
    assert [text for text, _ in right] == ["failed 2", "running 3"]
