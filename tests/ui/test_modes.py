from __future__ import annotations

import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.actions import Action, Danger
from ssmtui.core.problem import ProblemError
from ssmtui.ui import modes


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("1h", 3600)])
def test_durations(text: str, seconds: int) -> None:
    assert modes.seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "0m", "5h", "-1m", "m", "15 m", "99999h"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ProblemError, match="duration"):
        modes.seconds_of(text)


def test_arming_opens_only_what_is_closed(fleet) -> None:
    assert modes.arm(fleet.scopes, "15m") == "Armed prod for 15m"
    assert fleet.scopes[2].armed_seconds == 900
    assert fleet.scopes[0].armed_seconds == 0
    assert modes.arm(fleet.scopes, "off") == "Disarmed"
    assert fleet.scopes[2].mode is Mode.CONNECT


def test_the_default_duration(fleet) -> None:
    assert modes.arm(fleet.scopes, "") == "Armed prod for 15m"


def test_nothing_to_arm(fleet) -> None:
    assert "already" in modes.arm(fleet.scopes[:2], "15m")


def test_look_mode_says_why_not(fleet) -> None:
    fleet.scopes[2].base = Mode.LOOK
    with pytest.raises(ProblemError, match="look mode"):
        modes.arm(fleet.scopes, "15m")


def test_description(fleet) -> None:
    assert modes.describe([]) == "No context is connected yet"
    assert modes.describe(fleet.scopes) == "change mode: dev, staging; connect mode: prod"


RUN = Action("run", ("r",), "run", "Run a command", danger=Danger.CHANGE)
SHELL = Action("shell", ("s",), "shell", "Open a shell", danger=Danger.SESSION)


def test_what_a_mode_forbids_says_what_would_open_it(fleet) -> None:
    merged = modes.forbidden(RUN, "r (run)", fleet.scopes)
    assert merged == (
        "r (run) needs change mode, and prod is in connect mode: "
        ":arm 15m opens it for a while, :ctx chooses others"
    )
    alone = modes.forbidden(RUN, ":run", fleet.scopes[2:])
    assert alone.endswith(":arm 15m opens it for a while")
    assert modes.forbidden(SHELL, "s", fleet.scopes) == ""
    modes.arm(fleet.scopes, "15m")
    assert modes.forbidden(RUN, "r", fleet.scopes) == ""


def test_what_was_started_for_reading_only_cannot_be_armed(fleet, monkeypatch) -> None:
    prod = fleet.scopes[2]
    prod.base = Mode.LOOK
    monkeypatch.setattr(type(prod), "can_arm", False)
    said = modes.forbidden(SHELL, "s (shell)", fleet.scopes)
    assert said.startswith("s (shell) needs connect mode, and prod is in look mode")
    assert "start again without --read-only" in said
