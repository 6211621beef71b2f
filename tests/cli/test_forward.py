"""`ssmtui forward` against a served fleet: what it says, what it carries and what it leaves."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from typing import Any

import aiohttp
import pytest

from ssmtui.cli import forward as module
from ssmtui.cli.forward import FORWARD_FAILED, forward
from ssmtui.cli.options import Options
from ssmtui.core.tasks import spawn
from ssmtui.sessions.forwards import forward as forwards_module
from ssmtui.simulator.agent.sessions import Sessions, connected

PATIENCE = 30.0
GET = b"GET /health HTTP/1.1\r\nConnection: close\r\n\r\n"


class Verb:
    """The verb as it runs, and what it has said."""

    def __init__(self, served: Any) -> None:
        self.served = served
        self.world = served.endpoint.world
        self.node = next(node for node in self.world.nodes.values() if connected(node))
        self.world.update_agent(self.node.id)
        self.said: list[str] = []
        self._news = asyncio.Event()
        self.task: asyncio.Task[int] | None = None

    def say(self, words: str) -> None:
        self.said.append(words)
        self._news.set()

    def run(self, *ports: str, bind: str = "127.0.0.1", **options: Any) -> asyncio.Task[int]:
        work = forward(Options(**options), self.node.id, ports, bind=bind, reason="INC-1")
        self.task = spawn(work, "verb under test")
        return self.task

    async def says(self, pattern: str) -> re.Match[str]:
        """Wait until something is said that matches."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for words in self.said:
                    if match := re.search(pattern, words):
                        return match
                self._news.clear()
                await self._news.wait()

    async def ended(self) -> int:
        assert self.task is not None
        async with asyncio.timeout(PATIENCE):
            return await self.task

    @property
    def open(self) -> list[Any]:
        return [session for session in self.world.part(Sessions) if session.active]


@pytest.fixture
async def verb(served: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Verb(served)
    monkeypatch.setattr(module, "say", made.say)
    yield made
    if made.task is not None:
        made.task.cancel()
        await asyncio.gather(made.task, return_exceptions=True)
    assert made.open == []


async def get(port: str) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(port))
    writer.write(GET)
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    return answer


async def test_every_forward_is_said_and_carries(verb) -> None:
    verb.run("0:80", "0:web.internal:80")
    first = await verb.says(r"^127\.0\.0\.1:(\d+) -> \S+:80 is open$")
    second = await verb.says(r"^127\.0\.0\.1:(\d+) -> \S+:web\.internal:80 is open$")
    assert b'"status": "ok"' in await get(first[1])
    assert b'"status": "ok"' in await get(second[1])
    assert [session.reason for session in verb.open] == ["INC-1", "INC-1"]


async def test_told_to_end_it_leaves_nothing_open(verb) -> None:
    verb.run("0:80")
    match = await verb.says("is open")
    assert match
    os.kill(os.getpid(), signal.SIGTERM)
    assert await verb.ended() == 128 + signal.SIGTERM
    assert verb.open == []


async def test_interrupted_it_leaves_nothing_open(verb) -> None:
    task = verb.run("0:80")
    await verb.says("is open")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await verb.ended()
    assert verb.open == []


async def test_changes_are_said_and_the_last_failure_ends_it(verb, monkeypatch) -> None:
    monkeypatch.setattr(forwards_module, "WAITS", (0.0,))
    verb.run("0:80")
    await verb.says("is open")
    url = f"{verb.served.endpoint.control}nodes/{verb.node.id}/stop"
    async with aiohttp.ClientSession() as http, http.post(url) as answer:
        assert answer.status == 200
    assert await verb.ended() == FORWARD_FAILED
    assert any("is reconnecting: " in words for words in verb.said)
    assert re.search("is failed: .* is not connected to Systems Manager", verb.said[-1])


def test_all_of_them_open_or_none(served, ssmtui) -> None:
    world = served.endpoint.world
    node = next(node for node in world.nodes.values() if connected(node))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = ssmtui("forward", node.id, "0:80", f"{port}:80")
    assert result.exit_code == 2
    assert f"Port {port} on 127.0.0.1 is in use by another program" in result.stderr
    assert result.stdout == ""
    assert not any(session.active for session in world.part(Sessions))


async def test_another_address_is_warned_of(verb) -> None:
    verb.run("0:80", bind="0.0.0.0")
    await verb.says(r"^whoever reaches 0\.0\.0\.0 can use these forwards$")
    await verb.says(r"^0\.0\.0\.0:\d+ -> .* is open$")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("web",), "Missing argument"),
        (("web", "8080"), "8080 is not a forward"),
        (("web", "8080:80", "8080:81"), "The local port 8080 is named twice"),
        (("web", "8080:99999"), "99999 is not a port"),
    ],
)
def test_wrong_words_ask_nothing_of_aws(ssmtui, arguments, said) -> None:
    result = ssmtui("forward", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_node_that_is_not_there(served, ssmtui) -> None:
    result = ssmtui("forward", "no-such-node-at-all", "0:80")
    assert result.exit_code == 1
    assert "there is no node called no-such-node-at-all" in result.stderr


def test_in_look_mode_it_is_refused(served, ssmtui) -> None:
    node = next(node for node in served.endpoint.world.nodes.values() if connected(node))
    result = ssmtui("forward", node.id, "0:80", "--read-only")
    assert result.exit_code == 2
    assert "look mode" in result.stderr
