"""The names that come near."""

import pytest

from ssmtui.core.near import did_you_mean, near


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("nodse", ["nodes", "sessions"], ["nodes"]),
        ("NODES", ["nodes"], ["nodes"]),
        ("prod", ["Prod-EU", "prods", "dev"], ["prods", "Prod-EU"]),
        ("aaaa", ["aaab", "aaac", "aaad", "aaae"], 3),
        ("x", ["nodes"], []),
        ("", ["nodes"], []),
        ("nodes", [], []),
    ],
)
def test_the_nearest_come_first_as_they_are_written(name, known, found):
    answer = near(name, known)
    assert len(answer) == found if isinstance(found, int) else answer == found


def test_how_near_they_must_come_can_be_said():
    assert near("nod", ["nodes"]) == ["nodes"]
    assert near("nod", ["nodes"], likeness=0.9) == []


def test_what_comes_near_is_proposed():
    assert did_you_mean("nodse", ["nodes", "no"]) == "Did you mean nodes"
    assert did_you_mean("eu-west-9", ["eu-west-1", "eu-west-2"]) == (
        "Did you mean eu-west-2 or eu-west-1"
    )
    assert did_you_mean("nodse", ["nodes"], sign=":") == "Did you mean :nodes"


def test_where_nothing_does_those_there_are_are_named_up_to_a_bound():
    assert did_you_mean("x", ["one", "two", "one"]) == "There are one, two"
    many = [f"name{number}" for number in range(12)]
    assert did_you_mean("x", many).endswith("name9 and 2 more")
    assert did_you_mean("x", many, otherwise="See ?") == "See ?"
    assert did_you_mean("x", []) == ""


def test_names_cannot_disturb_the_screen():
    assert "\x1b" not in did_you_mean("abcd", ["abc\x1b[2Jd"])
    assert "\x1b" not in did_you_mean("x", ["abc\x1b[2Jd"])
