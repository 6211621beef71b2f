"""A session's row and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN, Column, Kind, Severity, Unknown, age
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.resources.nodes.row import Text, Time
from ssmtui.resources.scope_columns import scope_columns

# SessionStatus, an open enum of AWS. What is not known to have ended counts as going on.
STATUS = {
    "connected": Severity.GOOD,
    "connecting": Severity.BUSY,
    "disconnected": Severity.WARN,
    "terminating": Severity.BUSY,
    "terminated": Severity.MUTED,
    "failed": Severity.BAD,
}
ENDED = frozenset({"Terminated", "Terminating", "Failed"})

# Further apart than any two moments: what puts one group of the board before another.
_GROUP = 1e11


class Session(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One session on one node, going on or ended within the last 30 days.

    Times are seconds since the epoch. UNKNOWN is "not known"; None is "there is none". Field names
    are the column ids and the keys of the JSON. `owner` is the last part of `owner_arn`, `mine`
    whether that is the identity that listed it, `name` the node's where it is known.
    """

    account: str
    region: str
    id: str
    mine: bool = False
    status: Text = UNKNOWN
    owner: Text = UNKNOWN
    owner_arn: Text = UNKNOWN
    name: Text = UNKNOWN
    node: Text = UNKNOWN
    document: Text = UNKNOWN
    reason: Text = UNKNOWN
    started: Time = UNKNOWN
    ended: Time = UNKNOWN
    duration: float | Unknown | None = UNKNOWN
    access: Text = UNKNOWN
    details: Text = UNKNOWN
    s3_log: Text = UNKNOWN
    cloudwatch_log: Text = UNKNOWN

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)

    @property
    def active(self) -> bool:
        """Whether it goes on, and can be ended."""
        return self.ended is None and self.status not in ENDED

    @property
    def place(self) -> str:
        """What its node is called in sentences: the name, else the id."""
        for word in (self.name, self.node):
            if isinstance(word, str) and word.strip():
                return word
        return "an unknown node"

    @property
    def label(self) -> str:
        """What it is called in sentences."""
        return f"{self.owner} on {self.place}" if isinstance(self.owner, str) else self.id

    @property
    def board(self) -> float:
        """Its place on the board: those that go on before those that ended, in both groups one's
        own before others', and the latest first."""
        group = 2 * (not self.active) + (not self.mine)
        return group * _GROUP - (self.started if isinstance(self.started, float) else 0.0)


def from_answer(
    scope: ScopeKey, fact: Mapping[str, Any], *, caller: str, name: Text = UNKNOWN
) -> Session:
    """A row from a member of DescribeSessions' Sessions. `caller` is the ARN of who asks.

    https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Session.html
    """
    owner_arn = fact.get("Owner") or None
    started, ended = fact.get("StartDate"), fact.get("EndDate")
    output = fact.get("OutputUrl") or {}
    return Session(
        account=scope.account,
        region=scope.region,
        id=fact["SessionId"],
        mine=owner_arn == caller,
        status=fact.get("Status") or UNKNOWN,
        owner=owner_arn.rpartition("/")[2] if owner_arn else None,
        owner_arn=owner_arn,
        name=name,
        node=fact.get("Target") or None,
        document=fact.get("DocumentName") or None,
        reason=fact.get("Reason") or None,
        started=started,
        ended=ended,
        duration=None if started is None or ended is None else max(0.0, ended - started),
        access=fact.get("AccessType") or None,
        details=fact.get("Details") or None,
        s3_log=output.get("S3OutputUrl") or None,
        cloudwatch_log=output.get("CloudWatchOutputUrl") or None,
    )


def is_problem(session: Session) -> bool:
    """Whether a session wants attention (Ctrl-Z): it failed, or goes on without being connected,
    such as one that its client has lost and nobody has ended."""
    return session.status not in ("Connected", "Terminated")


COLUMNS: tuple[Column, ...] = (
    Column(
        "status",
        "STATUS",
        Kind.STATUS,
        12,
        "Connected, Connecting, Disconnected, Terminating, Terminated or Failed",
        severities=STATUS,
    ),
    Column(
        "mine",
        "MINE",
        Kind.FLAG,
        4,
        "whether the identity in force has opened it",
        priority=2,
        draw=lambda value, _: "yes" if value else "-",
    ),
    Column("owner", "OWNER", Kind.TEXT, 12, "who opened it: the last part of the ARN"),
    Column("name", "NAME", Kind.TEXT, 20, "the node's name, where it is known", least=12),
    Column("node", "NODE", Kind.TEXT, 19, "the node's id", priority=1, least=6, tail=True),
    *scope_columns(),
    Column("started", "START", Kind.TIME, 5, "when it was started"),
    Column(
        "duration",
        "LASTED",
        Kind.COUNT,
        6,
        "how long it lasted, in seconds; none while it goes on",
        priority=2,
        draw=lambda value, _: age(value),
    ),
    Column("reason", "REASON", Kind.TEXT, 24, "why, as its owner has put it", priority=5, least=12),
    Column("document", "DOCUMENT", Kind.TEXT, 30, "the session document", priority=7),
    Column("ended", "END", Kind.TIME, 5, "when it ended", priority=8, wide=True),
    Column("details", "DETAILS", Kind.TEXT, 30, "what the service says of it", wide=True),
    Column("access", "ACCESS", Kind.TEXT, 10, "Standard or JustInTime", priority=9, wide=True),
    Column("s3_log", "S3 LOG", Kind.TEXT, 40, "its log in S3", priority=10, wide=True),
    Column(
        "cloudwatch_log",
        "CLOUDWATCH LOG",
        Kind.TEXT,
        40,
        "its log in CloudWatch Logs",
        priority=10,
        wide=True,
    ),
    Column("id", "ID", Kind.TEXT, 31, "the session's id", priority=9, least=8, tail=True),
    Column("owner_arn", "ARN", Kind.TEXT, 60, "its owner's ARN", hidden=True),
    Column(
        "board",
        "BOARD",
        Kind.COUNT,
        6,
        "the order of the board: going on, own ones, the latest first",
        hidden=True,
    ),
)
