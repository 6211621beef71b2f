"""The data channel's websocket: who may open it, and which session's agent it leads to.

    GET /v1/data-channel/SESSIONID?role=publish_subscribe

Signed and unsigned upgrades are accepted, as the service still does; a signature by credentials
that are unknown or have expired is refused. The first frame is a text with the session's token; a
wrong one is answered by closing with code 1003.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from aiohttp import WSMsgType, web

from ssmtui.core.wire.errors import WireError
from ssmtui.core.wire.payloads import OpenDataChannelInput, decode_payload
from ssmtui.simulator.agent.agent import Agent, Connection
from ssmtui.simulator.agent.documents import PORT
from ssmtui.simulator.agent.sessions import DATA_CHANNEL_PATH, Session, Sessions
from ssmtui.simulator.engine import Engine, scope_of, session_token
from ssmtui.simulator.errors import Refusal, RefusedError
from ssmtui.simulator.faults import OPEN_DATA_CHANNEL, FaultKind, Verdict
from ssmtui.simulator.protocols import Incoming

log = logging.getLogger(__name__)

_NO_TOKEN: Final = b"request to open data channel does not contain token"
_NO_TOKEN_CODE: Final = 1003
# A client sends its token at once.
_TOKEN_SECONDS: Final = 15.0
# How long a websocket waits for the other side's farewell.
_CLOSE_SECONDS: Final = 1.0
# A client's message is at most 1 KiB and its header; the agent takes more, within reason.
_LARGEST_FRAME: Final = 256 * 1024

_STATUSES: Final = {
    FaultKind.DENIED: HTTPStatus.FORBIDDEN,
    FaultKind.EXPIRED: HTTPStatus.FORBIDDEN,
    FaultKind.THROTTLE: HTTPStatus.TOO_MANY_REQUESTS,
}


class DataChannels:
    """The data channels of an endpoint, and the agents behind them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._agents: dict[str, Agent] = {}

    def agent(self, session_id: str) -> Agent | None:
        """A session's agent, once its client has opened the data channel."""
        return self._agents.get(session_id)

    async def close(self) -> None:
        """End all agents, as the endpoint closes."""
        agents, self._agents = list(self._agents.values()), {}
        await asyncio.gather(*(agent.close() for agent in agents))

    async def serve(self, request: web.BaseRequest, incoming: Incoming) -> web.StreamResponse:
        """Answer a request below DATA_CHANNEL_PATH, for as long as the websocket lasts."""
        session = self._session(unquote(incoming.path.removeprefix(DATA_CHANNEL_PATH)))
        try:
            self._authenticate(incoming)
        except RefusedError as error:
            return web.Response(status=HTTPStatus.FORBIDDEN, text=str(error))
        verdict = self._verdict(session)
        if verdict.delay:
            await asyncio.sleep(verdict.delay)
        match verdict.kind:
            case FaultKind.HANG:
                await asyncio.Event().wait()  # until the client leaves
            case FaultKind.ABORT:
                _abort(request)
                return web.Response()  # which nobody gets
            case FaultKind.DENIED | FaultKind.EXPIRED | FaultKind.THROTTLE as kind:
                return web.Response(status=_STATUSES[kind])
            case FaultKind.ERROR:
                return web.Response(status=verdict.status)
        socket = web.WebSocketResponse(
            timeout=_CLOSE_SECONDS, compress=False, max_msg_size=_LARGEST_FRAME
        )
        try:
            await socket.prepare(request)
        except web.HTTPException as error:  # not an upgrade
            return web.Response(status=error.status, text=error.text)
        agent = await self._opened(socket, session, request)
        if agent is None:
            await socket.close(code=_NO_TOKEN_CODE, message=_NO_TOKEN)
        elif verdict.kind in (FaultKind.REPLY_LOST, FaultKind.TRUNCATE):
            _abort(request)
        else:
            await agent.attend(Connection(socket, request.transport))
        return socket

    def _session(self, session_id: str) -> Session | None:
        """The session, if its client may still come; agents without a future are forgotten."""
        for known, agent in list(self._agents.items()):
            if not agent.session.active and not agent.is_connected:
                del self._agents[known]
        session = self._engine.world.part(Sessions).find(session_id)
        return session if session is not None and session.active else None

    def _authenticate(self, incoming: Incoming) -> None:
        """Raises RefusedError for a signature that is no good; none at all is good."""
        try:
            scope = scope_of(incoming)
        except RefusedError as error:
            if error.refusal is Refusal.UNSIGNED:
                return
            raise
        now = self._engine.world.clock.now
        self._engine.identities.authenticate(scope.access_key, session_token(incoming), now)

    def _verdict(self, session: Session | None) -> Verdict:
        self._engine.calls[OPEN_DATA_CHANNEL] += 1
        account = session.node.account if session else ""
        region = session.node.region if session else ""
        return self._engine.faults.verdict(OPEN_DATA_CHANNEL, account, region)

    async def _opened(
        self, socket: web.WebSocketResponse, session: Session | None, request: web.BaseRequest
    ) -> Agent | None:
        """The session's agent once the right token has come; None if it does not."""
        try:
            first = await socket.receive(timeout=_TOKEN_SECONDS)
        except TimeoutError:
            return None
        if session is None or not session.active or first.type is not WSMsgType.TEXT:
            return None
        try:
            opening = decode_payload(OpenDataChannelInput, first.data)
        except WireError as error:
            log.debug("session %s: %s", session.id, error)
            return None
        if not hmac.compare_digest(opening.token_value.encode(), session.token.encode()):
            return None
        agent = self._agents.get(session.id)
        if agent is None:
            agent = Agent(session, self._engine, kms_key=_kms_key(session, request))
            self._agents[session.id] = agent
        return agent


def _kms_key(session: Session, request: web.BaseRequest) -> str | None:
    """The key to encrypt the session with, None if it is not to be encrypted.

    The session-manager-plugin asks the real KMS for its data key, whatever endpoint it is given;
    so it is never told to. It is known by the agent that its websocket names: Go's, or none.
    """
    client = request.headers.get("User-Agent", "")
    plugin = not client or client.startswith("Go-http-client")
    if plugin or session.document.session_type == PORT:
        return None
    return session.settings.kms_key or None


def _abort(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.abort()
