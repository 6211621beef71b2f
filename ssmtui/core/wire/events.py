"""What the two ends of a data channel tell the program around them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ssmtui.core.wire.errors import Fault


class HandshakeDone(msgspec.Struct, frozen=True):
    """To the client: the session is open. It comes once, before any output.

    `properties` are the document's, of a port session (see `versions.port_mode`). An agent that
    skips the handshake is a shell's without a version.
    """

    session_type: str
    properties: Mapping[str, str]
    agent_version: str
    customer_message: str  # a line for the user, written by the agent
    encrypted: bool


class NeedsKey(msgspec.Struct, frozen=True):
    """To the client: the session is to be encrypted with this KMS key.

    Answer with `give_key` or `refuse_key` within the 15 s that a real agent waits.
    """

    key_id: str


class Output(msgspec.Struct, frozen=True, gc=False):
    """To the client: bytes of the terminal or of the port."""

    data: bytes


class Stderr(msgspec.Struct, frozen=True, gc=False):
    """To the client: what a command wrote to its error stream, where that is kept apart."""

    data: bytes


class Exit(msgspec.Struct, frozen=True):
    """To the client: the command's exit code."""

    code: int


class Closed(msgspec.Struct, frozen=True):
    """To the client: the service closed the channel, with a text for the user or none."""

    session_id: str
    output: str


class ClientReady(msgspec.Struct, frozen=True):
    """To the agent: the handshake is complete, and the client takes output."""

    client_version: str
    encrypted: bool


class NeedsDecryption(msgspec.Struct, frozen=True):
    """To the agent: the client's data key as KMS encrypted it. Answer with `give_key`."""

    ciphertext: bytes


class Input(msgspec.Struct, frozen=True, gc=False):
    """To the agent: keystrokes, or bytes for the port."""

    data: bytes


class Resized(msgspec.Struct, frozen=True):
    """To the agent: the size of the client's terminal, chosen freely by the client."""

    cols: int
    rows: int


class Flagged(msgspec.Struct, frozen=True):
    """To either end: a flag (see `payloads.FlagCode`), known or not."""

    flag: int


class Ignored(msgspec.Struct, frozen=True):
    """To either end: something was dropped that the protocol does not know, for the log.

    Damaged messages (Fault.DIGEST) come again by themselves. `detail` may quote what came.
    """

    fault: Fault
    detail: str


class Failed(msgspec.Struct, frozen=True):
    """To either end: the session is of no use any more. Nothing comes after it."""

    fault: Fault
    detail: str


Event = (
    HandshakeDone
    | NeedsKey
    | Output
    | Stderr
    | Exit
    | Closed
    | ClientReady
    | NeedsDecryption
    | Input
    | Resized
    | Flagged
    | Ignored
    | Failed
)
