"""The one exception of the wire, and the reasons it has."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """Why something from the other end, or a channel as a whole, is no good."""

    SHORT = "short"  # fewer bytes than the header has, or than it announces
    HEADER = "header"  # a header length other than the one layout there is
    MESSAGE_TYPE = "message type"  # empty, not ASCII, or none that this end takes
    CREATED = "created"  # a creation date of zero
    DIGEST = "digest"  # damaged on its way: dropped in silence, and so retransmitted
    PAYLOAD = "payload"  # a payload that is not what its type says
    PAYLOAD_TYPE = "payload type"  # one that this end does not take, or not in this state
    SEQUENCE = "sequence"  # a number that cannot be, or too far ahead to be kept
    HANDSHAKE = "handshake"  # refused, contradictory, or not done in time
    DECRYPT = "decrypt"  # not encrypted with the session's key
    OVERFLOW = "overflow"  # the other end acknowledges nothing, and no more can be kept for it
    UNACKNOWLEDGED = "unacknowledged"  # repeated as often as makes sense, without an answer
    MUX = "mux"  # a frame that smux does not know, or a mux that went silent


class WireError(Exception):
    """Bytes that cannot be understood; `fault` says why, the text says it in words."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault
