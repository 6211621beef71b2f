"""Change calendars: when changes are allowed, as documents that hold an iCalendar.

Rules: "AWS Systems Manager Change Calendar" of the user guide. A calendar is open by default and
closed during its events, or the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import floor

from ssmtui.simulator.documents.model import Document, Version

HOUR = 3600.0
DAY = 24 * HOUR
WEEK = 7 * DAY

OPEN, CLOSED = "OPEN", "CLOSED"


@dataclass(frozen=True)
class CalendarEvent:
    """From `start` for so many seconds, and again after `every` seconds (0: once)."""

    title: str
    start: float
    seconds: float
    every: float = 0.0

    def covers(self, moment: float) -> bool:
        into = moment - self.start
        return 0 <= (into % self.every if self.every and into >= 0 else into) < self.seconds

    def edges(self, after: float) -> Iterator[float]:
        """Its beginnings and ends after an instant, of this round and the next."""
        rounds = max(0, floor((after - self.start) / self.every)) if self.every else 0
        for each in (rounds, rounds + 1) if self.every else (0,):
            begin = self.start + each * self.every
            yield from (edge for edge in (begin, begin + self.seconds) if edge > after)


@dataclass(frozen=True)
class Calendar:
    """`open_by_default` says what it is outside of its events."""

    name: str
    description: str
    open_by_default: bool
    events: tuple[CalendarEvent, ...] = ()

    def state(self, moment: float) -> str:
        within = any(event.covers(moment) for event in self.events)
        return OPEN if within != self.open_by_default else CLOSED

    def next_transition(self, moment: float) -> float | None:
        """When its state is another one next, None if that never happens."""
        edges = sorted({edge for event in self.events for edge in event.edges(moment)})
        now = self.state(moment)
        return next((edge for edge in edges if self.state(edge) != now), None)

    @property
    def text(self) -> str:
        """As an iCalendar."""
        kind = "DEFAULT_OPEN" if self.open_by_default else "DEFAULT_CLOSED"
        lines = [
            "BEGIN:VCALENDAR",
            "PRODID:-//AWS//Change Calendar 1.0//EN",
            "VERSION:2.0",
            f"X-CALENDAR-TYPE:{kind}",
            f"X-WR-CALDESC:{self.description}",
        ]
        for number, event in enumerate(self.events):
            lines += [
                "BEGIN:VEVENT",
                f"UID:{self.name}-{number}",
                f"DTSTART:{_stamp(event.start)}",
                f"DTEND:{_stamp(event.start + event.seconds)}",
                f"SUMMARY:{event.title}",
            ]
            if event.every:
                lines.append(f"RRULE:FREQ={'DAILY' if event.every == DAY else 'WEEKLY'}")
            lines.append("END:VEVENT")
        return "\r\n".join((*lines, "END:VCALENDAR")) + "\r\n"

    def document(self, owner: str, created: float) -> Document:
        version = Version(1, self.description, created=created, body=lambda: self.text)
        return Document(self.name, "ChangeCalendar", (), [version], owner, format="TEXT")


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%dT%H%M%SZ")


def usual(now: float) -> list[Calendar]:
    """An account's calendars. At `now` one of them is closed, whatever day it is."""
    midnight = floor(now / DAY) * DAY
    monday = midnight - (datetime.fromtimestamp(midnight, UTC).weekday() * DAY)
    weekend = CalendarEvent("Weekend", monday - 2 * DAY, 2 * DAY, WEEK)
    backup = CalendarEvent("Nightly backup", midnight - DAY + HOUR, 2 * HOUR, DAY)
    freeze = CalendarEvent("Payment provider moves", midnight - DAY, 4 * DAY)
    window = CalendarEvent("Batch hours", midnight - DAY, 20 * HOUR, DAY)
    return [
        Calendar("ops-working-days", "Changes from Monday to Friday", True, (weekend,)),
        Calendar("shop-changes", "Changes, but not during backups", True, (backup,)),
        Calendar("payments-freeze", "No changes to payments for now", True, (freeze,)),
        Calendar("batch-window", "Changes to batch nodes in their hours", False, (window,)),
    ]
