from __future__ import annotations

from typing import Any

from ssmtui.simulator.world.alarms import ALARM, Alarms


def names(aws: Any, **params: Any) -> list[str]:
    pages = aws.pages("cloudwatch:DescribeAlarms", **params)
    return [each["AlarmName"] for page in pages for each in page["MetricAlarms"]]


def test_alarms_are_listed_and_filtered(aws: Any) -> None:
    everything = names(aws)
    assert everything == sorted(everything)
    assert names(aws, StateValue="ALARM") == ["db-replica-lag"]
    assert names(aws, AlarmNamePrefix="web") == ["web-5xx-rate"]
    assert names(aws, AlarmNames=["queue-depth", "none"]) == ["queue-depth"]
    assert names(aws, AlarmTypes=["CompositeAlarm"]) == []
    assert names(aws, MaxRecords=2) == everything


def test_an_alarm_changes(aws: Any) -> None:
    aws.world.clock.advance(60)
    aws.world.part(Alarms).set_state(aws.account, aws.region, "queue-depth", ALARM)
    (alarm,) = aws("cloudwatch:DescribeAlarms", AlarmNames=["queue-depth"])["MetricAlarms"]
    assert alarm["StateValue"] == "ALARM"
    assert alarm["StateUpdatedTimestamp"] == aws.world.now
    assert alarm["StateReason"].startswith("Threshold Crossed")
