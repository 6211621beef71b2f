"""What the colleagues do: sessions of the last 30 days, and those that are going on.

They have no data channel. Those that end are followed by others, so that a board of sessions lives
as the fleet does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from ssmtui.simulator.agent.settings import MINUTE, SessionSettings
from ssmtui.simulator.world.catalogue import OWNERS, Weighted
from ssmtui.simulator.world.node import Node, Ping
from ssmtui.simulator.world.scope import Scope
from ssmtui.simulator.world.world import World

HOUR = 60 * MINUTE
DAY = 24 * HOUR
_BACK = 30 * DAY

# Past sessions a managed node has, and the most that a scope remembers.
_PER_NODE = 0.8
_MOST_PAST = 700
# Going on at any time: one on 60 nodes, but few on a large fleet.
_NODES_AN_ACTIVE_ONE = 60
_MOST_ACTIVE = 9

_DOCUMENTS: Weighted[str] = Weighted(
    ("SSM-SessionManagerRunShell", 60.0),
    ("AWS-StartPortForwardingSession", 12.0),
    ("AWS-StartPortForwardingSessionToRemoteHost", 9.0),
    ("AWS-StartNonInteractiveCommand", 8.0),
    ("AWS-StartInteractiveCommand", 6.0),
    ("AWS-StartSSHSession", 5.0),
)
_REASONS: Weighted[str] = Weighted(
    ("", 55.0),
    ("INC-{number}: 5xx after the deploy", 12.0),
    ("INC-{number}: disk full", 9.0),
    ("CHG-{number}: rotate certificates", 8.0),
    ("look at the slow queries", 6.0),
    ("OPS-{number} kernel update, check reboot", 6.0),
    ("größere Logs holen", 2.0),
    ("debug [/]", 2.0),
)
# (status, details): how sessions end.
_ENDS: Weighted[tuple[str, str]] = Weighted(
    (("Terminated", ""), 94.0),
    (("Failed", "The agent did not answer in time."), 4.0),
    (("Failed", "Unable to start shell: the RunAs user does not exist."), 2.0),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A session as DescribeSessions tells of it. `status` is a SessionStatus."""

    id: str
    target: str
    status: str
    started: float
    ended: float | None
    document: str
    owner: str
    region: str
    reason: str = ""
    details: str = ""
    max_minutes: int | None = None
    s3_bucket: str = ""
    s3_prefix: str = ""
    log_group: str = ""

    def position(self) -> str:
        """Its place in the list, which begins with the latest."""
        return f"{10**14 - round(self.started * 1000):015d} {self.id}"

    @property
    def s3_url(self) -> str:
        """Where its log is in S3, once it has ended; empty if it is nowhere."""
        if not self.s3_bucket or self.ended is None:
            return ""
        key = "/".join(part for part in (self.s3_prefix, f"{self.id}.log") if part)
        return f"https://s3.{self.region}.amazonaws.com/{self.s3_bucket}/{key}"

    @property
    def log_url(self) -> str:
        """Where its log is in CloudWatch Logs; empty if it is nowhere."""
        if not self.log_group:
            return ""
        return (
            f"https://console.aws.amazon.com/cloudwatch/home?region={self.region}"
            f"#logEventViewer:group={self.log_group};stream={self.id}"
        )


class Regulars:
    """The sessions of a scope's regular users, ended ones and those that go on."""

    def __init__(self, world: World, scope: Scope, settings: SessionSettings) -> None:
        self._world = world
        self._scope = scope
        self._settings = settings
        self._random = Random(f"{world.stream(scope)} sessions")
        self._past: list[Record] = []
        self._active: dict[str, Record] = {}
        nodes = [node for node in scope.managed if node.registered < world.now]
        if not nodes:
            return
        for _ in range(min(_MOST_PAST, 1 + round(len(nodes) * _PER_NODE))):
            self._past.append(self._ended_one(self._random.choice(nodes)))
        for _ in range(min(_MOST_ACTIVE, 1 + len(nodes) // _NODES_AN_ACTIVE_ONE)):
            self._begin(ago=self._random.uniform(MINUTE, HOUR))

    def records(self) -> list[Record]:
        return [*self._past, *self._active.values()]

    def terminate(self, session_id: str) -> None:
        """End one of those that go on; others are no matter."""
        record = self._active.pop(session_id, None)
        if record is None:
            return
        self._past.append(replace(record, status="Terminated", ended=self._world.now))
        self._world.clock.after(self._random.uniform(MINUTE, HOUR), self._begin)

    def _begin(self, ago: float = 0.0) -> None:
        """Someone opens a session on a node that answers, if one is found."""
        online = [node for node in self._scope.managed if _answers(node)]
        if not online:
            self._world.clock.after(HOUR, self._begin)
            return
        started = self._world.now - ago
        record = self._record(self._random.choice(online), started, "Connected", None)
        self._active[record.id] = record
        lasting = self._random.expovariate(1 / (40 * MINUTE)) + MINUTE
        self._world.clock.after(lasting, lambda: self.terminate(record.id))

    def _ended_one(self, node: Node) -> Record:
        now = self._world.now
        earliest = max(now - _BACK, node.registered)
        started = self._random.uniform(earliest, now)
        # Never longer than what was left of the time, and mostly some minutes.
        lasting = min(self._random.expovariate(1 / (15 * MINUTE)), now - started)
        status, details = _ENDS.draw(self._random)
        return replace(self._record(node, started, status, started + lasting), details=details)

    def _record(self, node: Node, started: float, status: str, ended: float | None) -> Record:
        settings, account = self._settings, self._scope.account.id
        name = self._random.choice(OWNERS)
        owner = f"arn:aws:sts::{account}:assumed-role/Operators/{name}"
        if self._random.random() < 0.2:
            owner = f"arn:aws:iam::{account}:user/{name}"
        return Record(
            id=f"{name}-0{self._random.getrandbits(64):016x}",
            target=node.id,
            status=status,
            started=started,
            ended=ended,
            document=_DOCUMENTS.draw(self._random),
            owner=owner,
            region=self._scope.region,
            reason=_REASONS.draw(self._random).format(number=self._random.randrange(100, 9999)),
            max_minutes=settings.max_minutes,
            s3_bucket=settings.s3_bucket,
            s3_prefix=settings.s3_prefix,
            log_group=settings.log_group,
        )


def _answers(node: Node) -> bool:
    return node.ping is Ping.ONLINE and not node.silent_since and node.state in ("", "running")
