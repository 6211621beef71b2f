from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.commands import Command, PluginResult
from ssmtui.simulator.commands.statuses import Detail


@pytest.fixture
def command(desk: Any) -> Command:
    """A command on 10 nodes of which two may fail; nothing has happened yet."""
    sent: Command = desk.send(desk.nodes(10), "true", MaxErrors="2", OutputS3KeyPrefix="/a/b/")
    sent.resolved = sent.begun = True
    return sent


@pytest.mark.parametrize(
    ("counts", "detail"),
    [
        ({Detail.SUCCESS: 10}, "Success"),
        ({Detail.SUCCESS: 8, Detail.FAILED: 2}, "Incomplete"),
        ({Detail.SUCCESS: 7, Detail.FAILED: 3}, "Failed"),
        ({Detail.FAILED: 3, Detail.TERMINATED: 7}, "Failed"),
        ({Detail.SUCCESS: 7, Detail.EXECUTION_TIMED_OUT: 3}, "ExecutionTimedOut"),
        ({Detail.SUCCESS: 7, Detail.EXECUTION_TIMED_OUT: 2, Detail.FAILED: 1}, "Failed"),
        ({Detail.SUCCESS: 7, Detail.DELIVERY_TIMED_OUT: 3}, "DeliveryTimedOut"),
        ({Detail.SUCCESS: 8, Detail.DELIVERY_TIMED_OUT: 2}, "Incomplete"),
        ({Detail.SUCCESS: 1, Detail.INVALID_PLATFORM: 9}, "Success"),
        ({Detail.SUCCESS: 1, Detail.UNDELIVERABLE: 8, Detail.ACCESS_DENIED: 1}, "Success"),
        ({Detail.UNDELIVERABLE: 10}, "Failed"),
        ({Detail.INVALID_PLATFORM: 5, Detail.ACCESS_DENIED: 5}, "Failed"),
        ({Detail.UNDELIVERABLE: 9, Detail.DELIVERY_TIMED_OUT: 1}, "Incomplete"),
        ({Detail.SUCCESS: 5, Detail.IN_PROGRESS: 5}, "InProgress"),
        ({Detail.DELAYED: 1, Detail.PENDING: 9}, "Delayed"),
    ],
)
def test_a_command_stands_as_its_invocations_do(
    command: Command, counts: dict[Detail, int], detail: str
) -> None:
    command.counts.update(counts)
    assert command.detail == detail
    assert command.done == command.detail.final


def test_a_command_that_has_not_begun_is_pending(command: Command) -> None:
    command.begun = False
    assert command.detail == "Pending"


def test_it_expires_after_both_timeouts(command: Command) -> None:
    assert command.expires - command.requested == 7200


def test_where_outputs_are_in_the_bucket(command: Command) -> None:
    one = PluginResult("aws:runShellScript", "aws:runShellScript")
    path = "awsrunShellScript/0.awsrunShellScript/stdout"
    assert command.s3_key("i-1", one, "stdout") == f"a/b/{command.id}/i-1/{path}"
    step = PluginResult("health", "aws:runShellScript")
    assert command.s3_key("i-1", step, "stderr").endswith("/awsrunShellScript/health/stderr")
