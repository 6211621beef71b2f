"""What a forward has carried."""

from __future__ import annotations

import msgspec


class Figures(msgspec.Struct):
    """Counts since the forward began. `sent` goes to the node, `received` comes from it; bytes.

    `refused` are connections that nothing answered at the other end.
    """

    connections: int = 0
    open: int = 0
    sent: int = 0
    received: int = 0
    refused: int = 0
    reconnects: int = 0
