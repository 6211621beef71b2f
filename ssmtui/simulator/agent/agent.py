"""SSM Agent's side of one session: its data channel over one connection after the other.

The channel itself is `core.wire.AgentChannel`; here are the websocket, the timers of the real
clock that repeat what is not acknowledged, and the program that runs for the session. A session's
own times, idleness and duration, go by the world's clock (see `sessions`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from aiohttp import WSMsgType, web

from ssmtui.core.tasks import spawn
from ssmtui.core.wire import events as wire
from ssmtui.core.wire.agent import AgentChannel
from ssmtui.core.wire.crypto import encryption_context
from ssmtui.core.wire.errors import WireError
from ssmtui.core.wire.message import MessageType
from ssmtui.core.wire.payloads import FlagCode, SessionType
from ssmtui.core.wire.stream import CHUNK, TRIES
from ssmtui.simulator.agent import keys, programs
from ssmtui.simulator.agent.frames import Cut, Way
from ssmtui.simulator.agent.program import Closed, Program
from ssmtui.simulator.agent.sessions import Session, Sessions, Status
from ssmtui.simulator.engine import Engine
from ssmtui.simulator.faults import INPUT_FRAME, OUTPUT_FRAME
from ssmtui.simulator.shell import Machines

log = logging.getLogger(__name__)

# How agents word what the client shows in the place of a session.
ERROR_OUTPUT: Final = "----------ERROR-------\n"

# How much output may be under way: enough for a fast link, little enough that Ctrl-C is felt.
_UNACKNOWLEDGED: Final = 1024
# Input messages that wait for a program that reads slowly; the client repeats what is beyond.
_HELD: Final = 10_000
# A client leaves by itself once it has read channel_closed.
_LEAVE_SECONDS: Final = 1.0
# How often the agent looks whether its node is still there.
_LOOK_SECONDS: Final = 0.2
_LARGEST_SIDE: Final = 10_000  # of a terminal, in cells

_ACKNOWLEDGE: Final = MessageType.ACKNOWLEDGE.encode()
_TYPE: Final = slice(4, 4 + len(_ACKNOWLEDGE))


class Connection:
    """A websocket that a client has opened and shown its token on."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.socket = socket
        self._transport = transport

    def abort(self) -> None:
        """Cut it, as a broken network does: no closing handshake, nothing more is sent."""
        if self._transport is not None:
            self._transport.abort()


class Agent:
    """A session's agent, from the first connection to the end of the session."""

    def __init__(self, session: Session, engine: Engine, *, kms_key: str | None) -> None:
        self.session = session
        self.connections = 0
        self._engine = engine
        self._sessions = engine.world.part(Sessions)
        self._loop = asyncio.get_running_loop()
        document, node = session.document, session.node
        port = document.session_type == SessionType.PORT
        self._channel = AgentChannel(
            session.id,
            SessionType(document.session_type),
            session.properties if port else None,
            agent_version=node.agent_version,
            kms_key_id=kms_key,
            separate_stderr=programs.separates_stderr(session),
            epoch_offset=engine.world.now - self._loop.time(),
            # Of a port, a client may leave data lie until somebody connects to it.
            tries=None if port else TRIES,
        )
        self._program: Program | None = None
        self._running: asyncio.Task[None] | None = None
        self._forget: Callable[[], None] | None = None
        self._connection: Connection | None = None
        self._inbound = Way(engine.faults, INPUT_FRAME, node)
        self._outbound = Way(engine.faults, OUTPUT_FRAME, node)
        self._held: deque[bytes] = deque()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._cuts = 0.0
        session.on_end = self._end

    # What a test or a curious user may do to it.

    @property
    def is_connected(self) -> bool:
        """Whether a client is connected now."""
        return self._connection is not None

    @property
    def unacknowledged(self) -> int:
        """Messages that the client has not acknowledged."""
        return self._channel.unacknowledged

    def cut(self, times: float = 1) -> None:
        """Cut the connection, and those after it, so many in all (`math.inf`: for good)."""
        self._cuts = times
        if self._connection is not None:
            self._cuts -= 1
            self._connection.abort()

    # A connection.

    async def attend(self, connection: Connection) -> None:
        """Serve a client until it, the connection or the session is gone."""
        if self._connection is not None:  # a client that comes anew leaves its old connection
            self._connection.abort()
            self._disconnect()
        self.connections += 1
        if self._cuts > 0:
            self._cuts -= 1
            connection.abort()
            return
        self._connection = connection
        self.session.status = Status.CONNECTED
        self._channel.connect(self._loop.time())
        writer = spawn(self._write(connection), f"agent of {self.session.id}")
        try:
            async for message in connection.socket:
                if message.type is WSMsgType.BINARY:  # after the first one, texts mean nothing
                    await self._arrive(message.data, connection)
        except Exception as error:  # a mistake of ours, which tests and the state show
            log.exception("the agent of session %s failed", self.session.id)
            self._engine.mistakes.append(error)
            connection.abort()
        finally:
            writer.cancel()
            if self._connection is connection:
                self._disconnect()

    async def close(self) -> None:
        """The simulator stops: so does the session's program, without a word."""
        self.session.on_end = None
        if self._connection is not None:
            self._connection.abort()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    def _disconnect(self) -> None:
        self._connection = None
        self._channel.disconnect()
        self._inbound.lost()
        self._outbound.lost()
        if self.session.active:
            self.session.status = Status.DISCONNECTED

    async def _arrive(self, frame: bytes, connection: Connection) -> None:
        arrived = await self._inbound.pass_on(frame)
        if arrived is Cut.CUT:
            connection.abort()
            return
        if self._cut_off:
            return  # nobody hears it, and nobody acknowledges it
        for each in arrived:
            # Acknowledgements never wait: the program may have to write before it reads on.
            if each[_TYPE] != _ACKNOWLEDGE and (self._held or self._congested):
                if len(self._held) < _HELD:
                    self._held.append(each)
            else:
                self._feed(each)
        self._wake.set()

    def _feed(self, frame: bytes) -> None:
        for event in self._channel.feed(frame, self._loop.time()):
            self._handle(event)
        self._room.set()

    def _feed_held(self) -> None:
        while self._held and not self._congested:
            self._feed(self._held.popleft())

    @property
    def _congested(self) -> bool:
        return self._program is not None and self._program.congested

    @property
    def _cut_off(self) -> bool:
        """Whether the node has lost its network: its agent can neither hear nor speak.

        Once the session has ended it is the service that speaks.
        """
        silent = bool(self.session.node.silent_since)
        return silent and self.session.active and not _gone(self.session)

    async def _write(self, connection: Connection) -> None:
        """Put on the wire what is due, until the session or the connection is over."""
        try:
            await self._write_on(connection)
        except ConnectionError:
            pass  # whoever reads notices, too, and takes the connection away
        except Exception as error:  # a mistake of ours, which tests and the state show
            log.exception("the agent of session %s failed", self.session.id)
            self._engine.mistakes.append(error)
            connection.abort()

    async def _write_on(self, connection: Connection) -> None:
        while True:
            self._wake.clear()
            if not self._cut_off:
                if _gone(self.session):
                    self._sessions.end(self.session, details="The node went away.")
                self._feed_held()
                now = self._loop.time()
                for event in self._channel.tick(now):
                    self._handle(event)
                if not await self._send(self._channel.take(now), connection):
                    return
                self._room.set()
                if self._channel.ended:
                    await asyncio.sleep(_LEAVE_SECONDS)
                    await connection.socket.close()
                    return
            await self._wait()

    async def _send(self, frames: list[bytes], connection: Connection) -> bool:
        """Send frames as far as the rules let them; False once the connection is cut."""
        for frame in frames:
            passed = await self._outbound.pass_on(frame)
            if passed is Cut.CUT:
                connection.abort()
                return False
            for each in passed:
                await connection.socket.send_bytes(each)
        return True

    async def _wait(self) -> None:
        """Until something happens, a timer is over, or it is time to look at the node."""
        deadline = self._channel.next_deadline()
        seconds = _LOOK_SECONDS
        if deadline is not None and not self._cut_off:
            seconds = min(seconds, deadline - self._loop.time())
        if seconds > 0:
            try:
                async with asyncio.timeout(seconds):
                    await self._wake.wait()
            except TimeoutError:
                pass
        else:
            await asyncio.sleep(0)

    # What the channel brings.

    def _handle(self, event: wire.Event) -> None:
        match event:
            case wire.Input(data):
                self._sessions.touch(self.session)
                if self._program is not None:
                    self._program.take(data)
            case wire.Resized(cols, rows):
                if self._program is not None:
                    self._program.resize(_side(cols), _side(rows))
            case wire.Flagged(FlagCode.TERMINATE_SESSION):
                self._sessions.end(self.session)
            case wire.Flagged(flag):
                if self._program is not None:
                    self._program.flagged(flag)
            case wire.ClientReady(client_version):
                self._begin(client_version)
            case wire.NeedsDecryption(ciphertext):
                self._decrypt(ciphertext)
            case wire.Failed(fault, detail):
                self._fail(f"Encountered error while initiating handshake. {fault}: {detail}")
            case _:
                log.debug("session %s: %s", self.session.id, event)

    def _begin(self, client_version: str) -> None:
        """The handshake is complete: run what the session is for."""
        refusal = programs.refusal(self.session, self._sessions)
        if refusal:
            self._fail(refusal)
            return
        machine = self._engine.world.part(Machines).of(self.session.node.id)
        self._forget = machine.on_down(lambda: self._sessions.end(self.session))
        self._program = programs.program(self.session, self._engine, client_version, self)
        self._running = spawn(self._run(self._program), f"program of {self.session.id}")

    async def _run(self, program: Program) -> None:
        try:
            output = await program.run()
        except Closed:
            output = ""  # the session has ended meanwhile
        except Exception as error:  # a mistake of ours, which tests and the state show
            log.exception("the program of session %s failed", self.session.id)
            self._engine.mistakes.append(error)
            self._fail(f"{type(error).__name__}: {error}")
            return
        self._sessions.end(self.session, output=output)

    def _decrypt(self, ciphertext: bytes) -> None:
        """Have KMS open the data key, with the agent's own permissions."""
        node = self.session.node
        context = encryption_context(self.session.id, node.id)
        self._engine.calls["kms:Decrypt"] += 1
        verdict = self._engine.faults.verdict("kms:Decrypt", node.account, node.region)
        data_key = keys.unseal(node.account, node.region, ciphertext, context)
        if verdict.kind is not None or data_key is None or len(data_key) != 64:
            reason = verdict.kind or "InvalidCiphertextException"
            self._fail(f"Unable to retrieve data key, Error when decrypting data key {reason}")
            return
        self._channel.give_key(data_key, self._loop.time())

    def _fail(self, sentence: str) -> None:
        self._sessions.end(
            self.session, output=ERROR_OUTPUT + sentence, status=Status.FAILED, details=sentence
        )

    def _end(self, output: str) -> None:
        """The session has ended, for whatever reason: tell the client, stop the program."""
        running = self._running
        if running is not None and running is not asyncio.current_task():
            running.cancel()
        if self._forget is not None:
            self._forget()
        self._channel.close(output, self._loop.time())
        self._wake.set()
        self._room.set()

    # The program's outlet.

    async def write(self, data: bytes) -> None:
        await self._emit(data, apart=False)

    async def write_stderr(self, data: bytes) -> None:
        await self._emit(data, apart=True)

    async def exit(self, code: int) -> None:
        while not self._channel.send_exit(code, self._loop.time()):
            await self._await_room()
        self._wake.set()

    def flag(self, flag: FlagCode) -> None:
        try:
            self._channel.flag(flag, self._loop.time())
        except WireError as error:
            self._fail(str(error))
        self._wake.set()

    def room(self) -> None:
        self._wake.set()

    async def _emit(self, data: bytes, *, apart: bool) -> None:
        send = self._channel.send_stderr if apart else self._channel.send_output
        rest = memoryview(data)
        while rest:
            budget = _UNACKNOWLEDGED - self._channel.unacknowledged
            if budget > 0:
                taken = send(bytes(rest[: budget * CHUNK]), self._loop.time())
                rest = rest[taken:]
                if taken:
                    self._sessions.touch(self.session)
                    self._wake.set()
                    continue
            await self._await_room()

    async def _await_room(self) -> None:
        if not self.session.active:
            raise Closed
        self._room.clear()
        await self._room.wait()


def _gone(session: Session) -> bool:
    """Whether the node went down in order, or was taken out of Systems Manager."""
    node = session.node
    return not node.managed or node.state not in ("", "running")


def _side(cells: int) -> int:
    return min(max(cells, 1), _LARGEST_SIDE)
