from __future__ import annotations

import pytest

from ssmtui.core.view import Counts
from ssmtui.ui.widgets.table_state import StateKind, TableState, empty_body

NOTHING = Counts(0, 0, 0, settled=True)


def body(state: TableState, counts: Counts = NOTHING, only: str = "", width: int = 60) -> str:
    return "|".join(empty_body(state, counts, "nodes", only, width))


@pytest.mark.parametrize(
    ("state", "lines"),
    [
        (TableState(), "loading nodes ..."),
        (TableState(StateKind.LOADING, "nodes 300 of 1,000"), "nodes 300 of 1,000"),
        (TableState(StateKind.DATA), "there are no nodes"),
        (TableState(StateKind.PARTIAL), "no nodes where the answer is known"),
        (
            TableState(StateKind.FAILED, "The credentials have expired", "Log in again"),
            "The credentials have expired|Log in again",
        ),
        (TableState(StateKind.FAILED), "the nodes could not be read"),
    ],
)
def test_each_state_has_its_words(state: TableState, lines: str) -> None:
    assert body(state) == lines


@pytest.mark.parametrize(
    ("counts", "only", "line"),
    [
        (Counts(0, 9, 0, settled=True), "", "no nodes match; Esc clears the filter"),
        (Counts(0, 9, 4, settled=True), "", "no nodes match, 4 unknown; Esc clears the filter"),
        (Counts(0, 9, 0, settled=True), "marked only", "no nodes match (marked only)"),
        (Counts(0, 9000, 0, settled=False), "", "looking through 9,000 nodes ..."),
    ],
)
def test_rows_that_a_filter_hides_are_not_said_to_be_missing(
    counts: Counts, only: str, line: str
) -> None:
    assert body(TableState(StateKind.DATA), counts, only) == line


@pytest.mark.parametrize(
    ("text", "counts", "only", "lines"),
    [
        (
            "",
            Counts(0, 9, 0, settled=True),
            "",
            "no nodes match yet; Esc clears the filter|loading nodes ...",
        ),
        (
            "nodes 300\x1b of 1,000",
            Counts(0, 300, 4, settled=True),
            "",
            "no nodes match yet, 4 unknown; Esc clears the filter|nodes 300␛ of 1,000",
        ),
        (
            "",
            Counts(0, 9, 0, settled=True),
            "marked only",
            "no nodes match yet (marked only)|loading nodes ...",
        ),
        ("", Counts(0, 9000, 0, settled=False), "", "looking through 9,000 nodes ..."),
    ],
)
def test_while_a_list_is_loading_that_none_match_is_not_final(
    text: str, counts: Counts, only: str, lines: str
) -> None:
    assert body(TableState(StateKind.LOADING, text), counts, only) == lines


def test_sentences_are_wrapped_and_made_safe() -> None:
    state = TableState(StateKind.FAILED, "one two\x1b[31m three")
    assert body(state, width=8) == "one|two␛[31m|three"
