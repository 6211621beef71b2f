"""What goes in: what one node answered."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ssmtui.core.keys import RowKey
from ssmtui.core.text import plain


class Outcome(StrEnum):
    """How a node's answer counts, in the order in which blocks are shown."""

    FAILED = "failed"  # Failed, ExecutionTimedOut: the command ran, and it did not go well
    NO_ANSWER = "no answer"  # DeliveryTimedOut, Undeliverable ...: not counted as failures
    CANCELLED = "cancelled"
    OK = "ok"


_TIMED_OUT: Final = "timed out"
# AWS's words that say no more than ours.
_SAID: Final = frozenset({"", "success", "failed", "executiontimedout", "cancelled"})


def ending(outcome: Outcome, status: str, exit_code: int | None) -> str:
    """How a node ended, in words: "exit code 0", "failed, exit code 100", "timed out", "no answer
    (Undeliverable)", "cancelled, exit code 137". What failed never reads like a success, whatever
    its exit code."""
    code = "" if exit_code is None else f"exit code {exit_code}"
    if outcome is Outcome.OK and code:
        return code
    word = _word(outcome, status)
    if _squeezed(status) not in _SAID:
        word = f"{word} ({plain(status)})"
    return f"{word}, {code}" if code else word


def short_ending(outcome: Outcome, status: str, exit_code: int | None) -> str:
    """The same in ten characters at most, by what tells most: "exit 100", "timed out", "failed"."""
    word = _word(outcome, status)
    told = exit_code is not None if outcome is Outcome.OK else bool(exit_code)
    return f"exit {exit_code}" if told and word in (Outcome.OK, Outcome.FAILED) else word


def _word(outcome: Outcome, status: str) -> str:
    late = outcome is Outcome.FAILED and "timedout" in _squeezed(status)
    return _TIMED_OUT if late else str(outcome)


def _squeezed(status: str) -> str:
    return status.replace(" ", "").lower()


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
