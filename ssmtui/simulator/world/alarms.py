"""CloudWatch's alarms, and who waits for them to fire.

One `Alarms` is part of a world: `world.part(Alarms)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ssmtui.simulator.world.world import World

OK, ALARM, UNKNOWN = "OK", "ALARM", "INSUFFICIENT_DATA"

Fired = Callable[["Alarm"], None]


@dataclass(slots=True)
class Alarm:
    """A metric's alarm. `updated` is when its state changed, in seconds since the epoch."""

    name: str
    description: str
    namespace: str
    metric: str
    threshold: float
    comparison: str
    state: str
    updated: float
    reason: str = ""


_USUAL = (
    ("api-latency-p99", "The slowest answers of the API", "AWS/ApplicationELB",
     "TargetResponseTime", 1.5, "GreaterThanThreshold", OK),
    ("db-replica-lag", "Seconds that a replica is behind", "AWS/RDS", "ReplicaLag", 30.0,
     "GreaterThanThreshold", ALARM),
    ("disk-forecast", "When the disks will be full", "CWAgent", "disk_used_percent", 90.0,
     "GreaterThanOrEqualToThreshold", UNKNOWN),
    ("queue-depth", "Orders that wait", "AWS/SQS", "ApproximateNumberOfMessagesVisible", 500.0,
     "GreaterThanThreshold", OK),
    ("web-5xx-rate", "Errors of the shop", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count",
     20.0, "GreaterThanThreshold", OK),
)  # fmt: skip


class Alarms:
    """The alarms of all accounts and Regions; every one begins with the usual ones."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._alarms: dict[tuple[str, str], dict[str, Alarm]] = {}
        self._watchers: dict[tuple[str, str, str], list[Fired]] = {}

    def all(self, account: str, region: str) -> list[Alarm]:
        """By name."""
        known = self._of(account, region)
        return [known[name] for name in sorted(known)]

    def find(self, account: str, region: str, name: str) -> Alarm | None:
        return self._of(account, region).get(name)

    def set_state(self, account: str, region: str, name: str, state: str) -> None:
        """OK, ALARM or INSUFFICIENT_DATA; KeyError for an alarm that is not there."""
        alarm = self._of(account, region)[name]
        if alarm.state == state:
            return
        alarm.state, alarm.updated = state, self._world.now
        alarm.reason = f"Threshold Crossed: {alarm.metric}" if state == ALARM else ""
        if state == ALARM:
            for watcher in list(self._watchers.get((account, region, name), ())):
                watcher(alarm)

    def watch(self, account: str, region: str, name: str, fired: Fired) -> Callable[[], None]:
        """Call `fired` whenever the alarm fires; what is given back takes that back."""
        watchers = self._watchers.setdefault((account, region, name), [])
        watchers.append(fired)

        def forget() -> None:
            if fired in watchers:
                watchers.remove(fired)

        return forget

    def _of(self, account: str, region: str) -> dict[str, Alarm]:
        key = (account, region)
        if key not in self._alarms:
            updated = self._world.now - 7200.0
            self._alarms[key] = {row[0]: Alarm(*row, updated=updated) for row in _USUAL}
        return self._alarms[key]
