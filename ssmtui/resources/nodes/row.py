"""A node's row and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN, Column, Kind, Severity, Unknown
from ssmtui.core.keys import RowKey
from ssmtui.resources.scope_columns import scope_columns

Text = str | None | Unknown
Time = float | None | Unknown


class OpenSession(msgspec.Struct, frozen=True, gc=False):
    """A session that goes on: who has opened it, and when (seconds since the epoch)."""

    owner: str
    started: float | None


class Node(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One managed node, or one EC2 instance without a managed agent.

    Times are seconds since the epoch. UNKNOWN is "not loaded, denied or never reported"; None is
    "there is none". Field names are the column ids and the keys of the JSON, but for `open`: the
    sessions on it, the oldest first, whose number is the column.
    """

    account: str
    region: str
    id: str
    name: Text = UNKNOWN
    ping: Text = UNKNOWN
    seen: Time = UNKNOWN
    lost: Time = None
    agent: Text = UNKNOWN
    agent_latest: bool | Unknown | None = UNKNOWN
    platform: Text = UNKNOWN
    os: Text = UNKNOWN
    os_version: Text = UNKNOWN
    kind: Text = UNKNOWN
    address: Text = UNKNOWN
    type: Text = UNKNOWN
    state: Text = UNKNOWN
    zone: Text = UNKNOWN
    role: Text = UNKNOWN
    launched: Time = UNKNOWN
    association: Text = UNKNOWN
    asg: Text = UNKNOWN
    owner: Text = UNKNOWN
    tags: Mapping[str, str] | Unknown | None = UNKNOWN
    open: tuple[OpenSession, ...] | Unknown = UNKNOWN

    @property
    def key(self) -> RowKey:
        return RowKey(self.account, self.region, self.id)

    @property
    def sessions(self) -> int | Unknown:
        """How many sessions go on on it."""
        return len(self.open) if isinstance(self.open, tuple) else UNKNOWN

    @property
    def label(self) -> str:
        """What the node is called in sentences: its name, else its id."""
        return self.name if isinstance(self.name, str) and self.name.strip() else self.id


PING = {
    "online": Severity.GOOD,
    "lost": Severity.BAD,
    "inactive": Severity.WARN,
    "unmanaged": Severity.WARN,
    "stopped": Severity.MUTED,
    "terminated": Severity.MUTED,
}

STATE = {
    "running": Severity.GOOD,
    "pending": Severity.BUSY,
    "stopping": Severity.BUSY,
    "shutting-down": Severity.BUSY,
    "stopped": Severity.MUTED,
    "terminated": Severity.MUTED,
}

ASSOCIATION = {
    "success": Severity.GOOD,
    "pending": Severity.BUSY,
    "inprogress": Severity.BUSY,
    "associated": Severity.BUSY,
    "failed": Severity.BAD,
    "timedout": Severity.BAD,
    "skipped": Severity.MUTED,
}


def _agent(value: Any, row: Any) -> str:
    """The agent's version, with "^" behind one that is known to be outdated."""
    return f"{value}^" if row.agent_latest is False else str(value)


COLUMNS: tuple[Column, ...] = (
    Column(
        "name",
        "NAME",
        Kind.TEXT,
        22,
        "the Name tag, else the node's own or computer name",
        least=14,
    ),
    *scope_columns(),
    Column(
        "ping",
        "PING",
        Kind.STATUS,
        10,
        "online, lost, inactive, stopped, terminated or unmanaged",
        severities=PING,
        upper=frozenset({"lost"}),
    ),
    Column(
        "seen",
        "SEEN",
        Kind.TIME,
        5,
        "when the agent was last heard of (every 5 minutes)",
        priority=2,
    ),
    Column(
        "lost",
        "LOST",
        Kind.TIME,
        5,
        "since when a node is lost that did not come back, also one stopped or terminated since",
        hidden=True,
    ),
    Column(
        "agent",
        "AGENT",
        Kind.VERSION,
        12,
        "the SSM Agent's version; ^ behind an outdated one",
        priority=5,
        draw=_agent,
    ),
    Column(
        "agent_latest",
        "LATEST",
        Kind.FLAG,
        6,
        "whether the agent is the newest; where AWS does not say, the newest seen in the list",
        priority=12,
        wide=True,
    ),
    Column("platform", "PLATFORM", Kind.TEXT, 8, "linux, windows or macos", priority=9),
    Column("os", "OS", Kind.TEXT, 16, "the operating system's name", priority=10, wide=True),
    Column(
        "os_version",
        "OS VERSION",
        Kind.VERSION,
        10,
        "the operating system's version",
        priority=11,
        wide=True,
    ),
    Column("kind", "KIND", Kind.TEXT, 6, "ec2, hybrid, edge or other", priority=12, wide=True),
    Column("address", "ADDRESS", Kind.TEXT, 15, "the private IPv4 address", priority=8),
    Column("type", "TYPE", Kind.TEXT, 11, "the EC2 instance type", priority=11),
    Column(
        "state",
        "STATE",
        Kind.STATUS,
        10,
        "the EC2 instance state",
        priority=12,
        wide=True,
        severities=STATE,
    ),
    Column("zone", "ZONE", Kind.TEXT, 15, "the Availability Zone", priority=12, wide=True),
    Column(
        "role",
        "ROLE",
        Kind.TEXT,
        20,
        "the instance profile, or the hybrid node's role",
        priority=13,
        wide=True,
    ),
    Column(
        "launched",
        "AGE",
        Kind.TIME,
        5,
        "since when it runs (EC2), or is registered (hybrid)",
        priority=6,
    ),
    Column(
        "association",
        "ASSOC",
        Kind.STATUS,
        10,
        "the State Manager associations' status",
        priority=7,
        severities=ASSOCIATION,
    ),
    Column("asg", "ASG", Kind.TEXT, 16, "the Auto Scaling group", priority=13, wide=True),
    Column(
        "owner", "OWNER", Kind.TEXT, 12, "the Owner tag, else the Team tag", priority=13, wide=True
    ),
    Column(
        "id", "ID", Kind.TEXT, 19, "the instance or managed-node id", priority=1, least=6, tail=True
    ),
    Column(
        "sessions",
        "SESS",
        Kind.COUNT,
        4,
        "how many sessions go on on it",
        priority=10,
        draw=lambda value, _: str(value or "-"),
    ),
    Column("tags", "TAGS", Kind.TAGS, 40, "all tags", priority=14, wide=True),
)
