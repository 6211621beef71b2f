"""What befalls the frames of a data channel on their way, by the fault rules."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum, auto

from ssmtui.simulator.faults import FaultKind, Faults
from ssmtui.simulator.world.node import Node

# The first byte of an AgentMessage's payload; a frame without one is damaged in its digest.
_PAYLOAD = 120
_DIGEST = 80


class Cut(Enum):
    """Instead of frames: the connection is to be cut."""

    CUT = auto()


class Way:
    """One direction of a data channel. `operation` is OUTPUT_FRAME or INPUT_FRAME."""

    def __init__(
        self,
        faults: Faults,
        operation: str,
        node: Node,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._faults = faults
        self._operation = operation
        self._node = node
        self._sleep = sleep
        self._held: list[bytes] = []

    async def pass_on(self, frame: bytes) -> list[bytes] | Cut:
        """What arrives now that this frame was sent; it takes as long as the frame is delayed."""
        if not self._faults.active:
            return [frame, *self._released()]
        node = self._node
        verdict = self._faults.frame_verdict(self._operation, node.account, node.region)
        if verdict.delay:
            await self._sleep(verdict.delay)
        match verdict.kind:
            case FaultKind.ABORT:
                self._held.clear()
                return Cut.CUT
            case FaultKind.DROP:
                return []
            case FaultKind.REORDER:
                self._held.append(frame)
                return []
            case FaultKind.CORRUPT:
                frame = _corrupted(frame)
            case FaultKind.DUPLICATE:
                return [frame, frame, *self._released()]
        return [frame, *self._released()]

    def lost(self) -> None:
        """The connection is lost, and what was held back with it."""
        self._held.clear()

    def _released(self) -> list[bytes]:
        held, self._held = self._held, []
        return held


def _corrupted(frame: bytes) -> bytes:
    """The frame with one byte changed, which its digest gives away."""
    if not frame:
        return frame
    place = _PAYLOAD if len(frame) > _PAYLOAD else min(_DIGEST, len(frame) - 1)
    return frame[:place] + bytes([frame[place] ^ 0xFF]) + frame[place + 1 :]
