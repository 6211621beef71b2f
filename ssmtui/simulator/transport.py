"""HTTP on loopback: requests in, replies out, and connections cut where a fault says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aiohttp import web

from ssmtui.core.tasks import spawn
from ssmtui.simulator.agent.sessions import DATA_CHANNEL_PATH
from ssmtui.simulator.control import PREFIX, Control
from ssmtui.simulator.engine import Engine, Fate, Reply, largest_body
from ssmtui.simulator.outside import CutError, Outside, Response
from ssmtui.simulator.protocols import Incoming

if TYPE_CHECKING:
    from ssmtui.simulator.agent.agent import Agent
    from ssmtui.simulator.agent.data_channel import DataChannels

log = logging.getLogger(__name__)

HOST = "127.0.0.1"

# What a handler gets to finish in when the endpoint closes; held requests never would.
_SHUTDOWN_SECONDS = 0.1


class Transport:
    """Serves an engine and its control path on one port."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._channels: DataChannels | None = None
        self._control = Control(engine, self._agent)

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator[int]:
        """Listen on 127.0.0.1 and yield the port (0: a free one). OSError if it is taken."""
        # A held request ends when its client leaves: the handler is cancelled then.
        server = web.Server(self._handle, access_log=None, handler_cancellation=True)
        runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_SECONDS)
        await runner.setup()
        heart = spawn(self._drive(), "simulator clock")
        try:
            await web.TCPSite(runner, HOST, port).start()
            host = f"{HOST}:{runner.addresses[0][1]}"
            outside = self._engine.world.part(Outside)
            outside.open(host, self._from_within)
            yield runner.addresses[0][1]
            outside.close(host)
        finally:
            heart.cancel()
            with suppress(asyncio.CancelledError):
                await heart
            if self._channels is not None:
                await self._channels.close()
            await runner.cleanup()

    async def _drive(self) -> None:
        """Let the world's time pass. What an action gets wrong is noted, and time goes on."""
        while True:
            try:
                await self._engine.world.clock.run()
            except Exception as error:  # noted as a mistake, which tests and the state show
                log.exception("an action of the simulated world failed")
                self._engine.mistakes.append(error)
                await asyncio.sleep(0)  # whatever goes wrong, requests get their turn

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        incoming = Incoming(
            method=request.method,
            path=request.rel_url.raw_path,
            query=request.rel_url.raw_query_string,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=b"",
        )
        incoming = replace(incoming, body=await _body(request, largest_body(incoming)))
        if incoming.path.startswith(DATA_CHANNEL_PATH):
            return await self._data_channels().serve(request, incoming)
        if incoming.path.startswith(PREFIX):
            answer = await self._control.answer(incoming)
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        # A service finishes what it has begun, also if its client leaves meanwhile.
        reply = await asyncio.shield(spawn(self._reply(incoming), "simulated request"))
        return await self._send(request, reply)

    async def _from_within(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Response:
        """A request of a toy machine's program, which meets the same faults as any other."""
        reply = await self._reply(Incoming(method, path, query, headers, body))
        answer = reply.answer
        if reply.fate is Fate.HELD:
            await asyncio.Event().wait()
        if reply.fate is not Fate.SENT:
            cut = len(answer.body) // 2 if reply.fate is Fate.TRUNCATED else 0
            raise CutError(answer.body[:cut])
        found = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status, found, answer.body)

    def _data_channels(self) -> DataChannels:
        """The agents and their shells are much to load, and come with the first session."""
        if self._channels is None:
            from ssmtui.simulator.agent.data_channel import DataChannels

            self._channels = DataChannels(self._engine)
        return self._channels

    def _agent(self, session_id: str) -> Agent | None:
        return None if self._channels is None else self._channels.agent(session_id)

    async def _reply(self, incoming: Incoming) -> Reply:
        with self._engine.flight():
            return await self._engine.reply(incoming)

    async def _send(self, request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        answer = reply.answer
        if reply.fate is Fate.HELD:
            with self._engine.flight():
                await asyncio.Event().wait()  # until the client leaves or the endpoint closes
        if reply.fate is Fate.CUT and request.transport is not None:
            request.transport.abort()
        if reply.fate is Fate.TRUNCATED:
            return await _send_half(request, reply)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)


async def _body(request: web.BaseRequest, limit: int) -> bytes:
    """The body, or as much of it as proves that it is too large."""
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > limit:
            break
    return bytes(body)


async def _send_half(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """Announce the whole body, send the first half of it, and close the connection."""
    body = reply.answer.body
    response = web.StreamResponse(status=reply.answer.status, headers=reply.answer.headers)
    response.content_length = max(1, len(body))
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return response
