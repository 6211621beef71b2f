"""The five states of a table, and the words for a body without rows."""

from __future__ import annotations

from enum import StrEnum
from textwrap import wrap

import msgspec

from ssmtui.core.text import plain
from ssmtui.core.view import Counts


class StateKind(StrEnum):
    """How much of the truth a table holds."""

    LOADING = "loading"
    DATA = "data"  # all of it
    PARTIAL = "partial"  # some scope failed, was denied or is not read yet
    FAILED = "failed"  # none of it


class TableState(msgspec.Struct, frozen=True):
    """The state with its sentence (the progress, what is missing, what went wrong) and remedy.

    The fifth state, empty, follows from the counts: no rows at all, or none that match.
    """

    kind: StateKind = StateKind.LOADING
    text: str = ""
    remedy: str = ""


def empty_body(state: TableState, counts: Counts, noun: str, only: str, width: int) -> list[str]:
    """The lines of a body without rows. `noun` is what rows are called ("nodes"), `only` says
    which filter hides them besides the typed one ("", "marked only", "problems only")."""
    loading = f"loading {noun} ..."
    if counts.total:
        more = state.kind is StateKind.LOADING and counts.settled  # rows that may match yet
        lines = wrap(_hidden(counts, noun, only, " yet" if more else ""), width)
        return lines + (wrap(plain(state.text or loading), width) if more else [])
    sentences = {
        StateKind.LOADING: loading,
        StateKind.DATA: f"there are no {noun}",
        StateKind.PARTIAL: f"no {noun} where the answer is known",
        StateKind.FAILED: f"the {noun} could not be read",
    }
    lines = wrap(plain(state.text or sentences[state.kind]), width)
    return lines + wrap(plain(state.remedy), width)


def _hidden(counts: Counts, noun: str, only: str, yet: str) -> str:
    if not counts.settled:
        return f"looking through {counts.total:,} {noun} ..."
    sentence = f"no {noun} match{yet}"
    if counts.unknown:
        sentence += f", {counts.unknown:,} unknown"
    if only:
        return f"{sentence} ({only})"
    return f"{sentence}; Esc clears the filter"
