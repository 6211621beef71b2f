"""Times as AWS writes them, as seconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def timestamp(value: object) -> float | None:
    """Seconds since the epoch in UTC, or None where there is no time.

    Takes what the protocols send: seconds as float, int or text, ISO 8601 and RFC 822. Systems
    Manager says "never" as year 1 (-62135596800) or as the epoch itself, so nothing up to 1970 is a
    time. What cannot be read is None as well: one odd row must not cost its page.
    """
    if isinstance(value, str):
        seconds = _seconds(value.strip())
    elif isinstance(value, (int, float)):
        seconds = float(value)
    else:
        return None
    return seconds if seconds is not None and isfinite(seconds) and seconds > 0 else None


def _seconds(text: str) -> float | None:
    for read in (float, _iso_seconds, _rfc822_seconds):
        try:
            return read(text)
        except (ValueError, OverflowError):
            continue
    return None


def _iso_seconds(text: str) -> float:
    return _since_epoch(datetime.fromisoformat(text))


def _rfc822_seconds(text: str) -> float:
    return _since_epoch(parsedate_to_datetime(text))


def _since_epoch(moment: datetime) -> float:
    # Never through the machine's own zone: datetime.timestamp() and fromtimestamp() fail on year 1
    # west of Greenwich.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH).total_seconds()
