from __future__ import annotations

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN, Severity
from ssmtui.ui.summary import count_states, panel_content, ranked_states, summary_lines


@pytest.fixture
def row(fleet):
    return fleet.rows[fleet.scopes[0].key][3]


def test_what_the_table_does_not_show(fleet, row, clock) -> None:
    shown = {"name", "ping", "id"}
    first, second, third = summary_lines(fleet.resource(), row, shown, 100, clock.now)
    assert first.plain.startswith("batch-0003")
    assert "ping" not in first.plain
    assert "agent 3.3.1611" in first.plain
    assert first.cell_length <= 100
    assert "kind ec2" in second.plain  # for which the first line has no room
    assert third.plain.startswith("tags  Env=prod")


def test_a_line_that_is_not_needed_is_the_last_one(fleet, row, clock) -> None:
    first, second, third = summary_lines(fleet.resource(), row, {"name"}, 400, clock.now)
    assert "asg batch-blue" in first.plain
    assert second.plain.startswith("tags  Env=prod")
    assert third.plain == ""


@pytest.mark.parametrize(
    ("news", "story", "height", "labels"),
    [
        (True, True, 3, ["now", "last"]),
        (True, False, 3, ["now", "tags"]),
        (False, True, 3, ["last", "tags"]),
        (False, False, 3, ["latest", "tags"]),
        (True, True, 2, ["now"]),
        (False, True, 2, ["last"]),
        (False, False, 2, ["tags"]),
    ],
)
def test_news_and_story_stand_before_the_tags(
    fleet, row, clock, news: bool, story: bool, height: int, labels: list[str]
) -> None:
    going_on = [("session", "jane 12m"), ("session", "tom 3m")] if news else []
    resource = msgspec.structs.replace(fleet.resource(), news=lambda row, now: going_on)
    happened = [(clock.now - 60, "lost")] if story else []
    first, *others = summary_lines(
        resource, row, {"name"}, 80, clock.now, story=happened, height=height
    )
    assert first.plain.startswith("batch-0003  ")
    texts = [line.plain.rstrip() for line in others]
    assert [text.split()[0] if text else "" for text in texts] == labels
    if news:
        assert texts[0] == "now   session jane 12m · session tom 3m"
    if story and not news:
        assert texts[0] == "last  lost 1m ago"


@pytest.mark.parametrize("width", [5, 20, 33, 80])
def test_it_fits_whatever_the_width(fleet, row, clock, hostile, renamed, width: int) -> None:
    for named in renamed([row] * len(hostile), hostile):
        for line in summary_lines(fleet.resource(), named, (), width, clock.now):
            assert line.cell_length <= width
            assert line.plain.isprintable()


def test_the_panel_says_everything_known_and_marks_the_unknown(fleet, row, clock) -> None:
    text = panel_content(fleet.resource(), row, 40, clock.now).plain
    assert "ping        LOST" in text
    assert "owner       ?" in text
    assert "\nlost" not in text
    assert "\nEnv prod\n" in text
    bare = msgspec.structs.replace(row, tags=UNKNOWN)
    assert "Env" not in panel_content(fleet.resource(), bare, 40, clock.now).plain


def test_hostile_rows_never_break_a_line_of_the_panel(fleet, row, clock, hostile, renamed) -> None:
    for named in renamed([row] * len(hostile), hostile):
        for line in panel_content(fleet.resource(), named, 30, clock.now).split("\n"):
            assert line.cell_length <= 30


def test_states_worst_first_and_the_good_ones_left_out(fleet) -> None:
    rows = [row for scope in fleet.rows.values() for row in scope]
    assert ranked_states(fleet.resource(), count_states(fleet.resource(), rows)) == [
        ("lost", 24, Severity.BAD),
        ("stopped", 31, Severity.MUTED),
    ]


def test_what_goes_on_is_safe(fleet, row, clock) -> None:
    resource = msgspec.structs.replace(
        fleet.resource(), news=lambda row, now: [("session", "jane\x1b[31m 12m")]
    )
    _, second, _ = summary_lines(resource, row, {"name"}, 100, clock.now)
    assert second.plain.startswith("now   session jane")
    assert "\x1b" not in second.plain
    panel = panel_content(resource, row, 40, clock.now).plain
    assert "\nsession" in panel
    assert "\x1b" not in panel


def test_what_others_know_of_the_row_stands_behind_its_own_news(fleet, row, clock) -> None:
    resource = msgspec.structs.replace(
        fleet.resource(), news=lambda row, now: [("session", "jane 12m")]
    )
    news = [("deploy\x1b[2J", "running")]
    _, now, _ = summary_lines(resource, row, {"name"}, 100, clock.now, news=news)
    assert now.plain.rstrip() == "now   session jane 12m · deploy␛[2J running"


def test_what_has_no_tags_says_nothing_of_tags(fleet, row, clock) -> None:
    bare = msgspec.structs.replace(
        fleet.resource(), columns=tuple(c for c in fleet.resource().columns if c.id != "tags")
    )
    assert "tags" not in "".join(
        line.plain for line in summary_lines(bare, row, {"name"}, 100, clock.now)
    )
