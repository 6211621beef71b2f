from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from ssmtui.simulator.commands import Command
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.world.alarms import ALARM, OK, Alarms

# Fails at once on every node, whatever it is.
FAIL = "exit 3"


def details(command: Command) -> list[Detail]:
    return [invocation.detail for invocation in command.invocations.values()]


def count(command: Command, detail: Detail) -> int:
    return details(command).count(detail)


def test_a_command_on_one_node_goes_its_way(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.send([node], "hostname")
    assert (command.detail, command.target_count, command.completed) == ("Pending", 1, 0)
    assert command.invocations == {}
    desk.after(command, 30)
    invocation = command.invocations[node.id]
    assert (invocation.detail, command.detail) == (Detail.SUCCESS, "Success")
    assert invocation.plugins[0].stdout.text == f"{desk.machine(node).hostname}\n"
    assert (invocation.plugins[0].code, command.completed, command.errors) == (0, 1, 0)


def test_targets_are_counted_once_they_are_found(desk: Any) -> None:
    targets = [{"Key": "tag:Role", "Values": ["web", "api"]}]
    command = desk.send([], "true", Targets=targets, MaxConcurrency="100%", MaxErrors="100%")
    assert command.target_count == 0
    desk.after(command, 2)
    tagged = {n.id for n in desk.scope.managed if n.tags.get("Role") in ("web", "api")}
    assert command.target_count == len(command.invocations) > 50
    assert set(command.invocations) <= tagged
    left_out = tagged - set(command.invocations)
    assert {desk.world.node(each).state for each in left_out} <= {"terminated", "shutting-down"}


def test_nothing_fits_the_targets(desk: Any) -> None:
    command = desk.send([], "true", Targets=[{"Key": "tag:Role", "Values": ["mainframe"]}])
    desk.after(command, 2)
    assert (command.detail, command.target_count) == ("NoInstancesInTag", 0)
    assert command.detail.status == "Success"


def test_the_rate_doubles_from_round_to_round_up_to_its_limit(desk: Any) -> None:
    nodes = desk.nodes(40)
    command = desk.send(nodes, "sleep 60", MaxConcurrency="8")
    seen = []
    for _ in range(3000):
        desk.after(command, 0.5)
        running = count(command, Detail.IN_PROGRESS)
        if running and running != (seen[-1] if seen else 0):
            seen.append(running)
        if command.done:
            break
    assert command.detail == "Success"
    assert seen[0] == 1
    assert max(seen) == 8
    # One comes for each that has ended, and one more: never a leap from 1 to 8.
    assert all(later <= 2 * earlier + 1 for earlier, later in pairwise(seen))


@pytest.mark.parametrize(("max_errors", "errors"), [("0", 1), ("3", 4), ("10%", 6)])
def test_errors_beyond_the_limit_stop_what_has_not_begun(
    desk: Any, max_errors: str, errors: int
) -> None:
    """10% is of 50 nodes; one at a time, so that nothing else is running."""
    command = desk.send(desk.nodes(50), FAIL, MaxErrors=max_errors, MaxConcurrency="1")
    desk.after(command, 1200)
    assert command.errors == errors == count(command, Detail.FAILED)
    assert count(command, Detail.TERMINATED) == 50 - errors
    assert (command.detail, command.detail.status) == ("Failed", "Failed")
    assert command.completed == 50


def test_what_is_running_when_errors_stop_it_goes_on_to_its_end(desk: Any) -> None:
    nodes = desk.nodes(20)
    slow = nodes[0]
    desk.machine(slow).hostname = "slow"
    script = 'if [ "$(hostname)" = slow ]; then sleep 120; else sleep 20; exit 1; fi'
    command = desk.send(nodes, "true", script, MaxErrors="0", MaxConcurrency="20")
    desk.after(command, 60)
    # The slow one was the first: nothing else begins before it has ended.
    assert details(command)[0] is Detail.IN_PROGRESS
    desk.after(command, 120)
    assert command.invocations[slow.id].detail is Detail.SUCCESS
    desk.after(command, 300)
    assert count(command, Detail.FAILED) >= 1
    assert count(command, Detail.SUCCESS) == 1
    assert command.done


def test_some_errors_that_are_allowed_leave_it_incomplete(desk: Any) -> None:
    nodes = desk.nodes(3)
    desk.machine(nodes[1]).hostname = "odd"
    command = desk.send(nodes, 'test "$(hostname)" != odd', MaxErrors="1")
    desk.after(command, 120)
    assert details(command) == [Detail.SUCCESS, Detail.FAILED, Detail.SUCCESS]
    assert (command.detail, command.detail.status) == ("Incomplete", "Failed")


def test_a_lost_node_delays_and_then_times_out(desk: Any) -> None:
    (node,) = desk.nodes()
    desk.world.lose(node.id)
    command = desk.send([node], "true", TimeoutSeconds=120)
    desk.after(command, 30)
    assert (details(command), command.detail) == ([Detail.DELAYED], "Delayed")
    desk.after(command, 100)
    assert details(command) == [Detail.DELIVERY_TIMED_OUT]
    assert (command.detail, command.detail.status) == ("DeliveryTimedOut", "TimedOut")
    assert (command.delivery_timeouts, command.errors, command.completed) == (1, 0, 1)


def test_a_node_that_is_silent_seems_to_be_at_it(desk: Any) -> None:
    (node,) = desk.nodes()
    desk.world.silence(node.id)
    command = desk.send([node], "true", TimeoutSeconds=120)
    assert details(desk.after(command, 30)) == [Detail.IN_PROGRESS]
    assert details(desk.after(command, 100)) == [Detail.DELIVERY_TIMED_OUT]


def test_a_lost_node_that_returns_in_time_runs_it(desk: Any) -> None:
    (node,) = desk.nodes()
    desk.world.lose(node.id)
    command = desk.send([node], "hostname")
    desk.after(command, 300)
    desk.world.restore(node.id)
    assert details(desk.after(command, 60)) == [Detail.SUCCESS]


def test_a_lost_node_does_not_hold_the_others(desk: Any) -> None:
    nodes = desk.nodes(4)
    desk.world.lose(nodes[0].id)
    command = desk.send(nodes, "sleep 10", MaxConcurrency="1")
    desk.after(command, 120)
    assert details(command) == [Detail.DELAYED, *[Detail.SUCCESS] * 3]


def test_a_node_that_returns_waits_for_a_place(desk: Any) -> None:
    nodes = desk.nodes(2)
    desk.world.lose(nodes[0].id)
    command = desk.send(nodes, "sleep 100", MaxConcurrency="1")
    desk.after(command, 20)
    desk.world.restore(nodes[0].id)
    desk.after(command, 40)
    assert details(command) == [Detail.DELAYED, Detail.IN_PROGRESS]
    desk.after(command, 80)
    assert details(command) == [Detail.IN_PROGRESS, Detail.SUCCESS]


def test_a_lost_node_gets_nothing_any_more_once_errors_have_stopped_it(desk: Any) -> None:
    nodes = desk.nodes(3)
    desk.world.lose(nodes[0].id)
    command = desk.after(desk.send(nodes, FAIL, MaxConcurrency="1"), 60)
    assert details(command) == [Detail.TERMINATED, Detail.FAILED, Detail.TERMINATED]
    desk.world.restore(nodes[0].id)
    desk.after(command, 60)
    assert details(command)[0] is Detail.TERMINATED


def test_a_node_that_goes_away_before_delivery_is_undeliverable(desk: Any) -> None:
    node = desk.nodes(asg="web-blue")[0]
    command = desk.send([node], "true")
    desk.world.terminate(node.id)
    desk.after(command, 60)
    assert details(command) == [Detail.UNDELIVERABLE]
    assert (command.detail, command.errors) == ("Failed", 0)


def test_a_target_that_is_not_there_is_undeliverable(desk: Any) -> None:
    targets = [{"Key": "InstanceIds", "Values": ["i-00000000000000bad"]}]
    command = desk.after(desk.send([], "true", Targets=targets))
    assert details(command) == [Detail.UNDELIVERABLE]


def test_a_node_that_ends_while_it_runs_hangs_until_total_time_is_up(desk: Any) -> None:
    node = desk.nodes(asg="web-blue")[0]
    command = desk.send(
        [node],
        parameters={"commands": ["sleep 30"], "executionTimeout": ["600"]},
        TimeoutSeconds=60,
    )
    desk.after(command, 10)
    desk.world.terminate(node.id)
    assert details(desk.after(command, 600)) == [Detail.IN_PROGRESS]
    assert details(desk.after(command, 60)) == [Detail.DELIVERY_TIMED_OUT]


def test_a_target_of_another_platform_is_refused_by_its_agent(desk: Any) -> None:
    targets = [{"Key": "InstanceIds", "Values": [desk.nodes(platform="Windows")[0].id]}]
    command = desk.after(desk.send([], "true", Targets=targets))
    assert details(command) == [Detail.INVALID_PLATFORM]
    assert (command.detail, command.errors) == ("Failed", 0)


def test_a_script_that_takes_too_long_is_stopped(desk: Any) -> None:
    (node,) = desk.nodes()
    command = desk.send(
        [node], parameters={"commands": ["echo a", "sleep 99"], "executionTimeout": ["30"]}
    )
    desk.after(command, 60)
    assert details(command) == [Detail.EXECUTION_TIMED_OUT]
    assert (command.detail, command.detail.status) == ("ExecutionTimedOut", "TimedOut")
    assert command.invocations[node.id].plugins[0].code == 137
    assert command.errors == 1


def test_all_of_a_command_is_cancelled(desk: Any) -> None:
    command = desk.send(desk.nodes(6), "sleep 50", MaxConcurrency="2")
    desk.after(command, 5)
    assert count(command, Detail.IN_PROGRESS) == 1
    desk.commands.cancel(command)
    assert count(command, Detail.CANCELLING) == 1
    assert count(command, Detail.CANCELLED) == 5
    assert command.detail == "Cancelling"
    desk.after(command, 10)
    assert set(details(command)) == {Detail.CANCELLED}
    assert (command.detail, command.completed) == ("Cancelled", 6)


def test_a_command_is_cancelled_before_its_nodes_are_known(desk: Any) -> None:
    command = desk.send(desk.nodes(2), "true")
    desk.commands.cancel(command)
    desk.after(command, 30)
    assert (details(command), command.detail) == ([Detail.CANCELLED] * 2, "Cancelled")


def test_some_nodes_of_a_command_are_cancelled(desk: Any) -> None:
    nodes = desk.nodes(3)
    command = desk.send(nodes, "sleep 20", MaxConcurrency="3")
    desk.after(command, 5)
    desk.commands.cancel(command, [nodes[2].id])
    desk.after(command, 200)
    assert details(command) == [Detail.SUCCESS, Detail.SUCCESS, Detail.CANCELLED]
    assert command.detail == "Incomplete"


def test_what_has_ended_is_not_cancelled(desk: Any) -> None:
    command = desk.after(desk.send(desk.nodes(1), "true"))
    desk.commands.cancel(command)
    desk.after(command)
    assert (details(command), command.detail) == ([Detail.SUCCESS], "Success")


def test_an_alarm_that_fires_stops_what_has_not_begun(desk: Any) -> None:
    alarms, where = desk.world.part(Alarms), (desk.scope.account.id, desk.scope.region)
    configuration = {"Alarms": [{"Name": "web-5xx-rate"}]}
    command = desk.send(
        desk.nodes(10), "sleep 30", MaxConcurrency="2", AlarmConfiguration=configuration
    )
    desk.after(command, 10)
    alarms.set_state(*where, "web-5xx-rate", ALARM)
    desk.after(command, 60)
    assert (count(command, Detail.SUCCESS), count(command, Detail.CANCELLED)) == (1, 9)
    assert (command.triggered, command.detail) == ("ALARM", "Cancelled")
    alarms.set_state(*where, "web-5xx-rate", OK)


def test_an_alarm_that_has_fired_already_lets_nothing_begin(desk: Any) -> None:
    configuration = {"Alarms": [{"Name": "db-replica-lag"}]}
    command = desk.after(desk.send(desk.nodes(2), "true", AlarmConfiguration=configuration))
    assert set(details(command)) == {Detail.CANCELLED}


@pytest.mark.parametrize(("ignored", "detail"), [(True, "Success"), (False, "Cancelled")])
def test_an_alarm_that_is_not_there(desk: Any, ignored: bool, detail: str) -> None:
    configuration = {"Alarms": [{"Name": "none"}], "IgnorePollAlarmFailure": ignored}
    command = desk.after(desk.send(desk.nodes(1), "true", AlarmConfiguration=configuration))
    assert command.detail == detail


def test_a_leap_and_steps_come_to_the_same(desk: Any) -> None:
    from ssmtui.simulator.world import World

    def told(steps: int) -> list[Any]:
        fresh = type(desk)(World.generate(nodes=300, accounts=1, regions=1))
        command = fresh.send(fresh.nodes(12), "hostname", "sleep 7", "uptime", MaxErrors="100%")
        for _ in range(steps):
            fresh.world.clock.advance(240 / steps)
        return [
            (each.detail, each.plugins[0].started, each.plugins[0].stdout.text)
            for each in command.invocations.values()
        ]

    assert told(1) == told(60)
