"""What is beyond a toy machine: the simulated services themselves, and nothing else.

Requests never leave the process. A server that serves a world says here by which addresses clients
reach it; a machine's programs then find it under the same ones, and no other host answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from ssmtui.simulator.world import World


class CutError(Exception):
    """The connection ended before the answer did: `body` is what came of it."""

    def __init__(self, body: bytes) -> None:
        super().__init__("the connection was cut")
        self.body = body


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


# Answers method, path, query, headers and body. Raises CutError.
Serve = Callable[[str, str, str, Mapping[str, str], bytes], Awaitable[Response]]


class Outside:
    """One of a world. There is nobody until a server has said so."""

    def __init__(self, world: World) -> None:
        self._served: dict[str, Serve] = {}

    def open(self, host: str, serve: Serve) -> None:
        """Requests to `host:port` are answered by `serve` from now on."""
        self._served[host.lower()] = serve

    def close(self, host: str) -> None:
        self._served.pop(host.lower(), None)

    async def ask(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Response | None:
        """An answer; None if nobody is there. Raises CutError, and ValueError for a bad address."""
        parts = urlsplit(url)
        serve = self._served.get(parts.netloc.lower())
        if serve is None:
            return None
        sent = {"host": parts.netloc, "content-length": str(len(body)), **(headers or {})}
        return await serve(method, parts.path or "/", parts.query, sent, body)
