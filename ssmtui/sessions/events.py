"""What a session's link tells whoever stands on it, beside the wire's own events."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ssmtui.core.problem import ProblemError
from ssmtui.core.text import plain
from ssmtui.core.wire.errors import Fault
from ssmtui.core.wire.events import Exit, Flagged, HandshakeDone, Output, Stderr

NO_ANSWER: Final = "The node no longer answers"
BUG: Final = "The session's client failed, which is a bug: please report it"


class Status(msgspec.Struct, frozen=True):
    """What the connection is about: a word of `terminal`."""

    text: str


class Over(msgspec.Struct, frozen=True):
    """The end: `closed` by the service, or without it.

    `sentence` says why, without a full stop; "" is the usual end.
    """

    closed: bool
    sentence: str


LinkEvent = HandshakeDone | Output | Stderr | Exit | Flagged | Status | Over

# How agents begin what they say in the place of a session.
_BANNER: Final = re.compile(r"^-+ERROR-+\s*")


def as_sentence(text: str) -> str:
    """What the service says at the end, as one sentence; "" where it says nothing."""
    return plain(" ".join(_BANNER.sub("", text.strip()).split())).rstrip(".")


def problem_sentence(error: ProblemError) -> str:
    """A problem as an `Over` has it."""
    return error.problem.sentence.rstrip(".")


def failure_sentence(fault: Fault, detail: str) -> str:
    """Why a channel is of no use any more; `detail` is the wire's own word for it."""
    match fault:
        case Fault.HANDSHAKE:
            return f"The session did not open: {plain(detail)}"
        case Fault.UNACKNOWLEDGED | Fault.OVERFLOW:
            return NO_ANSWER
        case Fault.DECRYPT:
            return "The node sent something that is not encrypted with the session's key"
    return f"The session failed: {plain(detail)}"
