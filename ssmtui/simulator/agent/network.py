"""The toy network around a node: what answers on which port of which host.

Connections are made of two buffers in memory. Nothing here knows a socket, so nothing that a
session asks for can reach the machine that the simulator runs on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ssmtui.simulator.agent import http
from ssmtui.simulator.agent.connection import PeerConnection
from ssmtui.simulator.shell.streams import Closed
from ssmtui.simulator.world.node import Node

Service = Callable[[PeerConnection, Node], Awaitable[None]]

LOOPBACK = ("localhost", "127.0.0.1", "::1", "")
DATABASE_HOST = "db.internal"


class RefusedError(Exception):
    """Nobody answers there: the words of a dialler's error."""


def dial(node: Node, host: str, port: int) -> Service:
    """What answers on a port of a host, as the node sees it. Raises RefusedError."""
    name = host.rstrip(".").lower()
    if name in LOOPBACK or name in (node.address, node.private_dns, node.computer_name.lower()):
        services = _on_node(node)
    elif name == DATABASE_HOST:
        services = {5432: database, 22: ssh}
    elif name.endswith(".internal"):
        services = {80: http.serve}
    else:
        raise RefusedError(f"dial tcp: lookup {host}: no such host")
    if port not in services:
        raise RefusedError(f"dial tcp {host or 'localhost'}:{port}: connect: connection refused")
    return services[port]


def listening(node: Node) -> list[int]:
    """The ports that a node itself answers on."""
    return sorted(_on_node(node))


def _on_node(node: Node) -> dict[int, Service]:
    services: dict[int, Service] = {7: echo, 80: http.serve, 8080: http.serve}
    if node.platform.windows:
        services[3389] = silent
    else:
        services[22] = ssh
    if node.role == "db":
        services[5432] = database
    return services


async def echo(peer: PeerConnection, node: Node) -> None:
    """RFC 862: what comes goes back."""
    while data := await peer.read():
        await peer.write(data)


async def silent(peer: PeerConnection, node: Node) -> None:
    """Takes everything and says nothing, as a server does that knows another language."""
    while await peer.read():
        pass


async def ssh(peer: PeerConnection, node: Node) -> None:
    """An SSH server's identification (RFC 4253, 4.2), and its end of patience with what follows."""
    await peer.write(b"SSH-2.0-OpenSSH_8.7\r\n")
    greeting = b""
    while b"\n" not in greeting and len(greeting) < 256:
        data = await peer.read()
        if not data:
            return
        greeting += data
    if not greeting.startswith(b"SSH-2.0-"):
        await peer.write(b"Invalid SSH identification string.\r\n")
        return
    while await peer.read():  # no key exchange: a client waits until it gives up
        pass


async def database(peer: PeerConnection, node: Node) -> None:
    """The first words of PostgreSQL: TLS is declined, a start-up message is asked a password.

    (Message formats of the PostgreSQL documentation, "Frontend/Backend Protocol".)
    """
    reader = http.Reader(peer)
    while True:
        length = int.from_bytes(await reader.exactly(4), "big")
        if not 8 <= length <= 10_000:
            return
        body = await reader.exactly(length - 4)
        if body[:4] == (80877103).to_bytes(4, "big"):  # SSLRequest
            await peer.write(b"N")
            continue
        await peer.write(b"R" + (8).to_bytes(4, "big") + (3).to_bytes(4, "big"))
        await reader.exactly(5)
        fields = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
        await peer.write(b"E" + (4 + len(fields)).to_bytes(4, "big") + fields)
        return


async def run(service: Service, peer: PeerConnection, node: Node) -> None:
    """Let a service have a connection until one of the two ends it."""
    try:
        await service(peer, node)
    except (Closed, asyncio.IncompleteReadError):
        pass  # the other end has gone: nothing is left to do for it
    finally:
        peer.end()
