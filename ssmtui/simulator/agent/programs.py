"""Which program a session runs, and what its agent is too old for."""

from __future__ import annotations

from typing import Any

from ssmtui.core.wire import versions
from ssmtui.core.wire.versions import Version
from ssmtui.simulator.agent.documents import NON_INTERACTIVE, PORT
from ssmtui.simulator.agent.ports import port_program
from ssmtui.simulator.agent.program import Outlet, Program
from ssmtui.simulator.agent.sessions import Session, Sessions
from ssmtui.simulator.agent.shells import CommandProgram, ShellProgram
from ssmtui.simulator.engine import Engine
from ssmtui.simulator.shell import Machines

# The first agents with a feature ("Session Manager prerequisites" of the user guide).
_PORTS: Version = (2, 3, 672, 0)
_REMOTE_HOSTS: Version = (3, 1, 1374, 0)


def separates_stderr(session: Session) -> bool:
    """Whether the document asks for standard error and exit code apart from the output."""
    if session.document.session_type != NON_INTERACTIVE:
        return False
    wish: str = _of_platform(session).get("separateOutputStream", "")
    return wish.lower() == "true"


def refusal(session: Session, sessions: Sessions) -> str:
    """Why the node's agent does not run this session; empty if it does."""
    node, document = session.node, session.document
    agent = versions.parse(node.agent_version) or (0, 0, 0, 0)
    if document.session_type == PORT:
        least = _REMOTE_HOSTS if "host" in session.properties else _PORTS
        if agent < least:
            wanted = ".".join(map(str, least))
            return f"{document.name} needs SSM Agent {wanted}, this is {node.agent_version}"
    elif document.properties and not _of_platform(session):
        return f"{document.name} has no commands for {node.platform.type}"
    limit = session.settings.sessions_per_node
    if len(sessions.on_node(node)) > limit:
        return f"The agent has {limit} sessions already, which is its limit"
    return ""


def program(session: Session, engine: Engine, client_version: str, outlet: Outlet) -> Program:
    """What runs on the node for a session that `refusal` has nothing against."""
    node = session.node
    if session.document.session_type == PORT:
        return port_program(node, session.properties, client_version, outlet)
    machine = engine.world.part(Machines).of(node.id)
    command: str = _of_platform(session).get("commands", "")
    if session.document.session_type == NON_INTERACTIVE:
        apart = separates_stderr(session) and versions.takes_stderr(client_version)
        return CommandProgram(machine, command, outlet, tells_exit=apart)
    return ShellProgram(machine, command, session.settings.run_as, outlet)


def _of_platform(session: Session) -> dict[str, Any]:
    """The document's properties for the node's platform."""
    found: dict[str, Any] = session.properties.get(session.node.platform.type.lower(), {})
    return found
