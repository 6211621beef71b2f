"""SNS, as far as commands may notify: the topics that there are."""

from __future__ import annotations

from typing import Any

from ssmtui.simulator.call import Call
from ssmtui.simulator.paging import paginate

_PAGE = 100
TOPICS = ("change-audit", "deployments", "ops-notifications", "pager")


class Sns:
    """The operation on topics."""

    def ListTopics(self, call: Call) -> dict[str, Any]:
        return paginate(
            call,
            TOPICS,
            "Topics",
            _PAGE,
            position=str,
            shape=lambda name: {"TopicArn": topic_arn(call.account, call.region, name)},
            refusal="InvalidParameter",
        )


def topic_arn(account: str, region: str, name: str) -> str:
    return f"arn:aws:sns:{region}:{account}:{name}"
