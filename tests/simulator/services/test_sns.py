from __future__ import annotations

from typing import Any


def test_topics_are_the_accounts_own(aws: Any) -> None:
    topics = [each["TopicArn"] for each in aws("sns:ListTopics")["Topics"]]
    assert f"arn:aws:sns:{aws.region}:{aws.account}:deployments" in topics
    assert len(topics) == 4
