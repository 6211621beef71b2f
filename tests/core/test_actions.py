from __future__ import annotations

import pytest

from ssmtui.core.actions import Action, AppliesTo, Danger


def test_an_action_does_no_harm_and_takes_nothing_unless_it_says_so() -> None:
    action = Action("help", ("question_mark",), "help", "Show the keys")
    assert action.danger is Danger.NONE
    assert action.applies_to is AppliesTo.NOTHING
    assert action.context == "app"


def test_an_action_is_a_value() -> None:
    one = Action("run", ("r",), "run", "Run a command", danger=Danger.CHANGE)
    assert one == Action("run", ("r",), "run", "Run a command", danger=Danger.CHANGE)
    with pytest.raises(AttributeError):
        one.danger = Danger.NONE  # type: ignore[misc]
