"""`:mode` and `:arm`: what may be done in the scopes in force, and for how long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssmtui.aws.mode import Mode
from ssmtui.core.actions import Action, Danger
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.ui.keymap import allowed

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

DURATIONS = ("5m", "15m", "30m", "1h", "off")
LONGEST_SECONDS = 4 * 3600
DEFAULT_DURATION = "15m"
_DURATION = re.compile(r"(\d{1,5})([smh])")
_UNITS = {"s": 1, "m": 60, "h": 3600}


def seconds_of(duration: str) -> float:
    """ "15m" in seconds; ProblemError for anything else, and for more than four hours."""
    match = _DURATION.fullmatch(duration.strip())
    seconds = int(match[1]) * _UNITS[match[2]] if match else 0
    if not 0 < seconds <= LONGEST_SECONDS:
        raise input_problem(
            plain(f"{duration!r} is not a duration of at most 4h"), "Write 90s, 15m or 1h"
        )
    return seconds


def arm(scopes: Sequence[Scope], duration: str) -> str:
    """Open the scopes for changes for a while, or close them again ("off"); says what it did."""
    if duration == "off":
        for scope in scopes:
            scope.disarm()
        return "Disarmed"
    seconds = seconds_of(duration or DEFAULT_DURATION)
    closed = [scope for scope in scopes if scope.can_arm]
    if not closed:
        if any(scope.mode is not Mode.CHANGE for scope in scopes):
            # Started for reading only: the scope itself says so.
            scopes[0].arm(seconds)
        return "Nothing to arm: changes are possible already"
    for scope in closed:
        scope.arm(seconds)
    names = ", ".join(dict.fromkeys(plain(scope.name) for scope in closed))
    return f"Armed {names} for {duration or DEFAULT_DURATION}"


def describe(scopes: Sequence[Scope]) -> str:
    """Which mode is in force where."""
    if not scopes:
        return "No context is connected yet"
    modes: dict[str, list[str]] = {}
    for scope in scopes:
        names = modes.setdefault(str(scope.mode), [])
        if scope.name not in names:
            names.append(scope.name)
    return "; ".join(f"{mode} mode: {plain(', '.join(names))}" for mode, names in modes.items())


def forbidden(action: Action, name: str, scopes: Sequence[Scope]) -> str:
    """Why an action is not offered in these scopes and what would open it, as a sentence for who
    asks for it by `name` ("r", ":run"); "" if no mode speaks against it."""
    closed = [scope for scope in scopes if not allowed(action.danger, scope.mode)]
    if not closed:
        return ""
    names = list(dict.fromkeys(plain(scope.name) for scope in closed))
    where = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    verb = "is" if len(names) == 1 else "are"
    found = " or ".join(dict.fromkeys(str(scope.mode) for scope in closed))
    needed = Mode.CONNECT if action.danger is Danger.SESSION else Mode.CHANGE
    said = f"{name} needs {needed} mode, and {where} {verb} in {found} mode"
    if not all(scope.can_arm for scope in closed):
        return f"{said}: start again without --read-only and --mode"
    others = len(closed) < len(scopes)
    return f"{said}: :arm 15m opens {'them' if len(names) > 1 else 'it'} for a while" + (
        ", :ctx chooses others" if others else ""
    )
