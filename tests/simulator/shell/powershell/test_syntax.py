from __future__ import annotations

from ssmtui.simulator.shell.powershell.syntax import Incomplete, Literal, ParseError, Variable


def test_what_is_incomplete_is_wrong_so_far() -> None:
    assert issubclass(Incomplete, ParseError)


def test_expressions_are_values() -> None:
    assert Literal(1) == Literal(1)
    assert Variable("x") != Variable("y")
