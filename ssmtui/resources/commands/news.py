"""How a list of what was sent is kept up to date: by what was sent since it was read last."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ssmtui.core.columns import Unknown, rfc3339

# What is sent is listed a moment later, and clocks differ: what is new is looked for so many
# seconds further back than the newest that is known.
OVERLAP = 300.0
# So many that have just ended are looked up one by one; for more, all are read again.
ONE_BY_ONE = 5


class Sent(Protocol):
    """A command, or an invocation of one. `requested` is seconds since the epoch."""

    @property
    def requested(self) -> float | Unknown | None: ...


def sent_since(rows: Iterable[Sent]) -> list[dict[str, str]]:
    """The filters that ask for what was sent since the newest of these; none if there is none.

    ListCommands and ListCommandInvocations know the same one, to the second.
    """
    times = [row.requested for row in rows if isinstance(row.requested, float)]
    if not times:
        return []
    return [{"key": "InvokedAfter", "value": rfc3339(float(int(max(times) - OVERLAP)))}]
