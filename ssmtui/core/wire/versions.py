"""Versions of agents and clients, and what the two do to each other by them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

# What our two ends say they are. The service refuses clients below 1.2.764; this one behaves as
# 1.2.835 does: a port session survives a reconnect, and a new StreamUrl is used.
CLIENT_VERSION: Final = "1.2.835.0"
AGENT_VERSION: Final = "3.3.1611.0"

_VERSION: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){3}", re.ASCII)

Version = tuple[int, int, int, int]

_AGENT_MUX_ABOVE: Final = (3, 0, 196, 0)
_AGENT_NO_KEEPALIVE_ABOVE: Final = (3, 1, 1511, 0)
_CLIENT_MUX_FROM: Final = (1, 1, 70, 0)
_CLIENT_STDERR_ABOVE: Final = (1, 2, 295, 0)


class PortMode(StrEnum):
    """How connections travel in a port session."""

    SMUX = "smux"  # any number of them, as streams of a mux
    BASIC = "basic"  # one at a time, raw; the Flag DISCONNECT_TO_PORT between two
    STREAM = "stream"  # no `type`: the session is the connection, as for AWS-StartSSHSession


def parse(version: str) -> Version | None:
    """Four dotted numbers; None for anything else.

    The real comparisons call any other number of parts unsupported, so nothing is guessed here.
    """
    if _VERSION.fullmatch(version) is None:
        return None
    first, second, third, fourth = (int(part) for part in version.split("."))
    return first, second, third, fourth


def port_mode(
    properties: Mapping[str, str], agent_version: str, client_version: str = CLIENT_VERSION
) -> PortMode:
    """What both ends decide, each from the other's version and the document's properties."""
    if not properties.get("type"):
        return PortMode.STREAM
    agent, client = parse(agent_version), parse(client_version)
    if (
        properties["type"] == "LocalPortForwarding"
        and agent is not None
        and agent > _AGENT_MUX_ABOVE
        and client is not None
        and client >= _CLIENT_MUX_FROM
    ):
        return PortMode.SMUX
    return PortMode.BASIC


def mux_keepalive(agent_version: str) -> bool:
    """Whether the mux with this agent sends NOPs and gives up when nothing comes."""
    agent = parse(agent_version)
    return agent is None or agent <= _AGENT_NO_KEEPALIVE_ABOVE


def takes_stderr(client_version: str) -> bool:
    """Whether the client takes stderr and exit codes as messages of their own."""
    client = parse(client_version)
    return client is not None and client > _CLIENT_STDERR_ABOVE
