"""A connection of the toy network: two bounded buffers, and an end for each side."""

from __future__ import annotations

from ssmtui.simulator.shell.streams import Pipe


class PeerConnection:
    """One end of a connection; `pair` makes both."""

    def __init__(self, incoming: Pipe, outgoing: Pipe) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    async def read(self) -> bytes:
        """Some bytes as soon as there are any; b"" at the end, and ever after."""
        return await self._incoming.read()

    async def write(self, data: bytes) -> None:
        """Send bytes, waiting while there is no room. Closed once the other end is gone."""
        await self._outgoing.write(data)

    def finish(self) -> None:
        """Send no more; what comes can still be read."""
        self._outgoing.end()

    def end(self) -> None:
        """Close it whole: the other end reads what is left, and can write no more."""
        self._outgoing.end()
        self._incoming.abandon()


def pair() -> tuple[PeerConnection, PeerConnection]:
    """The two ends of a new connection."""
    there, back = Pipe(), Pipe()
    return PeerConnection(back, there), PeerConnection(there, back)
