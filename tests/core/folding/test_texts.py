"""Texts held once."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.folding import texts as module
from ssmtui.core.folding.texts import Texts


def take(texts: Texts, text: str) -> int:
    work = texts.take(text)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


lines = st.lists(st.sampled_from(["a", "b", "", "é\ud800", "x" * 600]), max_size=6).map("\n".join)


@given(st.lists(st.tuples(lines, st.booleans()), max_size=30), st.sampled_from([0, 500, 10**9]))
def test_every_text_comes_back_whatever_is_dropped_meanwhile(wishes, limit):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LEAST", 0)
        texts = Texts(limit)
        held: Counter[str] = Counter()
        for text, drop in wishes:
            if drop and held[text]:
                number = take(texts, text)
                texts.drop(number)
                texts.drop(number)
                held[text] -= 1
            else:
                take(texts, text)
                held[text] += 1
        for text, count in held.items():
            if count:
                number = take(texts, text)
                assert texts.text(number) == text
                assert texts.chars(number) == len(text)
                for _ in range(count + 1):
                    texts.drop(number)
        assert (len(texts), texts.size) == (0, 0)


def test_equal_texts_are_held_once():
    texts = Texts(10**9)
    assert take(texts, "a" * 5000) == take(texts, "a" * 5000)
    assert len(texts) == 1
    assert texts.size < 6000


def test_texts_that_differ_in_a_line_are_held_as_the_difference():
    texts = Texts(10**9)
    base = [f"line {n}" for n in range(1000)]
    numbers = [take(texts, "\n".join([*base, f"node {n}"])) for n in range(100)]
    assert texts.size < 40_000
    assert texts.text(numbers[77]).endswith("node 77")
    assert texts.patch(numbers[77]).lines().tolist() == [1000]
    assert texts.patch(numbers[0]) is None


def test_many_texts_are_deflated():
    texts = Texts(200_000)
    numbers = [take(texts, f"{n} " * 20_000) for n in range(20)]
    assert texts.size < 200_000
    assert not texts.full
    assert [texts.text(number) for number in numbers] == [f"{n} " * 20_000 for n in range(20)]


def test_a_long_text_is_taken_with_pauses():
    work = Texts(10**9).take("x" * (5 << 20))
    assert sum(1 for _ in work) >= 4
