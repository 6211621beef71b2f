"""CloudWatch, as far as alarms may stop commands."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.call import Call
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.world.alarms import Alarm, Alarms

_PAGE = 50


class CloudWatch:
    """The operation on alarms."""

    def DescribeAlarms(self, call: Call) -> dict[str, Any]:
        """Metric alarms by name; there are no composite ones."""
        names = call.params.get("AlarmNames")
        prefix = call.params.get("AlarmNamePrefix", "")
        state = call.params.get("StateValue")
        wanted = "MetricAlarm" in call.params.get("AlarmTypes", ["MetricAlarm"])
        chosen = [
            alarm
            for alarm in call.world.part(Alarms).all(call.account, call.region)
            if wanted
            and (names is None or alarm.name in names)
            and alarm.name.startswith(prefix)
            and state in (None, alarm.state)
        ]
        answer = paginate(
            call,
            chosen,
            "MetricAlarms",
            _PAGE,
            position=lambda alarm: alarm.name,
            shape=lambda alarm: _alarm(call, alarm),
            sized_by="MaxRecords",
        )
        return {"CompositeAlarms": [], **answer}


def _alarm(call: Call, alarm: Alarm) -> dict[str, Any]:
    return {
        "AlarmName": alarm.name,
        "AlarmArn": f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:{alarm.name}",
        "AlarmDescription": alarm.description,
        "ActionsEnabled": True,
        "StateValue": alarm.state,
        "StateReason": alarm.reason,
        "StateUpdatedTimestamp": alarm.updated,
        "MetricName": alarm.metric,
        "Namespace": alarm.namespace,
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": alarm.threshold,
        "ComparisonOperator": alarm.comparison,
    }
