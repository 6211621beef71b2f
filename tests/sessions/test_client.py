from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.sessions import client as module
from ssmtui.sessions import start as start_module
from ssmtui.sessions.client import Client
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING, Ended, Output, State

SPEC = SessionSpec(RowKey("1", "eu-west-1", "i-1"))


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


async def test_what_is_typed_before_the_start_arrives_first(make_link, monkeypatch):
    linked, may_start = make_link(), asyncio.Event()

    async def start(scope, spec):
        await may_start.wait()
        return linked.session

    monkeypatch.setattr(module, "start", start)
    client = Client("scope", "spec", clock=linked.clock, connect=linked.node.connect)
    starting = asyncio.ensure_future(client.start(90, 30))
    await client.send(b"l")
    await client.send(b"s")
    may_start.set()
    await starting
    await client.send(b" -l\r")
    await linked.node.opens()
    assert linked.node.typed == b"ls -l\r"
    client.abandon()
    await _all(client)


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


@pytest.mark.parametrize("way", ["end", "abandon", "close"])
async def test_a_session_that_is_ended_before_it_is_open_is_not_left_open(
    make_link, monkeypatch, way
):
    """Whoever gives up while it starts; the service may have opened it by then."""
    linked = make_link()
    answered = asyncio.Event()

    async def send(scope, spec):
        await answered.wait()
        return linked.session

    monkeypatch.setattr(start_module, "_start", send)
    client = Client("scope", SPEC, clock=linked.clock, connect=linked.node.connect)
    starting = asyncio.ensure_future(client.start(90, 30))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    given = getattr(client, way)()
    ending = asyncio.ensure_future(given) if given is not None else None
    await asyncio.sleep(0)
    assert not starting.done()
    answered.set()
    with pytest.raises(ProblemError, match="ended before it was open"):
        await starting
    if ending is not None:
        await ending
    await client.close()
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
