from __future__ import annotations

from ssmtui.core.keys import RowKey
from ssmtui.core.marks import Marks

A, B, C = (RowKey("111122223333", "eu-west-1", name) for name in "abc")


def test_every_change_says_what_it_changed_and_is_counted() -> None:
    marks = Marks()
    assert marks.add([A, B]) == {A, B}
    assert marks.add([B, C]) == {C}
    assert marks.discard([A, A]) == {A}
    assert marks.toggle([A, B]) == {A, B}
    assert set(marks) == {A, C}
    assert (A in marks, B in marks, len(marks), marks.version) == (True, False, 2, 4)
    assert marks.clear() == {A, C}
    assert len(marks) == 0


def test_what_changes_nothing_is_no_new_version() -> None:
    marks = Marks()
    marks.add([A])
    before = marks.version
    assert not marks.add([A])
    assert not marks.discard([B])
    assert not marks.toggle([])
    assert marks.version == before
