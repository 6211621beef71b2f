from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.columns import UNKNOWN, Column, Kind, sort_key
from ssmtui.core.sort_keys import key_maker, keys_of

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.text(),
    Kind.STATUS: st.text(),
    Kind.VERSION: st.text(alphabet="0123456789.-a"),
    Kind.TIME: st.floats(0, 2e9),
    Kind.BYTES: st.integers(0, 10**15),
    Kind.COUNT: st.integers(-5, 10**6),
    Kind.FLAG: st.booleans(),
    Kind.NAMES: st.lists(st.text(), max_size=3).map(tuple),
    Kind.TAGS: st.dictionaries(st.text(), st.text(), max_size=3),
}


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_keys_are_those_of_the_columns_also_for_unknown_and_missing(
    kind: Kind, data: st.DataObject
) -> None:
    values = data.draw(st.lists(st.one_of(VALUES[kind], st.sampled_from([UNKNOWN, None, ""]))))
    make = key_maker(Column("it", "IT", kind, 5, "it"))
    rows = [SimpleNamespace(it=value) for value in values]
    expected = [sort_key(kind, value) for value in values]
    assert make(rows) == expected
    assert make(rows) == expected, "what is kept gives the same"


def test_gaps_have_no_key() -> None:
    make = key_maker(Column("it", "IT", Kind.COUNT, 5, "it"))
    first, last = SimpleNamespace(it=3), SimpleNamespace(it=1)
    three, one = sort_key(Kind.COUNT, 3), sort_key(Kind.COUNT, 1)
    assert keys_of(make, [first, None, last], gaps=True) == [three, None, one]
    assert keys_of(make, [last, first], gaps=True) == [one, three]
    assert keys_of(make, [last, first]) == [one, three]
