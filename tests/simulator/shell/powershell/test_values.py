from __future__ import annotations

import pytest

from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Span,
    Thing,
    Time,
    many,
    not_found,
    number,
    short_time,
    single,
    text,
    truth,
)

START = 1_793_606_400.0  # 2026-11-02T08:00:00Z


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (True, "True"),
        (5, "5"),
        (2.50, "2.5"),
        ([1, "a", None], "1 a "),
        (Time(START), "11/02/2026 08:00:00"),
        (Span(90061.0), "1.01:01:01"),
        (Thing("X", {"Name": "n", "a": 1}), "n"),
        (Thing("X", {"a": 1, "b": [1, 2]}), "@{a=1; b=1 2}"),
    ],
)
def test_texts(value: object, shown: str) -> None:
    assert text(value) == shown


def test_things_within_themselves_end() -> None:
    thing = Thing("Loop")
    thing.properties["me"] = thing
    assert text(thing).endswith("Loop}}}}}")
    items: list[object] = []
    items.append(items)
    assert text(items) == "System.Object[]"


def test_texts_are_bounded() -> None:
    with pytest.raises(PowerShellError, match="OutOfMemory"):
        text([["x" * 1000] * 1000] * 1000)


def test_times() -> None:
    assert short_time(Time(START)) == "11/2/2026 8:00:00 AM"
    assert short_time(Time(START + 13 * 3600)) == "11/2/2026 9:00:00 PM"


def test_numbers() -> None:
    assert number("42") == 42
    assert number(" 2.5 ") == 2.5
    assert number(None) == 0
    assert number(True) == 1
    with pytest.raises(PowerShellError, match='Cannot convert value "x"'):
        number("x")


def test_truth() -> None:
    assert [truth(value) for value in (None, 0, "", [], [0], False)] == [False] * 6
    assert [truth(value) for value in (1, "a", [0, 0], Thing("X"))] == [True] * 4


def test_one_and_many() -> None:
    assert many(None) == []
    assert many(1) == [1]
    assert many([1]) == [1]
    assert single([]) is None
    assert single([1]) == 1
    assert single([1, 2]) == [1, 2]


def test_properties_have_no_case() -> None:
    assert Thing("X", {"Name": "n"}).get("nAME") == "n"
    assert Thing("X").get("nope") is None


def test_what_is_not_found_is_said_as_powershell_says_it() -> None:
    error = not_found("Get-Foo")
    assert str(error).startswith("The term 'Get-Foo' is not recognized")
    assert error.identifier == "CommandNotFoundException"
