from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.arithmetic import ArithmeticProblem, evaluate


def value(text: str, **variables: str) -> int:
    return evaluate(text, lambda name: variables.get(name, ""), variables.__setitem__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("2 ** 3 ** 2", 512),
        ("0x1f + 010", 39),
        ("2#101", 5),
        ("1 < 2 && 3 != 4", 1),
        ("0 || 0", 0),
        ("!5", 0),
        ("~0", -1),
        ("1 ? 2 : 3", 2),
        ("0 ? 2 : 3", 3),
        ("1, 2", 2),
        ("1 << 4 | 1", 17),
        ("6 & 3 ^ 1", 3),
        ("9223372036854775807 + 1", -(2**63)),
        ("$x + x", 10),
        ("unset_name", 0),
    ],
)
def test_values(text: str, expected: int) -> None:
    assert value(text, x="5") == expected


def test_assignments_change_variables() -> None:
    variables = {"i": "3"}

    def get(name: str) -> str:
        return variables.get(name, "")

    assert evaluate("j = i++ + ++i, k += 2, j", get, variables.__setitem__) == 8
    assert variables == {"i": "5", "j": "8", "k": "2"}


def test_what_is_not_taken_has_no_effect() -> None:
    variables = {"x": "1"}
    assert evaluate("0 && (x = 9)", lambda name: variables[name], variables.__setitem__) == 0
    assert evaluate("1 || 1 / 0", lambda name: variables[name], variables.__setitem__) == 1
    assert variables == {"x": "1"}


@pytest.mark.parametrize(
    "text", ["1 / 0", "1 +", "(1", "1 2", "2 ** -1", "09", "@", "1 ? 2", "9" * 5000]
)
def test_what_is_wrong_is_said(text: str) -> None:
    with pytest.raises(ArithmeticProblem):
        value(text)


@given(st.integers(-(2**31), 2**31), st.integers(-(2**31), 2**31), st.sampled_from("+-*"))
def test_as_python_does_it(first: int, second: int, operator: str) -> None:
    expected = {"+": first + second, "-": first - second, "*": first * second}[operator]
    assert value(f"{first} {operator} ({second})") == expected


@given(st.text("0123456789+-*/%()<>=!&|^~?:, xy", max_size=30))
def test_any_text_has_a_value_or_a_problem(text: str) -> None:
    try:
        found = value(text)
    except ArithmeticProblem:
        return
    assert -(2**63) <= found < 2**63
