"""What goes in: what one node answered."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from ssmtui.core.keys import RowKey


class Outcome(StrEnum):
    """How a node's answer counts, in the order in which blocks are shown."""

    FAILED = "failed"  # Failed, ExecutionTimedOut: the command ran, and it did not go well
    NO_ANSWER = "no answer"  # DeliveryTimedOut, Undeliverable ...: not counted as failures
    CANCELLED = "cancelled"
    OK = "ok"


class Which(StrEnum):
    """One of a command's two streams."""

    STDOUT = "stdout"
    STDERR = "stderr"


class Output(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What one node answered, as raw text: folding compares it, drawing passes `core.text.plain`.

    `status` is AWS's own word (StatusDetails). `stdout_cut` and `stderr_cut` say that the text is
    only the head of what was written. `own` are words that are the node's own besides its name and
    id: addresses and host names, as far as they are known.
    """

    node: RowKey
    name: str
    outcome: Outcome
    status: str = ""
    exit_code: int | None = None
    stdout: str = ""
    stderr: str = ""
    stdout_cut: bool = False
    stderr_cut: bool = False
    own: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the node is called in node sets: its name, else its id."""
        return self.name or self.node.id
