from __future__ import annotations

from ssmtui.simulator.documents.calendars import (
    CLOSED,
    DAY,
    HOUR,
    OPEN,
    WEEK,
    Calendar,
    CalendarEvent,
    usual,
)

NOON = 1_793_620_800.0  # 2026-11-02T12:00:00Z, a Monday


def test_a_calendar_is_closed_during_its_events_or_the_other_way_round() -> None:
    event = CalendarEvent("freeze", NOON, HOUR)
    allowing = Calendar("a", "", True, (event,))
    forbidding = Calendar("b", "", False, (event,))
    for moment, within in ((NOON - 1, False), (NOON, True), (NOON + HOUR, False)):
        assert allowing.state(moment) == (CLOSED if within else OPEN)
        assert forbidding.state(moment) == (OPEN if within else CLOSED)


def test_an_event_comes_again() -> None:
    nightly = CalendarEvent("backup", NOON, HOUR, DAY)
    assert nightly.covers(NOON + 5 * DAY + 10)
    assert not nightly.covers(NOON + 5 * DAY + HOUR)
    assert not nightly.covers(NOON - DAY + 10)


def test_the_next_transition() -> None:
    calendar = Calendar("a", "", True, (CalendarEvent("backup", NOON, HOUR, DAY),))
    assert calendar.next_transition(NOON - 60) == NOON
    assert calendar.next_transition(NOON + 60) == NOON + HOUR
    assert calendar.next_transition(NOON + HOUR) == NOON + DAY
    assert Calendar("b", "", True).next_transition(NOON) is None
    once = Calendar("c", "", True, (CalendarEvent("freeze", NOON, HOUR),))
    assert once.next_transition(NOON + DAY) is None


def test_events_that_meet_are_no_transition() -> None:
    events = (CalendarEvent("a", NOON, HOUR), CalendarEvent("b", NOON + HOUR, HOUR))
    assert Calendar("a", "", True, events).next_transition(NOON) == NOON + 2 * HOUR


def test_the_text_is_an_icalendar() -> None:
    calendar = Calendar("a", "Why", True, (CalendarEvent("backup", NOON, HOUR, WEEK),))
    lines = calendar.text.splitlines()
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "X-CALENDAR-TYPE:DEFAULT_OPEN" in lines
    assert "DTSTART:20261102T120000Z" in lines
    assert "DTEND:20261102T130000Z" in lines
    assert "RRULE:FREQ=WEEKLY" in lines
    assert calendar.text.endswith("END:VCALENDAR\r\n")


def test_some_of_the_usual_ones_are_open_and_some_closed_on_any_day() -> None:
    for day in range(14):
        states = {each.name: each.state(NOON + day * DAY) for each in usual(NOON + day * DAY)}
        assert states["payments-freeze"] == CLOSED
        assert states["shop-changes"] == OPEN
    weekend = next(each for each in usual(NOON) if each.name == "ops-working-days")
    assert [weekend.state(NOON + day * DAY) for day in range(7)] == [OPEN] * 5 + [CLOSED] * 2
