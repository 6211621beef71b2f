"""Change Calendar: whether changes are allowed now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.documents.calendars import CLOSED, OPEN, Calendar
from ssmtui.simulator.documents.library import Library


class Calendars:
    """The operation on change calendars."""

    def GetCalendarState(self, call: Call) -> dict[str, Any]:
        """Several calendars are open together only if each of them is."""
        calendars = [_calendar(call, name) for name in call.params["CalendarNames"]]
        if not calendars:
            raise ServiceError("ValidationException", "Name at least one calendar.")
        at = _moment(call)
        states = [calendar.state(at) for calendar in calendars]
        transitions = [
            moment for calendar in calendars if (moment := calendar.next_transition(at)) is not None
        ]
        return {
            "State": OPEN if set(states) == {OPEN} else CLOSED,
            "AtTime": _text(at),
            "NextTransitionTime": _text(min(transitions)) if transitions else None,
        }


def _calendar(call: Call, name: str) -> Calendar:
    library = call.world.part(Library)
    calendar = library.calendar(call.account, call.region, name)
    if calendar is not None:
        return calendar
    if library.find(call.account, call.region, name) is None:
        raise ServiceError("InvalidDocument", f"Document with name {name} does not exist.")
    raise ServiceError("InvalidDocumentType", f"The document {name} is no change calendar.")


def _moment(call: Call) -> float:
    text = call.params.get("AtTime")
    if text is None:
        return call.now
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ServiceError("ValidationException", f"{text} is no time in ISO 8601.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
