"""Sessions that are encrypted with a key of the account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiobotocore.session import get_session

from ssmtui.core.wire import events as wire
from ssmtui.core.wire.crypto import encryption_context
from ssmtui.simulator.agent.keys import SESSION_ALIAS
from ssmtui.simulator.agent.sessions import Sessions, Status
from ssmtui.simulator.server import Endpoint
from ssmtui.simulator.world import World
from ssmtui.simulator.world.node import Node

COMMAND = "AWS-StartNonInteractiveCommand"
GO = {"User-Agent": "Go-http-client/1.1"}


@pytest.fixture(autouse=True)
def wished(sessions: Sessions, world: World) -> None:
    settings = sessions.settings(world.accounts[0].id, world.regions[0])
    settings.kms_key = SESSION_ALIAS


@pytest.fixture
async def kms(endpoint: Endpoint) -> AsyncIterator[Any]:
    async with get_session().create_client("kms", **endpoint.client_options()) as client:
        yield client


async def give_key(client: Any, kms: Any, target: str) -> None:
    await client.until(lambda: client.of(wire.NeedsKey))
    answer = await kms.generate_data_key(
        KeyId=client.of(wire.NeedsKey)[0].key_id,
        NumberOfBytes=64,
        EncryptionContext=encryption_context(client.id, target),
    )
    client.answer_key(answer["Plaintext"], answer["CiphertextBlob"])


async def test_the_challenge_is_met_and_data_is_encrypted(
    start: Any, kms: Any, node: Node, endpoint: Endpoint
) -> None:
    client = await start(COMMAND, command="echo secret", separateOutputStream="true")
    await give_key(client, kms, node.id)
    done = await client.ready()
    assert done.encrypted
    assert "encrypted" in done.customer_message
    await client.closed()
    assert bytes(client.output) == b"secret\n"
    assert [event.code for event in client.of(wire.Exit)] == [0]
    assert endpoint.calls["kms:Decrypt"] == 1


async def test_a_key_of_another_session_is_refused(
    start: Any, kms: Any, sessions: Sessions
) -> None:
    client = await start(COMMAND, command="echo secret")
    await give_key(client, kms, "i-another")
    closed = await client.closed()
    assert "InvalidCiphertextException" in closed.output
    session = sessions.find(client.id)
    assert session is not None
    assert session.status is Status.FAILED
    assert bytes(client.output) == b""


async def test_an_agent_that_may_not_decrypt_says_so(
    start: Any, kms: Any, node: Node, endpoint: Endpoint
) -> None:
    endpoint.faults.add("denied kms:Decrypt")
    client = await start(COMMAND, command="echo secret")
    await give_key(client, kms, node.id)
    assert "denied" in (await client.closed()).output


async def test_a_client_without_a_key_gets_no_session(start: Any) -> None:
    client = await start(COMMAND, command="echo secret")
    await client.until(lambda: client.of(wire.NeedsKey))
    client.refuse_key("no permission")
    assert "no permission" in (await client.closed()).output


@pytest.mark.parametrize("headers", [GO, {"User-Agent": ""}])
async def test_the_plugin_is_never_asked_for_a_key(start: Any, headers: dict[str, str]) -> None:
    client = await start(COMMAND, headers=headers, command="echo plain")
    done = await client.ready()
    assert not done.encrypted
    await client.closed()
    assert bytes(client.output) == b"plain\n"


async def test_port_sessions_are_not_encrypted(start: Any) -> None:
    client = await start("AWS-StartSSHSession", portNumber="7")
    assert not (await client.ready()).encrypted
