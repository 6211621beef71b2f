"""A small HTTP/1.1 server of the toy network: a status page, and bytes by the million.

    GET  /            a page about the node
    GET  /health      {"status": "ok", "node": ID}
    GET  /bytes/N     N bytes, always the same, at most 1 GiB
    POST /bytes       counts what it is sent: {"bytes": N}

Everything else is 404. Connections are kept open unless the client says otherwise.
"""

from __future__ import annotations

import asyncio
import html
import json
from dataclasses import dataclass

from ssmtui.simulator.agent.connection import PeerConnection
from ssmtui.simulator.world.node import Node

MOST_BYTES = 1 << 30
_BLOCK = bytes(range(256)) * 64
_LONGEST_HEAD = 16 * 1024


class Reader:
    """Exact pieces of a connection. asyncio.IncompleteReadError where it ends before them."""

    def __init__(self, peer: PeerConnection) -> None:
        self._peer = peer
        self._rest = bytearray()

    async def exactly(self, count: int) -> bytes:
        while len(self._rest) < count:
            await self._more(count)
        return self._taken(count)

    async def until(self, mark: bytes, limit: int) -> bytes | None:
        """Everything to the mark and with it; None if it does not come within `limit` bytes."""
        while mark not in self._rest:
            if len(self._rest) > limit:
                return None
            await self._more(len(self._rest) + 1)
        return self._taken(self._rest.index(mark) + len(mark))

    async def some(self, limit: int) -> bytes:
        """At least one byte, at most `limit`."""
        if not self._rest:
            await self._more(1)
        return self._taken(min(limit, len(self._rest)))

    async def _more(self, wanted: int) -> None:
        data = await self._peer.read()
        if not data:
            raise asyncio.IncompleteReadError(bytes(self._rest), wanted)
        self._rest += data

    def _taken(self, count: int) -> bytes:
        piece = bytes(self._rest[:count])
        del self._rest[:count]
        return piece


@dataclass(frozen=True, slots=True)
class Request:
    """A request's head. Header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]

    @property
    def last(self) -> bool:
        return self.headers.get("connection", "").lower() == "close"

    @property
    def length(self) -> int:
        """Of its body; -1 if it cannot be told."""
        text = self.headers.get("content-length", "0")
        return -1 if "transfer-encoding" in self.headers or not text.isdecimal() else int(text)


async def serve(peer: PeerConnection, node: Node) -> None:
    """Answer the requests of one connection, one after the other."""
    reader = Reader(peer)
    while True:
        head = await reader.until(b"\r\n\r\n", _LONGEST_HEAD)
        request = None if head is None else _parsed(head)
        if request is None or request.length < 0:
            await peer.write(_head(400, "text/plain", 0, last=True))
            return
        received = 0
        while received < request.length:
            received += len(await reader.some(request.length - received))
        await _answer(peer, node, request)
        if request.last:
            return


def _parsed(head: bytes) -> Request | None:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            return None
        headers[name.strip().lower()] = value.strip()
    return Request(words[0], words[1].partition("?")[0], headers)


async def _answer(peer: PeerConnection, node: Node, request: Request) -> None:
    name, _, count = request.path.removeprefix("/").partition("/")
    if request.method not in ("GET", "HEAD", "POST"):
        status, kind, body = 405, "text/plain", b"method not allowed\n"
    elif request.path == "/":
        status, kind, body = 200, "text/html; charset=utf-8", _page(node)
    elif request.path == "/health":
        status, kind, body = 200, "application/json", _json({"status": "ok", "node": node.id})
    elif request.path == "/bytes" and request.method == "POST":
        status, kind, body = 200, "application/json", _json({"bytes": request.length})
    elif name == "bytes" and count.isdecimal() and int(count) <= MOST_BYTES:
        await _send_bytes(peer, request, int(count))
        return
    else:
        status, kind, body = 404, "text/plain", b"not found\n"
    head = _head(status, kind, len(body), last=request.last)
    await peer.write(head if request.method == "HEAD" else head + body)


async def _send_bytes(peer: PeerConnection, request: Request, count: int) -> None:
    await peer.write(_head(200, "application/octet-stream", count, last=request.last))
    if request.method != "HEAD":
        for start in range(0, count, len(_BLOCK)):
            await peer.write(_BLOCK[: count - start])


_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


def _head(status: int, kind: str, length: int, *, last: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
        f"Connection: {'close' if last else 'keep-alive'}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def _json(value: dict[str, object]) -> bytes:
    return json.dumps(value).encode()


def _page(node: Node) -> bytes:
    name, role = html.escape(node.shown_name or node.id), html.escape(node.role)
    return (
        f"<!doctype html><title>{name}</title><h1>{name}</h1>"
        f"<p>{node.id}, {role}, {node.platform.name} {node.platform.version}</p>\n"
    ).encode()
