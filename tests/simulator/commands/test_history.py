from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.commands import DAY
from ssmtui.simulator.commands.history import past_commands
from ssmtui.simulator.commands.statuses import Detail
from ssmtui.simulator.world import World


def test_the_past_is_the_same_for_the_same_seed(desk: Any, world: World) -> None:
    again = World.generate(nodes=300, accounts=1, regions=1)
    first = [(each.id, each.owner) for each in past_commands(world, desk.scope)]
    assert first == [(each.id, each.owner) for each in past_commands(again, again.scopes[0])]
    assert len(first) > 20


def test_everything_in_the_past_has_ended_within_30_days(desk: Any) -> None:
    for command in desk.commands.all(desk.scope.account.id, desk.scope.region):
        assert desk.world.now - 30 * DAY <= command.requested < desk.world.now
        assert command.done
        assert command.detail.final
        for invocation in command.invocations.values():
            assert invocation.detail.final
            assert all(result.finished < desk.world.now for result in invocation.plugins)


def test_several_people_and_roles_have_run_them_with_all_kinds_of_ends(desk: Any) -> None:
    commands = desk.commands.all(desk.scope.account.id, desk.scope.region)
    assert len({command.owner for command in commands}) > 5
    assert {":user/" in command.owner for command in commands} == {True, False}
    assert {"Success", "Failed"} <= {command.detail.status for command in commands}
    ends = {each.detail for command in commands for each in command.invocations.values()}
    assert {Detail.SUCCESS, Detail.FAILED} <= ends


def test_errors_have_stopped_commands_of_the_past_as_they_would_today(desk: Any) -> None:
    for command in desk.commands.all(desk.scope.account.id, desk.scope.region):
        if command.counts[Detail.TERMINATED]:
            assert command.too_many_errors
            assert command.detail == "Failed"


def test_outputs_of_the_past_are_there(desk: Any) -> None:
    commands = desk.commands.all(desk.scope.account.id, desk.scope.region)
    results = [
        (invocation, result)
        for command in commands
        for invocation in command.invocations.values()
        for result in invocation.plugins
    ]
    assert any(result.stdout.text for _, result in results)
    assert any(result.stderr.text and result.code for _, result in results)


def test_what_is_older_than_30_days_is_forgotten(desk: Any) -> None:
    where = desk.scope.account.id, desk.scope.region
    before = len(desk.commands.all(*where))
    desk.world.clock.advance(20 * DAY)
    assert 0 < len(desk.commands.all(*where)) < before


def test_an_empty_scope_has_no_past() -> None:
    world = World.generate(nodes=0, accounts=1, regions=1)
    assert past_commands(world, world.scopes[0]) == []


def test_steps_for_other_platforms_were_skipped_in_the_past_too(desk: Any) -> None:
    patched = [
        command
        for command in desk.commands.all(desk.scope.account.id, desk.scope.region)
        if command.document_name == "AWS-RunPatchBaseline"
    ]
    delivered = [e for command in patched for e in command.invocations.values() if e.delivered]
    assert delivered
    for invocation in delivered:
        said = {result.name: result.stdout.text for result in invocation.plugins}
        assert said["PatchMacOS"].startswith("Step execution skipped due to unsatisfied")
        assert "skipped" not in said["PatchLinux"]
