from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.braces import MOST_WORDS, braces
from ssmtui.simulator.shell.bash.syntax import Text


def expanded(text: str) -> list[str]:
    return [
        "".join(part.text for part in word if isinstance(part, Text))
        for word in braces((Text(text),))
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plain", ["plain"]),
        ("{a,b}c", ["ac", "bc"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{3..1}", ["3", "2", "1"]),
        ("{01..03}", ["01", "02", "03"]),
        ("{1..7..3}", ["1", "4", "7"]),
        ("{a..c}", ["a", "b", "c"]),
        ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
        ("{a,{b,c}}", ["a", "b", "c"]),
        ("x{,y}", ["x", "xy"]),
        ("{a}", ["{a}"]),
        ("{}", ["{}"]),
        ("a,b", ["a,b"]),
        ("{1..x}", ["{1..x}"]),
        ("}{a,b}", ["}a", "}b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert expanded(text) == words


def test_quoted_braces_are_text() -> None:
    word = (Text("{a,b}", quoted=True), Text("c"))
    assert braces(word) == [word]


def test_too_many_are_left_as_they_are() -> None:
    text = "{1..100}" * 3
    assert expanded(text) == [text]


@given(st.text("{}a,.1-", max_size=20))
def test_any_text_becomes_a_bounded_number_of_words(text: str) -> None:
    assert 1 <= len(expanded(text)) <= MOST_WORDS
