"""The control path's share in sessions: see them, cut them, take their nodes away."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from ssmtui.simulator.agent.sessions import Session, Sessions
from ssmtui.simulator.world import World

if TYPE_CHECKING:
    from ssmtui.simulator.agent.agent import Agent


class Cut(msgspec.Struct, forbid_unknown_fields=True):
    """Cut the connection, and those that follow it, `times` in all or `for_good`."""

    times: int = 1
    for_good: bool = False


class Setting(msgspec.Struct, forbid_unknown_fields=True):
    """What is set up for the sessions to come of an account in a Region; None leaves it."""

    account: str
    region: str
    idle_minutes: int | None = None
    max_minutes: int | None = None
    kms_key: str | None = None
    advanced_tier: bool | None = None
    document_must_be_named: bool | None = None
    sessions_per_node: int | None = None


# What may happen to a node, by the names of the world's methods.
HAPPENINGS = ("lose", "restore", "stop", "start", "terminate", "deregister")


class SessionControl:
    """What the control path does with sessions. LookupError and ValueError say what is wrong.

    `agent` gives a session's agent, once its client has opened the data channel.
    """

    def __init__(self, world: World, agent: Callable[[str], Agent | None]) -> None:
        self._world = world
        self._agent = agent

    def listed(self) -> list[dict[str, Any]]:
        """Every session that was asked for, ended ones too, the oldest first."""
        return [self._shown(session) for session in self._world.part(Sessions)]

    def cut(self, session_id: str, wish: Cut) -> dict[str, Any]:
        session = self._world.part(Sessions).find(session_id)
        if session is None:
            raise LookupError(f"there is no session {session_id!r}: GET sessions lists them")
        agent = self._agent(session_id)
        if agent is None:
            raise ValueError(f"the client of {session_id} has not opened its data channel")
        if wish.times < 1:
            raise ValueError("times is 1 or more")
        agent.cut(math.inf if wish.for_good else wish.times)
        return self._shown(session)

    def happen(self, node_id: str, happening: str) -> dict[str, Any]:
        """Let something happen to a node."""
        if happening not in HAPPENINGS:
            known = ", ".join(HAPPENINGS)
            raise LookupError(f"{happening!r} does not happen to a node: use one of {known}")
        if node_id not in self._world.nodes:
            raise LookupError(f"there is no node {node_id!r}")
        node = self._world.node(node_id)
        getattr(self._world, happening)(node_id)
        return {"id": node.id, "state": node.state, "ping": node.ping.value}

    def set(self, wish: Setting) -> dict[str, Any]:
        """Change settings, and give them all."""
        accounts = [account.id for account in self._world.accounts]
        if wish.account not in accounts or wish.region not in self._world.regions:
            raise LookupError(f"{wish.account} in {wish.region} is not simulated")
        settings = self._world.part(Sessions).settings(wish.account, wish.region)
        values = msgspec.structs.asdict(wish)
        for name in ("account", "region"):
            del values[name]
        for name, value in values.items():
            if value is not None:
                setattr(settings, name, value)
        return {name: getattr(settings, name) for name in values}

    def _shown(self, session: Session) -> dict[str, Any]:
        agent = self._agent(session.id)
        return {
            "id": session.id,
            "target": session.node.id,
            "owner": session.owner,
            "document": session.document.name,
            "reason": session.reason,
            "status": str(session.status),
            "active": session.active,
            "started": session.started,
            "ended": session.ended,
            "details": session.details,
            "connected": agent is not None and agent.is_connected,
            "connections": 0 if agent is None else agent.connections,
            "unacknowledged": 0 if agent is None else agent.unacknowledged,
        }
