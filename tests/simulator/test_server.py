"""The endpoint in this process, and the settings of the one that is served."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket

import msgspec
import pytest
from aiobotocore.session import AioSession

from ssmtui.core.problem import ProblemError
from ssmtui.simulator.commands import Command, Refusals
from ssmtui.simulator.faults import FaultError, FaultKind
from ssmtui.simulator.server import Settings, running, serve

AWS = shutil.which("aws")


async def test_an_endpoint_tells_what_it_is(endpoint, world):
    assert endpoint.accounts == ["111122223333", "444455556666"]
    assert endpoint.profiles == ["dev", "prod"]
    assert endpoint.world is world
    assert endpoint.clock is world.clock
    assert endpoint.client_options("444455556666", "us-east-1") == {
        "endpoint_url": endpoint.url,
        "region_name": "us-east-1",
        "aws_access_key_id": "AKIA444455556666DEMO",
        "aws_secret_access_key": endpoint.engine.identities.long_lived("444455556666").secret_key,
    }


async def test_faults_and_latency_are_in_force_from_the_start(world):
    async with running(world, faults=["hang ssm:*"], latency_ms=5, services={"ssm": object}) as up:
        assert [active.rule.kind for active in up.faults.active] == [FaultKind.HANG]
        assert up.faults.latency_ms == 5
    with pytest.raises(FaultError, match="'smm' is no simulated service"):
        async with running(world, faults=["hang smm:*"], services={"ssm": object}):
            pass


async def test_what_becomes_of_commands_has_rules_too(world):
    command = Command("c-1", "111122223333", "eu-west-1", None, owner="", requested=0.0)
    rules = ["denied ssm:Invocation count=1", "throttle ssm:Command account=444455556666"]
    async with running(world, faults=rules, services={"ssm": object}):
        refusals = world.part(Refusals)
        assert [refusals.of_invocation(command) for _ in range(2)] == [True, False]
        assert refusals.of_command(command, pending=1) is None
        command.account = "444455556666"
        assert refusals.of_command(command, pending=1) == "RateExceeded"


async def test_the_endpoint_is_gone_after_the_block(world):
    async with running(world, services={}) as served:
        port = int(served.url.rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def test_the_environment_leads_a_plain_session_to_a_profiles_account(
    endpoint, tmp_path, monkeypatch
):
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in endpoint.environ(tmp_path, "prod").items():
        monkeypatch.setenv(name, value)
    async with AioSession().create_client("sts") as sts:
        assert (await sts.get_caller_identity())["Account"] == "444455556666"


@pytest.mark.skipif(AWS is None, reason="the aws CLI is not on PATH")
async def test_the_aws_cli_works_on_it(endpoint, tmp_path):
    outside = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    process = await asyncio.create_subprocess_exec(
        AWS,
        "ssm",
        "describe-parameters",
        "--profile",
        "prod",
        "--output",
        "json",
        env=outside | endpoint.environ(tmp_path),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert len(msgspec.json.decode(out)["Parameters"]) == 120
    assert endpoint.calls["ssm:DescribeParameters"] == 12


def never(info):
    raise AssertionError(f"served with wrong settings: {info}")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(nodes=0, faults=("slow *",)), "'slow' is no kind of fault"),
        (Settings(nodes=0, faults=("hang ssm:*", "hang * region=x")), "region=x is not simulated"),
        (Settings(nodes=0, pace=-1), "does not run backwards"),
        (Settings(accounts=0), "one account, one Region"),
    ],
)
async def test_wrong_settings_are_one_sentence(settings, words):
    with pytest.raises(ProblemError) as problem:
        await serve(settings, never)
    assert words in problem.value.problem.sentence


async def test_a_port_that_is_taken_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ProblemError) as problem:
            await serve(Settings(nodes=0, port=port), never)
    sentence = problem.value.problem.sentence
    assert sentence == (
        f"Port {port} cannot be listened on: it is taken. "
        "Choose another one, or --port 0 for any that is free."
    )
