"""Amounts as Run Command takes them: a number of nodes, or a percentage of all targets."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

# The patterns of SendCommand's model.
_CONCURRENCY: Final = re.compile(r"[1-9][0-9]*|[1-9][0-9]%|[1-9]%|100%")
_ERRORS: Final = re.compile(r"[1-9][0-9]*|[0]|[1-9][0-9]%|[0-9]%|100%")
_LONGEST: Final = 7  # characters, by the same model


class Amount(msgspec.Struct, frozen=True):
    """A number of nodes, or with `percent` a share of all targets."""

    value: int
    percent: bool = False

    def __str__(self) -> str:
        return f"{self.value}%" if self.percent else str(self.value)

    def of(self, total: int) -> int:
        """How many of `total` nodes that is, rounded down: 10% of 50 are 5, of 9 none."""
        return total * self.value // 100 if self.percent else self.value


ALL: Final = Amount(100, percent=True)


def concurrency(text: str) -> Amount:
    """MaxConcurrency as typed: 1 or more, or 1% to 100%. ProblemError."""
    return _amount(text, _CONCURRENCY, "A concurrency is a number from 1 on, or 1% to 100%")


def errors(text: str) -> Amount:
    """MaxErrors as typed: 0 or more, or 0% to 100%. ProblemError."""
    return _amount(text, _ERRORS, "A number of errors is 0 or more, or 0% to 100%")


def _amount(text: str, pattern: re.Pattern[str], rule: str) -> Amount:
    text = text.strip()
    if len(text) > _LONGEST or not pattern.fullmatch(text):
        raise input_problem(f"“{plain(text)}” is no amount of nodes", rule)
    return Amount(int(text.removesuffix("%")), text.endswith("%"))


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number:,}th"
    return f"{number:,}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def in_words(
    at_a_time: Amount, allowed: Amount, total: int | None = None, *, waves: bool = False
) -> str:
    """The rate control as a sentence without its full stop: "50 at a time; stops after the 6th
    failure". `total` is the number of targets, None where only the service knows it; `waves`: they
    are reached in several."""
    everything = "all of a wave at once" if waves else "all at once"
    running = f"{at_a_time} at a time"
    if at_a_time == ALL:
        running = everything
    elif total is not None and (at_a_time.percent or at_a_time.value >= total):
        count = max(1, at_a_time.of(total))
        running = everything if count >= total else f"{count:,} at a time ({at_a_time})"
    if total is not None:
        count = allowed.of(total)
        if count >= total:
            return f"{running}; never stops for failures"
        return f"{running}; stops after the {ordinal(count + 1)} failure"
    if allowed.percent and allowed.value:
        if allowed == ALL:
            return f"{running}; never stops for failures"
        return f"{running}; stops when more than {allowed} have failed"
    return f"{running}; stops after the {ordinal(allowed.value + 1)} failure"
