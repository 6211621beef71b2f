"""What would be touched is told before, and what cannot be asked is told, too."""

from __future__ import annotations

from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemKind
from ssmtui.resources.documents.document import Document
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.preview import preview, read_again, warnings
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.targets import TagTargets
from ssmtui.simulator.commands import Commands
from tests.rollouts.conftest import SCOPE, a_command, some_nodes
from tests.rollouts.test_conduct import until

LINUX = Document(name="AWS-RunShellScript", platforms=("Linux", "MacOS"))


async def test_it_names_places_platforms_and_who_is_not_online(sea: Any) -> None:
    async with sea(nodes=150, regions=2) as at:
        one, other = at.fleet.scopes
        linux = [*at.nodes(5, scope=one.key), *at.nodes(2, scope=other.key)]
        windows = at.nodes(1, platform="Windows")
        lost = msgspec.structs.replace(at.nodes(6)[5], ping="lost")
        command = a_command([*linux, *windows, lost], at_a_time=Amount(2))
        seen = await preview(command, at.fleet.scopes, LINUX)
        assert seen.total == 9
        assert seen.rate == "2 at a time; stops after the 1st failure"
        assert [(place.name, place.nodes) for place in seen.places] == [
            (one.name, 7),
            (other.name, 2),
        ]
        assert seen.unsupported == tuple(windows)
        assert seen.offline == (lost,)
        assert (dict(seen.busy), seen.busy_partial, seen.problems) == ({}, False, ())


async def test_nodes_on_which_something_is_in_progress_are_counted(sea: Any) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(6)
        command = a_command(nodes[:4], parameters={"commands": ["sleep 900"]})
        rollout = await at.begin(RolloutSpec(command))
        rollout.start()
        began = at.clock.now()
        await until(rollout, lambda _: at.clock.now() > began + 20)
        at.clock.held = True
        busy = {
            node.key: 1
            for [scope] in [at.fleet.scopes]
            for command in at.fleet.world.part(Commands).all(*scope.key)
            for node in nodes
            if node.id in command.invocations
            and command.invocations[node.id].detail.status == "InProgress"
        }
        assert busy
        others = [node for node in nodes if node.key not in busy]
        seen = await preview(a_command(nodes), at.fleet.scopes)
        assert dict(seen.busy) == busy
        assert not (await preview(a_command(others), at.fleet.scopes)).busy
        at.clock.held = False
        await rollout.cancel()
        await rollout.over()
        await rollout.leave()


async def test_what_cannot_be_asked_is_a_problem_and_not_nothing(sea: Any) -> None:
    async with sea(nodes=40, faults=["denied ssm:ListCommandInvocations"]) as at:
        seen = await preview(a_command(at.nodes(2)), at.fleet.scopes)
        assert seen.busy_partial
        assert [each.kind for each in seen.problems] == [ProblemKind.DENIED]


async def test_pings_and_tags_are_read_again(sea: Any) -> None:
    async with sea(nodes=150) as at:
        world, nodes = at.fleet.world, at.nodes(70)
        world.lose(nodes[0].id)
        world.deregister(nodes[1].id)
        world.tag(nodes[2].id, {"Env": "moved"})
        fresh, problems = await read_again(at.fleet.scopes, [node.key for node in nodes])
        assert problems == ()
        assert len(fresh) == 70
        assert fresh[nodes[1].key].ping == ""
        assert fresh[nodes[3].key].ping == "online"
        instances = [node for node in nodes if node.id.startswith("i-")]
        assert all(fresh[node.key].tags is not UNKNOWN for node in instances)
        if nodes[2].id.startswith("i-"):
            assert fresh[nodes[2].key].tags["Env"] == "moved"  # type: ignore[index]


async def test_tags_that_are_denied_are_unknown_and_pings_that_are_leave_nothing(sea: Any) -> None:
    async with sea(nodes=40, faults=["denied ec2:DescribeInstances"]) as at:
        keys = [node.key for node in at.nodes(3)]
        fresh, problems = await read_again(at.fleet.scopes, keys)
        assert {each.tags for each in fresh.values()} == {UNKNOWN}
        assert len(problems) == 1
        at.fleet.endpoint.faults.add("denied ssm:DescribeInstanceInformation")
        fresh, problems = await read_again(at.fleet.scopes, keys)
        assert (fresh, len(problems)) == ({}, 2)


async def test_nodes_of_scopes_that_are_not_open_are_not_told_of() -> None:
    assert await read_again([], [RowKey("1", "r", "i-1")]) == ({}, ())


def test_warnings_are_sentences() -> None:
    command = a_command(some_nodes(1), parameters={"commands": ["TOKEN=abcdefgh", "ls"]})
    assert warnings(command) == [
        "commands looks as if it held a secret: whoever may list commands can read it for 30 days"
    ]
    secure = a_command(1, parameters={"commands": ["echo {{ ssm-secure:db }}"]})
    assert warnings(secure) == ["commands: Run Command does not resolve SecureString parameters"]
    by_tag = CommandSpec(document="Doc", targets=TagTargets({"Env": ("prod",)}, (SCOPE,)))
    assert warnings(by_tag) == [
        "The service resolves these targets when the call arrives, not this list"
    ]
