"""One forward: a local port, the session behind it, and how that is kept up."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.aws.scope import Scope
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.tasks import settled, spawn, work_until
from ssmtui.core.text import plain
from ssmtui.core.wire.events import Flagged, HandshakeDone, Output
from ssmtui.core.wire.payloads import FlagCode
from ssmtui.sessions.forwards.carriers import ENDED, Carrier, carrier_for
from ssmtui.sessions.forwards.exchange import BrokenOffError
from ssmtui.sessions.forwards.figures import Figures
from ssmtui.sessions.forwards.local import Socket, bind_port, listen, port_of
from ssmtui.sessions.forwards.spec import ForwardSpec
from ssmtui.sessions.forwards.words import refusal, refused, words
from ssmtui.sessions.link import Link, Over, Status
from ssmtui.sessions.start import Session, Upgrade, start
from ssmtui.sessions.terminal import OPEN, RECONNECTING, WAITING
from ssmtui.sessions.websocket import Websocket, open_websocket

_log = logging.getLogger(__name__)

# Waits in seconds before each new session, once a forward has been open: some five minutes in all,
# in which a node has started again.
WAITS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, *(30.0,) * 9)
# A session that was open for so long ends the chain of attempts.
_STEADY_SECONDS: Final = 10.0

# Trouble with a new session that may pass; also that the node is not connected is the service's.
_PASSING: Final = frozenset(
    {
        ProblemKind.ENDPOINT,
        ProblemKind.SERVICE,
        ProblemKind.THROTTLED,
        ProblemKind.UNKNOWN,
        ProblemKind.EXPIRED,
    }
)


class State(StrEnum):
    """How a forward is; `sentence` says more."""

    STARTING = "starting"
    OPEN = "open"
    RECONNECTING = "reconnecting"
    FAILED = "failed"
    CLOSED = "closed"


class Forward:
    """`start` it, and `close` it whatever happens: no session is left open then.

    `name` is the node's, for people. `changed` is called whenever `state` or `sentence` are
    another. Connections that come while it reconnects wait. A session that the service has ended
    for being idle is replaced when the next connection comes.
    """

    def __init__(
        self,
        scope: Scope,
        spec: ForwardSpec,
        *,
        name: str = "",
        clock: Clock | None = None,
        connect: Callable[[str, Upgrade], Awaitable[Websocket]] = open_websocket,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.scope = scope
        self.spec = spec
        self.name = name or spec.target.id
        self.figures = Figures()
        self.state = State.STARTING
        self.sentence = ""  # without a full stop; "" where the state says it all
        self.problem: Problem | None = None  # why it failed
        self.local_port = spec.local_port
        self._clock = clock or SystemClock()
        self._connect = connect
        self._changed = changed
        self._task: asyncio.Task[None] | None = None
        self._decided = asyncio.Event()  # whether it opens or not
        self._closing = asyncio.Event()
        self._opened_at: float | None = None
        self._carrier: Carrier | None = None
        self._waiting: deque[asyncio.Future[Carrier]] = deque()
        self._wanted = asyncio.Event()  # by a connection, while there is no session
        self._attempts = 0
        self._session_id = ""
        self._left_open: Problem | None = None
        self._attending: set[asyncio.Task[None]] = set()

    # For whoever owns it

    @property
    def address(self) -> str:
        """Where it listens: "127.0.0.1:8080"."""
        return self.spec.address(self.local_port)

    @property
    def title(self) -> str:
        """The whole way: "127.0.0.1:8080 -> web-1:80". Safe to show."""
        return f"{self.address} -> {plain(self.name)}:{self.spec.destination}"

    @property
    def uptime(self) -> float | None:
        """Seconds since it opened; None before that and after its end."""
        if self._opened_at is None or self.state not in (State.OPEN, State.RECONNECTING):
            return None
        return self._clock.now() - self._opened_at

    @property
    def session_id(self) -> str:
        """The id of the session that carries it now, or did last; "" before the first."""
        return self._session_id

    @property
    def over(self) -> bool:
        """Whether it has failed or been closed."""
        return self.state in (State.FAILED, State.CLOSED)

    def start(self) -> None:
        """Begin to open, in the background."""
        if self._task is None:
            self._task = spawn(self._live(), f"forward {self.title}")

    async def opened(self) -> None:
        """Wait until it is open. ProblemError if it cannot be."""
        await self._decided.wait()
        if self.problem is not None:
            raise ProblemError(self.problem)

    async def ended(self) -> None:
        """Wait until it has failed or been closed."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def close(self) -> Problem | None:
        """Leave nothing open, here and on the service; returns what kept it from ending there.

        Also when cancelled.
        """
        self._closing.set()
        if self._task is None:
            self._turn(State.CLOSED)
            return None
        await settled(self._task)
        return self._left_open

    # Its life

    async def _live(self) -> None:
        """Work until it fails or is to be closed; then leave nothing open."""
        work = spawn(self._work(), f"work of {self.title}")
        try:
            await work_until(self._closing, work, lambda: self._attending)
        finally:
            error = None if work.cancelled() else work.exception()
            self._conclude(error)
        if error is not None and not isinstance(error, ProblemError):
            raise error

    def _conclude(self, error: BaseException | None) -> None:
        if isinstance(error, ProblemError):
            self.problem = error.problem
            self._turn(State.FAILED, error.problem.sentence.rstrip("."))
        elif error is not None:
            what = "The forward failed, which is a bug: please report it"
            self.problem = Problem(ProblemKind.BUG, what, scope=self.scope.key)
            self._turn(State.FAILED, what)
        else:
            self._turn(State.CLOSED)
        self._decided.set()

    async def _work(self) -> None:
        """Hold the port and sessions behind it, one after the other. ProblemError at the end."""
        server = await bind_port(self.spec.bind, self.spec.local_port, self._accepted)
        try:
            self.local_port = port_of(server)
            while True:
                session = await self._next_session()
                self._session_id = session.id
                carrier, over = await self._serve(session, server)
                await self._go_on(carrier, over)
        finally:
            server.close()

    async def _next_session(self) -> Session:
        """Start one, again and again once the forward has been open. ProblemError."""
        while True:
            try:
                return await start(self.scope, self.spec.session)
            except ProblemError as error:
                passing = error.problem.kind in _PASSING
                if self._opened_at is None or not passing or self._attempts >= len(WAITS):
                    raise
                await self._back_off(error.problem.what)

    async def _serve(self, session: Session, server: asyncio.Server) -> tuple[Carrier | None, Over]:
        """Carry connections through one session until that is over, and end it."""
        link = Link(session, clock=self._clock, connect=self._connect)
        carrier: Carrier | None = None
        over = Over(False, "")
        opened_at = None
        try:
            link.start()
            async for event in link:
                match event:
                    case HandshakeDone():
                        opened_at = self._clock.now()
                        carrier = carrier_for(event, link, self.figures, self._clock)
                        if carrier is None:
                            return None, Over(False, "The document opened no port")
                        await listen(server, self.spec.bind, self.local_port)
                        self._open(carrier)
                    case Output(data=data) if carrier is not None:
                        await carrier.take(data)
                    case Flagged(flag=FlagCode.CONNECT_TO_PORT_ERROR):
                        self._refused(self._refusal)
                    case Status(text=text) if text == WAITING:
                        self._turn(self.state, text)
                    case Status(text=text) if carrier is not None:
                        self._connection_is(text)
                    case Over():
                        over = event
        finally:
            self._carrier = None
            if carrier is not None:
                carrier.over(over)
            if opened_at is not None and self._clock.now() - opened_at >= _STEADY_SECONDS:
                self._attempts = 0
            self._left_open = await link.close() or self._left_open
        return carrier, over

    async def _go_on(self, carrier: Carrier | None, over: Over) -> None:
        """After a session: wait until there is to be another one. ProblemError if there is not."""
        said = words(over)
        if self._opened_at is None:
            raise self._gone(said or "The session ended before it was open")
        another = "the next connection starts another session"
        if carrier is not None and carrier.spent:
            if refused(over):
                self._refused(f"{self._refusal} ({said})")
            elif said:
                self._turn(State.OPEN, f"{said}; {another}")
            await self._until_wanted()
        elif over.closed and said and not refused(over) and self.state is State.OPEN:
            self._turn(State.OPEN, f"{said}; {another}")
            await self._until_wanted()
        elif self._attempts >= len(WAITS):
            raise self._gone(said or ENDED)
        else:
            fault = ENDED if carrier is None else carrier.fault
            await self._back_off(said or fault)

    async def _until_wanted(self) -> None:
        """Stay open without a session until a connection comes."""
        self._turn(State.OPEN, self.sentence)
        if not self._waiting:
            self._wanted.clear()
            await self._wanted.wait()

    async def _back_off(self, sentence: str) -> None:
        wait = WAITS[self._attempts]
        self._attempts += 1
        self._turn(State.RECONNECTING, sentence)
        await self._clock.sleep(wait)

    # What happens

    def _open(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._grant()
        if self._opened_at is None:
            self._opened_at = self._clock.now()
        self._restored()
        self._decided.set()

    def _connection_is(self, text: str) -> None:
        if text == RECONNECTING:
            self._turn(State.RECONNECTING, "The connection was lost")
        elif text == OPEN:
            self._restored()

    def _restored(self) -> None:
        if self.state is State.RECONNECTING:
            self.figures.reconnects += 1
        self._turn(State.OPEN)

    def _refused(self, sentence: str) -> None:
        self.figures.refused += 1
        self._turn(self.state, sentence)

    @property
    def _refusal(self) -> str:
        return refusal(self.name, self.spec.remote_port, self.spec.remote_host)

    def _turn(self, state: State, sentence: str = "") -> None:
        if (state, sentence) != (self.state, self.sentence):
            self.state, self.sentence = state, sentence
            _log.info("%s: %s %s", self.title, state, sentence)
            self._changed()

    def _gone(self, what: str) -> ProblemError:
        return ProblemError(Problem(ProblemKind.SERVICE, what, scope=self.scope.key))

    # Connections

    def _accepted(self, socket: Socket) -> None:
        task = spawn(self._attend(socket), f"connection to {self.address}")
        self._attending.add(task)
        task.add_done_callback(self._attending.discard)

    async def _attend(self, socket: Socket) -> None:
        self.figures.connections += 1
        self.figures.open += 1
        refused = self.figures.refused
        try:
            carrier = await self._claim()
            await carrier.carry(socket)
        except BrokenOffError:
            socket.reset()
        except BaseException:
            socket.reset()
            raise
        else:
            socket.close()
            if refused == self.figures.refused and self.state is State.OPEN:
                self._turn(State.OPEN)  # what was refused before no longer is
        finally:
            self.figures.open -= 1
            self._grant()

    async def _claim(self) -> Carrier:
        """A place in a session, as soon as there is one."""
        place: asyncio.Future[Carrier] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._wanted.set()
        self._grant()
        try:
            return await place
        finally:
            if place in self._waiting:
                self._waiting.remove(place)

    def _grant(self) -> None:
        """Give places to who waits, in turn: at once, before anything else befalls the session."""
        while self._waiting and self._carrier is not None:
            if not self._waiting[0].done():  # else its connection has been cancelled
                if not self._carrier.claim():
                    return
                self._waiting[0].set_result(self._carrier)
            self._waiting.popleft()
