from __future__ import annotations

import pytest

from ssmtui.simulator.shell.bash.limits import LONGEST_VALUE, Exhausted
from ssmtui.simulator.shell.bash.state import State
from ssmtui.simulator.shell.machine.users import ROOT


def test_a_copy_is_its_own() -> None:
    state = State(ROOT, "/")
    state.set("x", "1")
    state.exported.add("x")
    copy = state.copy()
    copy.set("x", "2")
    copy.exported.clear()
    assert state.environment == {"x": "1"}
    assert copy.environment == {}


def test_locals_come_back() -> None:
    state = State(ROOT, "/")
    state.set("x", "out")
    state.locals.append({})
    state.make_local("x")
    state.make_local("y")
    state.set("x", "in")
    state.set("y", "in")
    state.leave_function()
    assert (state.get("x"), state.get("y")) == ("out", None)


def test_variables_are_bounded() -> None:
    state = State(ROOT, "/")
    with pytest.raises(Exhausted):
        state.set("x", "a" * (LONGEST_VALUE + 1))
    for name in "abcdefgh":
        state.set(name, "x" * LONGEST_VALUE)
    with pytest.raises(Exhausted):
        state.set("more", "x" * LONGEST_VALUE)
    state.unset("a")
    state.set("more", "x" * LONGEST_VALUE)
