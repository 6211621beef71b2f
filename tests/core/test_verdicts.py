from __future__ import annotations

from typing import Any

import msgspec

from ssmtui.core.columns import UNKNOWN as NOT_KNOWN
from ssmtui.core.columns import Column, Kind
from ssmtui.core.keys import RowKey
from ssmtui.core.marks import Marks
from ssmtui.core.query import EMPTY, parse
from ssmtui.core.store import Store
from ssmtui.core.verdicts import NO, PENDING, UNKNOWN, YES, Verdicts


class Thing(msgspec.Struct, frozen=True):
    id: str
    name: Any

    @property
    def key(self) -> RowKey:
        return RowKey("111122223333", "eu-west-1", self.id)


COLUMNS = (Column("name", "NAME", Kind.TEXT, 10, "the name"),)


def verdicts_of(*names: Any, marks: Marks | None = None) -> tuple[Verdicts[Thing], Store[Thing]]:
    store: Store[Thing] = Store(COLUMNS)
    store.apply([Thing(str(number), name) for number, name in enumerate(names)])
    made = Verdicts(
        store,
        COLUMNS,
        problem=lambda row: row.name == "bad",
        marks=Marks() if marks is None else marks,
        now=lambda: 0.0,
    )
    return made, store


def test_answers_are_yes_no_and_unknown() -> None:
    made, _ = verdicts_of("web", "api", NOT_KNOWN)
    made.query = parse("name=web", COLUMNS)
    made.reset()
    assert list(made.bytes) == [PENDING] * 3
    assert not made.settled
    made.judge(made.pending([0, 1, 2]))
    assert list(made.bytes) == [YES, NO, UNKNOWN]
    assert made.settled
    assert made.unknown == 1


def test_a_capital_asks_for_the_text_as_it_is_written() -> None:
    made, _ = verdicts_of("Web", "web")
    made.query = parse("Web", COLUMNS)
    made.judge([0, 1])
    assert list(made.bytes) == [YES, NO]
    made.query = parse("web", COLUMNS)
    made.judge([0, 1])
    assert list(made.bytes) == [YES, YES]


def test_problems_and_marks_must_hold_as_well() -> None:
    marks = Marks()
    made, store = verdicts_of("bad", "bad", "good", marks=marks)
    made.problems_only = True
    made.judge([0, 1, 2])
    assert list(made.bytes) == [YES, YES, NO]
    marks.add([store.keys[1], store.keys[2]])
    made.marked_only = True
    made.judge([0, 1, 2])
    assert list(made.bytes) == [NO, YES, NO]


def test_only_what_narrows_asks() -> None:
    made, _ = verdicts_of("web")
    assert not made.asking
    made.query = parse("@prod", COLUMNS)
    assert not made.asking, "scopes are not asked of rows"
    made.query = parse("web", COLUMNS)
    assert made.asking
    made.query = EMPTY
    made.marked_only = True
    assert made.asking


def test_free_slots_are_never_waited_for() -> None:
    made, store = verdicts_of("web", "api")
    store.apply(gone=[store.keys[0]])
    made.forget([], [0])
    made.reset()
    made.judge([1])
    assert made.settled


def test_haystacks_of_changed_rows_are_made_anew() -> None:
    made, store = verdicts_of("web", "api")
    made.query = parse("new", COLUMNS)
    while made.prepare(1):
        pass
    made.judge([0, 1])
    assert list(made.bytes) == [NO, NO]
    store.apply([Thing("1", "new")])
    made.forget([1], [])
    made.judge([0, 1])
    assert list(made.bytes) == [NO, YES]
