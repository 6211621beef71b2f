"""The sessions of a world, from StartSession to the end: states, tokens, and times that run out.

Times are simulated seconds. What carries a session's data is an agent (see `data_channel`), which
registers with its session and is told when that ends; sessions live on without one, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from ssmtui.core.wire import versions
from ssmtui.simulator.agent.documents import DEFAULT_DOCUMENT, SessionDocument
from ssmtui.simulator.agent.history import Record, Regulars
from ssmtui.simulator.agent.settings import MINUTE, SessionSettings, usual
from ssmtui.simulator.world.node import Node, Ping
from ssmtui.simulator.world.scope import Scope
from ssmtui.simulator.world.world import World

DAY = 86_400.0
KEPT = 30 * DAY  # "Session history is available for 30 days"

# Where data channels are, with the session's id after it.
DATA_CHANNEL_PATH = "/v1/data-channel/"

# The first SSM Agent with sessions ("Session Manager prerequisites" of the user guide).
FIRST_WITH_SESSIONS = (2, 3, 68, 0)

# What the service says to a client whose session it ends by itself.
IDLE_OUTPUT = "Your session timed out due to inactivity."
DURATION_OUTPUT = "Your session has reached its maximum duration and was ended."


class Status(StrEnum):
    """The service's words for a session's state (SessionStatus)."""

    CONNECTING = "Connecting"
    CONNECTED = "Connected"
    DISCONNECTED = "Disconnected"
    TERMINATING = "Terminating"
    TERMINATED = "Terminated"
    FAILED = "Failed"

    @property
    def active(self) -> bool:
        """Whether DescribeSessions lists it as Active rather than as History."""
        return self in (Status.CONNECTING, Status.CONNECTED, Status.DISCONNECTED)


@dataclass(eq=False, slots=True)
class Session:
    """A session that was asked for with StartSession.

    `properties` are the document's with the parameters' values. `token` opens the data channel and
    is replaced by every resume. `on_end` is called once, with what the client is to be told.
    """

    id: str
    node: Node
    owner: str
    document: SessionDocument
    properties: Mapping[str, Any]
    settings: SessionSettings
    started: float
    token: str
    reason: str = ""
    document_named: str = DEFAULT_DOCUMENT
    status: Status = Status.CONNECTING
    ended: float | None = None
    details: str = ""
    active_at: float = 0.0
    on_end: Callable[[str], None] | None = field(default=None, repr=False)

    @property
    def active(self) -> bool:
        return self.status.active

    def record(self) -> Record:
        """The session as DescribeSessions tells of it."""
        settings = self.settings
        return Record(
            id=self.id,
            target=self.node.id,
            status=self.status,
            started=self.started,
            ended=self.ended,
            document=self.document_named,
            owner=self.owner,
            reason=self.reason,
            details=self.details,
            region=self.node.region,
            max_minutes=settings.max_minutes,
            s3_bucket=settings.s3_bucket,
            s3_prefix=settings.s3_prefix,
            log_group=settings.log_group,
        )


class Sessions:
    """All sessions of a world; get it with `world.part(Sessions)`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._sessions: dict[str, Session] = {}
        self._settings: dict[tuple[str, str], SessionSettings] = {}
        self._regulars: dict[tuple[str, str], Regulars] = {}
        self._ids = Random(f"{world.seed} session ids")

    def __iter__(self) -> Iterator[Session]:
        """Those that were asked for in this world's time, in that order; ended ones too."""
        return iter(tuple(self._sessions.values()))

    def settings(self, account: str, region: str) -> SessionSettings:
        """What is set up in an account and Region; may be changed, for sessions to come."""
        key = (account, region)
        if key not in self._settings:
            self._settings[key] = usual(self._world.scope(account, region))
        return self._settings[key]

    def start(
        self,
        node: Node,
        owner: str,
        document: SessionDocument,
        properties: Mapping[str, Any],
        *,
        document_named: str,
        reason: str = "",
    ) -> Session:
        """A new session that waits for its client. `owner` is the ARN of who asks."""
        now = self._world.now
        settings = self.settings(node.account, node.region)
        session = Session(
            id=session_id(owner, self._ids),
            node=node,
            owner=owner,
            document=document,
            document_named=document_named,
            properties=properties,
            settings=settings,
            started=now,
            active_at=now,
            reason=reason,
            token=_token(),
        )
        self._sessions[session.id] = session
        self._await_idleness(session)
        if settings.max_minutes is not None:
            self._world.clock.after(
                settings.max_minutes * MINUTE, lambda: self.end(session, output=DURATION_OUTPUT)
            )
        return session

    def find(self, session_id: str) -> Session | None:
        """A session that was asked for in this world's time."""
        return self._sessions.get(session_id)

    def resume(self, session: Session) -> None:
        """Issue another token; those before are void. ValueError if the session has ended."""
        if not session.active:
            raise ValueError(f"{session.id} has ended")
        session.token = _token()
        self.touch(session)

    def touch(self, session: Session) -> None:
        """Something came from or went to the client: it is not idle."""
        session.active_at = self._world.now

    def end(
        self,
        session: Session,
        *,
        output: str = "",
        status: Status = Status.TERMINATED,
        details: str = "",
    ) -> None:
        """End a session, if it has not ended; its client is told `output`."""
        if not session.active:
            return
        session.status, session.ended, session.details = status, self._world.now, details
        if session.on_end is not None:
            on_end, session.on_end = session.on_end, None
            on_end(output)

    def terminate(self, account: str, region: str, session_id: str) -> None:
        """What TerminateSession does: also to others' sessions; unknown ones are no matter."""
        session = self._sessions.get(session_id)
        if session is None:
            self._regulars_of(self._world.scope(account, region)).terminate(session_id)
        elif (session.node.account, session.node.region) == (account, region):
            self.end(session)

    def on_node(self, node: Node) -> list[Session]:
        """The active ones that were asked for on a node."""
        return [session for session in self if session.active and session.node is node]

    def records(self, account: str, region: str, *, active: bool) -> list[Record]:
        """What DescribeSessions lists, the latest first: History ends 30 days ago."""
        scope = self._world.scope(account, region)
        mine = [
            session.record()
            for session in self
            if (session.node.account, session.node.region) == (account, region)
        ]
        since = self._world.now - KEPT
        chosen = [
            record
            for record in (*mine, *self._regulars_of(scope).records())
            if Status(record.status).active == active
            and (record.ended is None or record.ended >= since)
        ]
        return sorted(chosen, key=Record.position)

    def _regulars_of(self, scope: Scope) -> Regulars:
        key = (scope.account.id, scope.region)
        if key not in self._regulars:
            settings = self.settings(*key)
            self._regulars[key] = Regulars(self._world, scope, settings)
        return self._regulars[key]

    def _await_idleness(self, session: Session) -> None:
        """End the session once it has been idle for too long; look again until then."""
        due = session.active_at + session.settings.idle_minutes * MINUTE

        def look() -> None:
            if not session.active:
                return
            if session.active_at + session.settings.idle_minutes * MINUTE > self._world.now:
                self._await_idleness(session)
            else:
                self.end(session, output=IDLE_OUTPUT)

        self._world.clock.at(due, look)


def connected(node: Node) -> bool:
    """Whether the service holds a control channel to the node's agent: a session could start."""
    agent = versions.parse(node.agent_version)
    return (
        node.managed
        and agent is not None
        and agent >= FIRST_WITH_SESSIONS
        and node.ping is Ping.ONLINE
        and not node.silent_since
        and node.state in ("", "running")
    )


def session_id(owner: str, random: Random) -> str:
    """A session's id: the owner's name, as in the ARN, and 17 hexadecimal digits."""
    return f"{owner.rpartition('/')[2]}-0{random.getrandbits(64):016x}"


def _token() -> str:
    return secrets.token_urlsafe(150)
