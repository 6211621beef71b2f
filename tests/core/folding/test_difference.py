"""Differences: what they say is true, and they take no longer than they may."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.folding import difference as module
from ssmtui.core.folding.difference import Difference, Sign, difference

texts = st.lists(st.sampled_from(["a", "b", "c", "", "dd", "é"]), max_size=40).map("\n".join)


def applied(found: Difference, old: str, new: str) -> None:
    """Check the hunks against the texts: every line is where it says, and nothing is left out."""
    olds, news = old.split("\n"), new.split("\n")
    at_old = at_new = 0
    for hunk in found.hunks:
        for _ in range(hunk.skipped):
            assert olds[at_old] == news[at_new]
            at_old, at_new = at_old + 1, at_new + 1
        for line in hunk.lines:
            if line.sign is not Sign.NEW:
                assert (line.old, line.text) == (at_old, olds[at_old])
                at_old += 1
            if line.sign is not Sign.OLD:
                assert (line.new, line.text) == (at_new, news[at_new])
                at_new += 1
    assert olds[at_old:] == news[at_new:]


@given(texts, texts, st.integers(0, 4))
def test_the_hunks_make_the_one_text_of_the_other(old, new, context):
    found = difference(old, new, context=context)
    applied(found, old, new)
    assert found.same is (old == new)
    signs = [line.sign for hunk in found.hunks for line in hunk.lines]
    assert (signs.count(Sign.OLD), signs.count(Sign.NEW)) == (found.removed, found.added)
    assert found.untold == 0


@given(texts, texts)
def test_it_is_true_also_where_little_may_be_compared(old, new):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BUDGET", 3)
        patch.setattr(module, "_DEPTH", 1)
        applied(difference(old, new), old, new)


def test_few_changed_lines_are_few_hunks_with_their_surroundings():
    lines = [f"line {number}" for number in range(100)]
    other = [*lines[:50], "line 50 changed", *lines[51:90], *lines[91:]]
    found = difference("\n".join(lines), "\n".join(other))
    assert (found.removed, found.added, found.coarse) == (2, 1, False)
    first, second = found.hunks
    assert [line.sign for line in first.lines] == list("   -+   ")
    assert (first.skipped, second.skipped) == (47, 33)


def test_it_says_where_a_line_differs():
    hunk = difference("took 15 s", "took 25 s").hunks[0]
    assert [(line.text, line.span) for line in hunk.lines] == [
        ("took 15 s", (5, 6)),
        ("took 25 s", (5, 6)),
    ]
    assert difference("a", "ab").hunks[0].lines[1].span == (1, 2)


def test_long_lines_are_cut_and_it_is_said():
    found = difference("x" * 1_000_000, "x" * 1_000_000 + "y")
    old, new = found.hunks[0].lines
    assert len(old.text) == module.LONGEST
    assert (old.more, new.more) == (1_000_000 - module.LONGEST, 1_000_001 - module.LONGEST)


def test_what_is_not_read_is_not_called_the_same():
    long = "x" * module.MOST_CHARS
    assert difference(f"{long}a", f"{long}b").same is False
    assert difference(f"{long}a", f"{long}b").unread_old == 1
    lines = "\n" * module.MOST_LINES
    assert difference(f"{lines}a", f"{lines}bb").unread_new == 2


def test_of_very_many_changes_the_first_are_told():
    many = 3 * module.MOST_SHOWN
    found = difference(
        "\n".join(f"{n}\n=" for n in range(many)), "\n".join(f"{n}!\n=" for n in range(many))
    )
    given_lines = sum(len(hunk.lines) for hunk in found.hunks)
    assert given_lines < 3 * module.MOST_SHOWN
    assert found.untold > 0
    assert found.removed >= module.MOST_LINES // 3


@pytest.mark.parametrize(
    "kind", ["different", "two letters", "shuffled", "reversed pairs", "newlines", "every second"]
)
def test_the_worst_texts_are_compared_in_bounded_time(kind):
    chance = random.Random(1)
    lines = [f"line {number}" for number in range(12_000)]
    pairs = [line for line in lines for _ in range(2)]
    old, new = {
        "different": (lines, [f"{line}!" for line in lines]),
        "two letters": (chance.choices("ab", k=12_000), chance.choices("ab", k=12_000)),
        "shuffled": (lines, chance.sample(lines, len(lines))),
        "reversed pairs": (pairs, pairs[::-1]),
        "newlines": ([""] * 2_000_000, [""] * 1_999_999),
        "every second": (lines, [line if n % 2 else f"{line}!" for n, line in enumerate(lines)]),
    }[kind]
    texts = "\n".join(old), "\n".join(new)
    begun = time.process_time()
    difference(*texts)
    assert time.process_time() - begun < 3  # some 30 ms; quadratic ways take minutes
