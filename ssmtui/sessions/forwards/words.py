"""The words with which agents end a port session, in those of who asked for it."""

from __future__ import annotations

from typing import Final

from ssmtui.core.text import plain
from ssmtui.sessions.link import Over

# How agents head what they say of a session that has failed.
_ERROR_HEAD: Final = "----------ERROR-------"


def failed(over: Over) -> bool:
    """Whether the agent has ended the session for an error, such as a port that refuses."""
    return over.sentence.startswith(_ERROR_HEAD)


def words(over: Over) -> str:
    """What was said at the end, without the line above errors; "" if nothing was."""
    return over.sentence.removeprefix(_ERROR_HEAD).lstrip(" ␊").rstrip()


def refusal(name: str, port: int, host: str = "") -> str:
    """That a port refuses connections: of the node `name`, or of a `host` as that one sees it."""
    if host:
        return f"{plain(name)} cannot connect to port {port} of {plain(host)}"
    return f"Nothing accepts connections on port {port} of {plain(name)}"
