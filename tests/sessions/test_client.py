from __future__ import annotations

import asyncio

import pytest

from ssmtui.sessions import client as module
from ssmtui.sessions.client import Client
from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING, Ended, Output, State


@pytest.fixture
def opened(make_link, monkeypatch):
    """A Client on a fake node, and that node: `client, linked = await opened()`."""

    async def make(**agent):
        linked = make_link(**agent)

        async def start(scope, spec):
            linked.asked = (scope, spec)
            return linked.session

        monkeypatch.setattr(module, "start", start)
        client = Client("scope", "spec", clock=linked.clock, connect=linked.node.connect)
        await client.start(90, 30)
        await linked.node.opens()
        return client, linked

    return make


async def _all(client):
    async with asyncio.timeout(5):
        events = [event async for event in client]
        await client.close()
    return events


async def test_a_terminal_sees_states_output_and_the_end(opened):
    client, linked = await opened(customer_message="Be kind\x1b[31m")
    await client.send(b"ls\r")
    await linked.node.opens()
    await linked.node.says(b"file")
    await linked.node.closes()
    events = await _all(client)
    assert [event.text for event in events if isinstance(event, State)] == [CONNECTING, OPEN]
    output = b"".join(event.data for event in events if isinstance(event, Output))
    assert output.startswith(b"Be kind")
    assert output.endswith(b"\r\nfile")
    assert b"\x1b" not in output
    assert events[-1] == Ended(None, "")
    assert linked.node.typed == b"ls\r"
    assert linked.asked == ("scope", "spec")
    assert client.session_id == linked.session.id


async def test_the_size_is_told_at_the_start_and_when_it_changes(opened):
    client, linked = await opened()
    await client.resize(100, 40)
    await linked.node.opens()
    assert linked.node.sizes == [(90, 30), (100, 40)]
    client.abandon()
    await _all(client)


async def test_stderr_is_shown_and_the_exit_code_told(opened):
    client, linked = await opened(session_type="NonInteractiveCommands", separate_stderr=True)
    await linked.node.says(b"oops", stderr=True)
    await linked.node.exits(4)
    await linked.node.closes()
    events = await _all(client)
    assert Output(b"oops") in events
    assert events[-1] == Ended(4, "")


async def test_a_lost_connection_is_shown(opened):
    client, linked = await opened()
    linked.node.cut()
    await linked.node.opens()
    await linked.node.closes()
    states = [event.text for event in await _all(client) if isinstance(event, State)]
    assert states == [CONNECTING, OPEN, RECONNECTING, OPEN]


async def test_ending_is_answered_by_the_service_and_closes_the_channel(opened):
    client, linked = await opened()
    await client.end()
    assert linked.session.terminated == 1
    await linked.node.closes()
    assert (await _all(client))[-1] == Ended(None, "")
    assert linked.session.terminated == 1


async def test_abandoning_needs_nobody(opened):
    client, linked = await opened()
    linked.node.mute = True
    client.abandon()
    assert (await _all(client))[-1] == Ended(None, "")
    assert linked.session.terminated == 1


async def test_before_the_start_there_is_nothing_to_do():
    client = Client("scope", "spec")
    await client.send(b"x")
    await client.resize(1, 1)
    await client.end()
    client.abandon()
    await client.close()
    assert client.session_id is None
    with pytest.raises(RuntimeError):
        await anext(aiter(client))
