from __future__ import annotations

from typing import Any

from ssmtui.simulator.documents.calendars import DAY


def test_calendars_are_open_together_only_if_each_is(aws: Any) -> None:
    def state(*names: str) -> str:
        answer = aws("ssm:GetCalendarState", CalendarNames=list(names))
        return str(answer["State"])

    assert state("shop-changes") == "OPEN"
    assert state("payments-freeze") == "CLOSED"
    assert state("shop-changes", "payments-freeze") == "CLOSED"
    arn = f"arn:aws:ssm:{aws.region}:{aws.account}:document/shop-changes"
    assert state(arn) == "OPEN"


def test_the_state_at_another_time(aws: Any) -> None:
    now = aws("ssm:GetCalendarState", CalendarNames=["payments-freeze"])
    assert now["AtTime"] == "2026-11-02T08:00:00Z"
    then = now["NextTransitionTime"]
    answer = aws("ssm:GetCalendarState", CalendarNames=["payments-freeze"], AtTime=then)
    assert (answer["State"], answer["AtTime"]) == ("OPEN", then)
    assert "NextTransitionTime" not in answer


def test_time_passes(aws: Any) -> None:
    aws.world.clock.advance(4 * DAY)
    assert aws("ssm:GetCalendarState", CalendarNames=["payments-freeze"])["State"] == "OPEN"


def test_what_is_no_calendar_is_refused(aws: Any) -> None:
    action = "ssm:GetCalendarState"
    assert aws.refusal(action, CalendarNames=["none"]) == "InvalidDocument"
    assert aws.refusal(action, CalendarNames=["AWS-RunShellScript"]) == "InvalidDocumentType"
    assert aws.refusal(action, CalendarNames=[]) == "ValidationException"
    wrong = aws.refusal(action, CalendarNames=["payments-freeze"], AtTime="yesterday")
    assert wrong == "ValidationException"
