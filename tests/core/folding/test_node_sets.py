"""Names folded into sets, and back."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssmtui.core.folding.node_sets import expand, fold

numbers = st.integers(0, 120).flatmap(
    lambda number: st.sampled_from([str(number), f"{number:02}", f"{number:03}"])
)
ordinary = st.builds("".join, st.lists(st.one_of(numbers, st.sampled_from(["a", "-", "."]))))
hostile = st.text(alphabet='a1[],"×- \\\n\x1b٣é\ud800', max_size=6)
names = st.lists(st.one_of(ordinary, hostile, st.sampled_from(["i-0abc1234", "web"])), max_size=60)


@given(names)
@example(["1", "01", "001", "10"])
@example(["a1b01", "a1b1", "a2b01", "a2b1"])
@example(["9" * 5000, "a" + "0" * 40])
@example(['"', "a×3", "a", "a", "a", ""])
def test_unfolding_gives_back_every_name_as_often(listed):
    folded = fold(listed)
    assert Counter(folded) == Counter(listed)
    assert Counter(expand(str(folded))) == Counter(listed)
    assert len(folded) == len(listed)


@given(names, st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_matter(listed, random):
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert str(fold(shuffled)) == str(fold(listed))


@given(names, st.integers(0, 60))
def test_no_rendering_is_wider_than_asked_for(listed, width):
    folded = fold(listed)
    fitted = folded.fitted(width)
    assert len(fitted) <= width
    if len(str(folded)) <= width:
        assert fitted == str(folded)


@pytest.mark.parametrize(
    ("listed", "folded"),
    [
        ([f"web-{n:03}" for n in (*range(1, 121), 144)], "web-[001-120,144]"),
        (["web-1"], "web-1"),
        (["web-1", "web-2"], "web-[1-2]"),
        (["n01", "n10", "n9"], "n[01,10],n9"),  # zero-padding is kept apart
        (["n098", "n099", "n100", "n1000"], "n[098-100,1000]"),
        ([f"rack{r}-node{n:02}" for r in (1, 2) for n in range(1, 11)], "rack[1-2]-node[01-10]"),
        (["r1n1", "r1n2", "r2n1"], "r1n[1-2],r2n1"),  # no product that is not exact
        (["r1n1", "r2n1", "r3n1", "r1n2"], "r1n[1-2],r[2-3]n1"),
        (["i-0abc1234", "i-0abc1235"], "i-0abc1234,i-0abc1235"),
        (["mi-0abc12341", "mi-0abc12342"], "mi-0abc12341,mi-0abc12342"),
        (["web-9f8e7d6c1", "web-9f8e7d6c2"], "web-9f8e7d6c1,web-9f8e7d6c2"),
        (["web", "web", "web-1"], "web×2,web-1"),
        (["a,b", "x[1-2]"], '"a,b","x[1-2]"'),
        ([], ""),
    ],
)
def test_names_are_written_as_node_sets(listed, folded):
    assert str(fold(listed)) == folded


@pytest.mark.parametrize(
    ("listed", "width", "fitted"),
    [
        ([f"web-{n:03}" for n in (*range(1, 17), 20, 22)], 17, "web-[001-016,…]"),
        (
            [f"web-{n:03}" for n in (*range(1, 17), *range(20, 40, 2))],
            32,
            "web-[001-016,020,…] and 9 more",
        ),
        (["i-0aaa1111", "i-0bbb2222", "i-0ccc3333"], 26, "i-0aaa1111 … and 2 more"),
        (["alpha", "beta"], 10, "alpha,beta"),
        (["alpha", "beta"], 9, "2 nodes"),
        (["alpha"], 4, "alp…"),
        (["alpha", "beta"], 3, "…"),
        (["alpha", "beta"], 0, ""),
        ([f"r{r}n{n}" for r in (1, 2) for n in (1, 3)], 20, "r[1-2]n[1,3]"),
        ([f"r{r}n{n}" for r in (1, 2) for n in (1, 3)], 11, "4 nodes"),
    ],
)
def test_what_finds_no_room_is_counted(listed, width, fitted):
    assert fold(listed).fitted(width) == fitted


@pytest.mark.parametrize("wrong", ["a[", "a[1-", "a[x]", "a b", "a,,b", "a[1--2]", '"a'])
def test_what_is_no_set_is_refused(wrong):
    with pytest.raises(ValueError, match="not a"):
        expand(wrong)


@pytest.mark.parametrize(
    "listed",
    [
        [f"web-{n:05}" for n in range(10_000) if n % 7],
        [f"rack{r}-node{n:02}" for r in range(100) for n in range(100)],
        [f"i-{n * 104729:017x}" for n in range(10_000)],
    ],
)
def test_ten_thousand_names_are_quick(listed):
    begun = time.process_time()
    fold(listed).fitted(80)
    assert time.process_time() - begun < 2  # some 10 ms; a quadratic way takes ten seconds and more
