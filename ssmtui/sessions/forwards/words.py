"""The words with which agents end a port session, in those of who asked for it."""

from __future__ import annotations

from typing import Final

from ssmtui.core.text import plain
from ssmtui.sessions.link import Over

# What agents say where a session is one connection, and the port refuses it.
_REFUSED: Final = "Unable to connect to specified port"


def refused(over: Over) -> bool:
    """Whether the session has ended because the port refuses connections."""
    return _REFUSED in over.sentence


def words(over: Over) -> str:
    """What was said at the end, and of a refusal only the reason; "" if nothing was."""
    return over.sentence.rpartition(_REFUSED)[2].lstrip(": ")


def refusal(name: str, port: int, host: str = "") -> str:
    """That a port refuses connections: of the node `name`, or of a `host` as that one sees it."""
    if host:
        return f"{plain(name)} cannot connect to port {port} of {plain(host)}"
    return f"Nothing accepts connections on port {port} of {plain(name)}"
