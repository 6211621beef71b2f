"""The unmodified session-manager-plugin against the simulated agent, where it is installed."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from typing import Any

import pytest

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.server import Endpoint
from ssmtui.simulator.world.node import Node

PLUGIN = shutil.which("session-manager-plugin")
RESPONSE = "AWS_SSM_START_SESSION_RESPONSE"

pytestmark = pytest.mark.skipif(PLUGIN is None, reason="session-manager-plugin is not on PATH")


class Plugin:
    """The plugin as the AWS CLI runs it, with pipes instead of a terminal."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.output = b""

    def type(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    async def until(self, text: bytes) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            while text not in self.output:
                data = await self.process.stdout.read(4096)
                assert data, self.output
                self.output += data


@pytest.fixture
async def plugin(ssm: Any, endpoint: Endpoint, node: Node, tmp_path: Any) -> Any:
    processes: list[asyncio.subprocess.Process] = []

    async def begin(document: str = "", **parameters: str) -> tuple[Plugin, str]:
        request: dict[str, Any] = {"Target": node.id}
        if document:
            request["DocumentName"] = document
            request["Parameters"] = {name: [value] for name, value in parameters.items()}
        answer = await ssm.start_session(**request)
        response = {name: answer[name] for name in ("SessionId", "TokenValue", "StreamUrl")}
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            **endpoint.environ(tmp_path),
            RESPONSE: json.dumps(response),
        }
        process = await asyncio.create_subprocess_exec(
            PLUGIN, RESPONSE, endpoint.world.regions[0], "StartSession", "",
            json.dumps(request), endpoint.url,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environ,
        )  # fmt: skip
        processes.append(process)
        return Plugin(process), answer["SessionId"]

    yield begin
    for process in processes:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_command_runs(plugin: Any, sessions: Sessions) -> None:
    process, session_id = await plugin("AWS-StartInteractiveCommand", command="echo he''llo")
    await process.until(b"hello")
    await process.until(b"Exiting session with sessionId")
    session = sessions.find(session_id)
    assert session is not None
    assert not session.active


async def test_a_port_is_forwarded(plugin: Any) -> None:
    process, _ = await plugin("AWS-StartPortForwardingSession", portNumber="80")
    await process.until(b"Waiting for connections...")
    words = process.output.split()
    port = int(words[words.index(b"Port") + 1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /bytes/200000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await spawn(reader.read(), "answer")
    writer.close()
    assert len(answer.partition(b"\r\n\r\n")[2]) == 200_000
