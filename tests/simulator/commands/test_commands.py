from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands import Commands

DAY = 86_400.0


def test_a_command_is_found_in_its_own_account_and_region_only(desk: Any) -> None:
    command = desk.send(desk.nodes(), "true")
    account, region = desk.scope.account.id, desk.scope.region
    assert desk.commands.find(account, region, command.id) is command
    assert desk.commands.find(account, "us-east-1", command.id) is None
    assert desk.world.part(Commands) is desk.commands


def test_a_command_is_forgotten_after_30_days(desk: Any) -> None:
    account, region = desk.scope.account.id, desk.scope.region
    command = desk.after(desk.send(desk.nodes(), "true"), 30 * DAY - 60)
    assert desk.commands.find(account, region, command.id) is command
    desk.after(command, 61)
    assert desk.commands.find(account, region, command.id) is None
    assert command not in desk.commands.all(account, region)


def test_what_waits_to_be_sent_is_counted(desk: Any) -> None:
    account, region = desk.scope.account.id, desk.scope.region
    assert desk.commands.pending(account, region) == 0
    command = desk.after(desk.send(desk.nodes(3), "sleep 60", MaxConcurrency="1"), 10)
    assert desk.commands.pending(account, region) == 2
    desk.after(command, 300)
    assert desk.commands.pending(account, region) == 0


def test_the_latest_command_is_the_first(desk: Any) -> None:
    first = desk.after(desk.send(desk.nodes(), "true"))
    second = desk.send(desk.nodes(), "true")
    listed = desk.commands.all(desk.scope.account.id, desk.scope.region)
    assert listed[:2] == [second, first]
    times = [command.requested for command in listed]
    assert times == sorted(times, reverse=True)


def test_invocations_are_there_a_moment_later(desk: Any) -> None:
    command = desk.send(desk.nodes(3), "true")
    assert 0.4 <= command.visible - command.requested <= 1.6
    desk.world.clock.advance(command.visible - desk.world.now - 0.01)
    assert command.invocations == {}
    desk.after(command, 0.02)
    assert len(command.invocations) == 3
