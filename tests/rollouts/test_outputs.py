"""Whole outputs come from the service, and what it cuts from S3 or the logs."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ssmtui.core.problem import ProblemKind
from ssmtui.rollouts.outputs import fetch, fetch_one, object_key, wanted
from ssmtui.rollouts.spec import LogOutput, RolloutSpec, S3Output
from ssmtui.simulator.world.buckets import Buckets
from tests.rollouts.conftest import a_command

# Of 3,500, 35,000 and 140,000 characters, in lines of seven.
LONG, LONGER, LONGEST = (f"seq 100001 {100_000 + count}" for count in (500, 5_000, 20_000))


async def whole(at: Any, script: str, **options: Any) -> Any:
    """The whole texts of a script's output on one node, and what was known before."""
    command = a_command(at.nodes(1), parameters={"commands": [script]}, **options)
    rollout = await at.run(RolloutSpec(command))
    [result] = rollout.results.values()
    [scope] = at.fleet.scopes
    return await fetch_one(scope, command, result, rollout.command_id(result)), result


async def test_what_the_list_has_cut_the_service_has_whole(sea: Any) -> None:
    async with sea(nodes=40) as at:
        fetched, before = await whole(at, f"{LONG}; echo wrong >&2; exit 3")
        assert before.cut
        assert not before.full
        result = fetched.result
        assert (result.cut, result.full, fetched.problem) == (False, True, None)
        assert result.stdout.startswith("100001\n")
        assert result.stdout.rstrip().endswith("100500")
        assert "wrong" in result.stderr
        assert result.exit_code == 3


async def test_beyond_its_limits_the_service_cuts_too(sea: Any) -> None:
    async with sea(nodes=40) as at:
        fetched, _ = await whole(at, LONGER)
        assert (fetched.result.cut, fetched.result.full) == (True, True)
        assert len(fetched.result.stdout) == 24_000


async def test_s3_has_it_all(sea: Any) -> None:
    async with sea(nodes=40) as at:
        [scope] = at.fleet.scopes
        at.fleet.world.part(Buckets).create("outputs", scope.key.account, scope.region, 0.0)
        script = f"{LONGEST}; echo small >&2"
        fetched, _ = await whole(at, script, s3=S3Output("outputs", "some/where"))
        assert fetched.problem is None
        assert not fetched.result.cut
        assert fetched.result.stdout.rstrip().endswith("120000")
        assert fetched.result.stderr.strip() == "small"


async def test_an_object_that_cannot_be_read_leaves_what_the_service_has(sea: Any) -> None:
    async with sea(nodes=40, faults=["denied s3:GetObject"]) as at:
        [scope] = at.fleet.scopes
        at.fleet.world.part(Buckets).create("outputs", scope.key.account, scope.region, 0.0)
        fetched, _ = await whole(at, LONGER, s3=S3Output("outputs"))
        assert fetched.problem
        assert fetched.problem.kind is ProblemKind.DENIED
        assert (fetched.result.cut, len(fetched.result.stdout)) == (True, 24_000)


async def test_the_logs_have_it_all(sea: Any) -> None:
    async with sea(nodes=40) as at:
        fetched, _ = await whole(at, LONGER, logs=LogOutput())
        assert fetched.problem is None
        assert not fetched.result.cut
        lines = fetched.result.stdout.splitlines()
        assert (len(lines), lines[0], lines[-1]) == (5_000, "100001", "105000")


async def test_several_are_fetched_and_told_one_by_one(sea: Any) -> None:
    async with sea(nodes=80) as at:
        command = a_command(at.nodes(9), parameters={"commands": [LONG]})
        rollout = await at.run(RolloutSpec(command))
        scopes = {scope.key: scope for scope in at.fleet.scopes}
        asked = [(each, rollout.command_id(each)) for each in wanted(rollout.results)]
        told: list[Any] = []
        fetched = await fetch(scopes, command, asked, got=told.append)
        assert len(told) == len(fetched) == 9
        rollout.replace(each.result for each in fetched)
        assert wanted(rollout.results) == []
        assert all(each.full for each in rollout.results.values())


async def test_what_the_service_will_not_tell_stays_as_it_was(sea: Any) -> None:
    async with sea(nodes=40, faults=["denied ssm:GetCommandInvocation"]) as at:
        fetched, before = await whole(at, LONG)
        assert fetched.problem
        assert fetched.problem.kind is ProblemKind.DENIED
        assert fetched.result == before


async def test_documents_of_several_steps_are_asked_step_by_step() -> None:
    asked: list[Any] = []

    class Scope:
        async def read(self, service: str, operation: str, params: Any) -> Any:
            asked.append(params)
            return {
                "PluginName": params["PluginName"],
                "ResponseCode": 0,
                "StandardOutputContent": f"of {params['PluginName']}",
                "StandardErrorContent": "",
            }

    from tests.rollouts.test_ledger import a_result

    result = msgspec.structs.replace(a_result(), steps=("fetch", "switch"))
    scope: Any = Scope()
    fetched = await fetch_one(scope, a_command(), result, "c-1")
    assert [each["PluginName"] for each in asked] == ["fetch", "switch"]
    assert fetched.result.stdout == "== fetch ==\nof fetch\n== switch ==\nof switch"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://s3.eu-west-1.amazonaws.com/outputs/a/b%20c/stdout", "a/b c/stdout"),
        ("https://outputs.s3.eu-west-1.amazonaws.com/a/stdout", "a/stdout"),
        ("https://s3.eu-west-1.amazonaws.com/others/a/stdout", ""),
        ("", ""),
    ],
)
def test_keys_are_read_from_addresses(url: str, key: str) -> None:
    assert object_key(url, "outputs") == key
