from __future__ import annotations

import pytest

from ssmtui.simulator.world import World
from ssmtui.simulator.world.alarms import ALARM, OK, Alarm, Alarms

WHERE = ("111122223333", "eu-west-1")


@pytest.fixture
def alarms() -> Alarms:
    return World.generate(nodes=1, accounts=1, regions=1).part(Alarms)


def test_watchers_are_told_when_an_alarm_fires_and_not_otherwise(alarms: Alarms) -> None:
    told: list[Alarm] = []
    forget = alarms.watch(*WHERE, "queue-depth", told.append)
    alarms.set_state(*WHERE, "queue-depth", OK)
    alarms.set_state("444455556666", "eu-west-1", "queue-depth", ALARM)
    assert told == []
    alarms.set_state(*WHERE, "queue-depth", ALARM)
    alarms.set_state(*WHERE, "queue-depth", ALARM)
    assert [alarm.name for alarm in told] == ["queue-depth"]
    forget()
    alarms.set_state(*WHERE, "queue-depth", OK)
    alarms.set_state(*WHERE, "queue-depth", ALARM)
    assert len(told) == 1


def test_an_alarm_that_is_not_there(alarms: Alarms) -> None:
    assert alarms.find(*WHERE, "none") is None
    with pytest.raises(KeyError):
        alarms.set_state(*WHERE, "none", ALARM)


def test_there_are_alarms_of_every_state(alarms: Alarms) -> None:
    assert {alarm.state for alarm in alarms.all(*WHERE)} == {"OK", "ALARM", "INSUFFICIENT_DATA"}
