from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.server import Endpoint
from ssmtui.simulator.world.node import Node

STREAM = "AWS-StartSSHSession"


async def test_sessions_are_shown_ended_ones_too(start: Any, ssm: Any, control: Any) -> None:
    client = await start(STREAM, portNumber="7")
    await client.ready()
    (shown,) = (await control("sessions"))["sessions"]
    assert (shown["id"], shown["document"]) == (client.id, STREAM)
    assert (shown["status"], shown["active"]) == ("Connected", True)
    assert (shown["connected"], shown["connections"]) == (True, 1)
    await ssm.terminate_session(SessionId=client.id)
    await client.closed()
    (shown,) = (await control("sessions"))["sessions"]
    assert (shown["status"], shown["active"]) == ("Terminated", False)
    assert shown["ended"] == shown["started"]


async def test_a_session_that_is_not_opened_cannot_be_cut(
    ssm: Any, control: Any, node: Node
) -> None:
    started = await ssm.start_session(Target=node.id)
    answer = await control(f"sessions/{started['SessionId']}/cut", times=1)
    assert "has not opened its data channel" in answer["error"]
    assert "there is no session" in (await control("sessions/nobody/cut", times=1))["error"]


async def test_a_cut_is_once_at_least(start: Any, control: Any) -> None:
    client = await start(STREAM, portNumber="7")
    await client.ready()
    assert "times is 1 or more" in (await control(f"sessions/{client.id}/cut", times=0))["error"]


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("nodes/i-0/lose", "there is no node 'i-0'"),
        ("nodes/i-0/explode", "use one of lose, restore"),
    ],
)
async def test_what_cannot_happen_is_said(control: Any, path: str, sentence: str) -> None:
    assert sentence in (await control(path))["error"]


async def test_what_the_world_refuses_is_said(control: Any, node: Node) -> None:
    assert "not stopped" in (await control(f"nodes/{node.id}/start"))["error"]


async def test_settings_are_changed_and_given(control: Any, endpoint: Endpoint) -> None:
    where = {"account": endpoint.accounts[0], "region": endpoint.world.regions[0]}
    given = await control("session-settings", **where, idle_minutes=3, advanced_tier=False)
    assert (given["idle_minutes"], given["advanced_tier"]) == (3, False)
    given = await control("session-settings", **where, kms_key="alias/session-manager")
    assert (given["idle_minutes"], given["kms_key"]) == (3, "alias/session-manager")


async def test_settings_of_nowhere_are_an_error(control: Any) -> None:
    answer = await control("session-settings", account="000000000000", region="x")
    assert "is not simulated" in answer["error"]
