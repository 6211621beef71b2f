"""AccessDenied, RateExceeded and LimitExceeded: what SendCommand takes and nobody gets."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from ssmtui.simulator.commands import Command, Refusals
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.faults import Faults


@pytest.fixture
def faults(desk: Any) -> Faults:
    """Rules that the desk's commands heed."""
    rules = Faults()
    desk.world.part(Refusals).heed(rules)
    return rules


def details(command: Command) -> Counter[Detail]:
    return Counter(each.detail for each in command.invocations.values())


def test_without_rules_and_limits_nothing_is_refused(desk: Any) -> None:
    command, refusals = desk.send(desk.nodes(1), "true"), desk.world.part(Refusals)
    assert refusals.of_command(command, pending=10**6) is None
    assert not refusals.of_invocation(command)


def test_a_node_that_the_sender_may_not_command(desk: Any, faults: Faults) -> None:
    faults.add("denied ssm:Invocation count=2")
    command = desk.after(desk.send(desk.nodes(5), "true"), 120)
    assert details(command) == {Detail.ACCESS_DENIED: 2, Detail.SUCCESS: 3}
    assert (command.detail, command.errors, command.completed) == ("Success", 0, 5)
    denied = next(e for e in command.invocations.values() if e.detail is Detail.ACCESS_DENIED)
    assert not denied.delivered
    assert not denied.plugins


def test_a_command_of_denied_invocations_only_has_failed(desk: Any, faults: Faults) -> None:
    faults.add("denied ssm:Invocation")
    command = desk.after(desk.send(desk.nodes(3), "true"), 2)
    assert details(command) == {Detail.ACCESS_DENIED: 3}
    assert (command.detail, command.detail.status) == ("Failed", "Failed")


@pytest.mark.parametrize(
    ("kind", "detail", "status"),
    [("denied", "AccessDenied", "Failed"), ("throttle", "RateExceeded", "Cancelled")],
)
def test_a_rule_ends_a_command_before_it_is_on_any_node(
    desk: Any, faults: Faults, kind: str, detail: str, status: str
) -> None:
    faults.add(f"{kind} ssm:Command count=1")
    command = desk.after(desk.send(desk.nodes(4), "true"), 2)
    assert (command.detail, command.detail.status) == (detail, status)
    assert (details(command), command.completed) == ({Detail(detail): 4}, 4)
    assert not any(each.delivered for each in command.invocations.values())
    later = desk.after(desk.send(desk.nodes(4), "true"), 120)
    assert (later.detail, command.detail) == ("Success", detail)


def test_more_invocations_than_may_be_pending(desk: Any) -> None:
    account, region = desk.scope.account.id, desk.scope.region
    desk.world.part(Refusals).limit(account, region, 6)
    first = desk.after(desk.send(desk.nodes(6), "sleep 20", MaxConcurrency="1"), 5)
    assert details(first)[Detail.PENDING] == 5
    second = desk.after(desk.send(desk.nodes(2), "true"), 5)
    assert (second.detail, details(second)) == ("LimitExceeded", {Detail.LIMIT_EXCEEDED: 2})
    desk.after(first, 300)
    assert first.detail == "Success"
    third = desk.after(desk.send(desk.nodes(2), "true"), 60)
    desk.world.part(Refusals).limit(account, region, None)
    assert third.detail == "Success"
    assert desk.after(desk.send(desk.nodes(20), "true"), 300).detail == "Success"


def test_what_was_cancelled_at_once_stays_cancelled(desk: Any, faults: Faults) -> None:
    faults.add("throttle ssm:Command")
    command = desk.send(desk.nodes(2), "true")
    desk.commands.cancel(command)
    desk.after(command, 30)
    assert (details(command), command.detail) == ({Detail.CANCELLED: 2}, "Cancelled")
