from __future__ import annotations

import pytest

from ssmtui.simulator.shell.powershell.operators import member, method, operate, styled
from ssmtui.simulator.shell.powershell.values import PowerShellError, Span, Thing, Time


@pytest.mark.parametrize(
    ("operator", "left", "right", "expected"),
    [
        ("-eq", "ABC", "abc", True),
        ("-ceq", "ABC", "abc", False),
        ("-eq", 1, "1", True),
        ("-eq", 1, "x", False),
        ("-ne", None, 1, True),
        ("-gt", 10, 9, True),
        ("-lt", "b", "A", False),
        ("-le", 2, "2", True),
        ("-like", "web-01", "WEB*", True),
        ("-notlike", "a", "b*", True),
        ("-match", "abc", "^A", True),
        ("-cmatch", "abc", "^A", False),
        ("-notmatch", "abc", "x", True),
        ("-eq", [1, 2, 1], 1, [1, 1]),
        ("-contains", [1, 2], 2, True),
        ("-notcontains", [1, 2], 3, True),
        ("-in", "a", ["A", "b"], True),
        ("-notin", 1, [2], True),
        ("-xor", True, False, True),
        ("-split", "a,b", ",", ["a", "b"]),
        ("-join", ["a", 1], "-", "a-1"),
        ("-replace", "aXb", "x", "ab"),
        ("-replace", "k=v", ["(\\w)=(\\w)", "$2=$1"], "v=k"),
        ("-f", "{0,-3}|{1:N1}|{{}}", ["a", 1234.56], "a  |1,234.6|{}"),
        ("-is", 1, "[int]", True),
        ("-isnot", "a", "[int]", True),
        ("-as", "5", "[int]", 5),
        ("..", 1, 3, [1, 2, 3]),
        ("..", 3, 1, [3, 2, 1]),
        ("+", 1, 2, 3),
        ("+", "a", 1, "a1"),
        ("+", [1], [2], [1, 2]),
        ("+", None, "a", "a"),
        ("-", 5, 7, -2),
        ("*", "ab", 2, "abab"),
        ("/", 7, 2, 3.5),
        ("/", 8, 2, 4),
        ("%", -7, 3, -1),
        ("-", Time(10.0), Time(4.0), Span(6.0)),
        ("-lt", Time(1.0), Time(2.0), True),
    ],
)
def test_operators(operator: str, left: object, right: object, expected: object) -> None:
    assert operate(operator, left, right) == expected


@pytest.mark.parametrize(
    ("operator", "left", "right"),
    [
        ("/", 1, 0),
        ("-match", "a", "("),
        ("..", 1, 10**9),
        ("+", 1, "x"),
        ("*", 1e200, 1e200),
        ("-f", "{5}", ["a"]),
        ("+", "a" * (1 << 20), "b"),
    ],
)
def test_what_cannot_be_done(operator: str, left: object, right: object) -> None:
    with pytest.raises(PowerShellError):
        operate(operator, left, right)


def test_casts() -> None:
    assert operate("cast", "int", "2.7") == 3
    assert operate("cast", "string", 5) == "5"
    assert operate("cast", "bool", "") is False
    assert operate("cast", "unknown", "x") == "x"


def test_members() -> None:
    things = [Thing("X", {"Name": "a"}), Thing("X", {"Name": "b"})]
    assert member(things, "Name") == ["a", "b"]
    assert member(things, "Count") == 2
    assert member("abc", "Length") == 3
    assert member(Time(1_793_606_400.0), "Year") == 2026
    assert member(Span(5400.0), "TotalHours") == 1.5
    assert member(5, "nope") is None


@pytest.mark.parametrize(
    ("value", "name", "arguments", "expected"),
    [
        ("aB", "ToUpper", [], "AB"),
        (" a ", "Trim", [], "a"),
        ("a,b", "Split", [","], ["a", "b"]),
        ("abc", "Substring", [1], "bc"),
        ("abc", "Substring", [0, 2], "ab"),
        ("abc", "Replace", ["b", "-"], "a-c"),
        ("abc", "Contains", ["b"], True),
        ("abc", "StartsWith", ["ab"], True),
        ("a", "PadLeft", [3], "  a"),
        (5, "ToString", [], "5"),
        (255, "ToString", ["X"], "FF"),
        (Time(0.0), "AddDays", [1], Time(86400.0)),
    ],
)
def test_methods(value: object, name: str, arguments: list[object], expected: object) -> None:
    assert method(value, name, arguments) == expected


def test_a_method_that_there_is_not() -> None:
    with pytest.raises(PowerShellError, match="does not contain a method named 'Nope'"):
        method("a", "Nope", [])


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1234.5, "N2", "1,234.50"),
        (0.123, "P1", "12.3 %"),
        (7, "D3", "007"),
        (2.345, "F1", "2.3"),
        (Time(1_793_606_400.0), "yyyy-MM-dd HH:mm:ss", "2026-11-02 08:00:00"),
        (Time(1_793_606_400.0), "HH:mm:sszzz", "08:00:00+00:00"),
    ],
)
def test_styles(value: object, style: str, shown: str) -> None:
    assert styled(value, style) == shown
