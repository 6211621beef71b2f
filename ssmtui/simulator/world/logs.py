"""What is in CloudWatch Logs: groups, their streams, and the events in them.

One `Logs` is part of a world: `world.part(Logs)`. Times are seconds since the epoch.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssmtui.simulator.world.world import World

# The largest message that SSM Agent makes of lines that come together (bytes).
LARGEST_EVENT = 200_000
# Of one stream, and of all streams of a scope: older streams give way (bytes).
_MOST_A_STREAM = 4 << 20
_MOST = 64 << 20


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event. `at` is when it was written, `id` grows from event to event."""

    id: int
    at: float
    message: str


@dataclass(slots=True)
class LogStream:
    name: str
    created: float
    events: list[LogEvent] = field(default_factory=list)
    size: int = 0  # bytes of its messages

    @property
    def last(self) -> float:
        """When the latest event was written; 0 without one."""
        return self.events[-1].at if self.events else 0.0


@dataclass(slots=True)
class LogGroup:
    name: str
    created: float
    streams: dict[str, LogStream] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(stream.size for stream in self.streams.values())


class Logs:
    """The log groups of all accounts and Regions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._groups: dict[tuple[str, str], dict[str, LogGroup]] = {}
        self._sizes: dict[tuple[str, str], int] = {}
        self._written = 0

    def groups(self, account: str, region: str) -> dict[str, LogGroup]:
        """By name."""
        return self._groups.setdefault((account, region), {})

    def write(self, account: str, region: str, group: str, stream: str, message: str) -> None:
        """Add an event; group and stream are made if they are not there.

        What one writes at the same instant is one event, as the agent sends lines together.
        """
        now = self._world.now
        groups = self.groups(account, region)
        held = groups.setdefault(group, LogGroup(group, now))
        there = held.streams.setdefault(stream, LogStream(stream, now))
        size = len(message.encode("utf-8", "replace"))
        if there.size + size > _MOST_A_STREAM:
            return
        last = there.events[-1] if there.events else None
        if last is not None and last.at == now and len(last.message) + size <= LARGEST_EVENT:
            there.events[-1] = LogEvent(last.id, now, f"{last.message}\n{message}")
        else:
            self._written += 1
            there.events.append(LogEvent(self._written, now, message))
        there.size += size
        self._make_room(account, region, size)

    def _make_room(self, account: str, region: str, size: int) -> None:
        key = (account, region)
        self._sizes[key] = self._sizes.get(key, 0) + size
        while self._sizes[key] > _MOST:
            group, stream = min(
                (
                    (group, stream)
                    for group in self._groups[key].values()
                    for stream in group.streams.values()
                ),
                key=lambda pair: pair[1].created,
            )
            del group.streams[stream.name]
            self._sizes[key] -= stream.size
