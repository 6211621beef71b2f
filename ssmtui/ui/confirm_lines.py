"""How the confirmation of a rollout draws what is told of it (`rollouts.telling`)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from ssmtui.core.text import plain
from ssmtui.rollouts.telling import TOPIC, Fact, Weight, fact, names, waves

if TYPE_CHECKING:
    from ssmtui.rollouts.plan import Plan
    from ssmtui.rollouts.targets import Target

# A line, and the style it is drawn in.
Line = tuple[str, str]

NAMES: Final = 54  # cells for folded names
SCRIPT_LINES: Final = 4
_STYLES: Final = {
    Weight.PLAIN: "",
    Weight.CODE: "$accent",
    Weight.WARN: "$status-warn",
    Weight.BAD: "$status-bad",
}


def labelled(label: str, text: str, style: str = "") -> Line:
    """A fact with its label before it."""
    return fact(label, text).line, style


def drawn(facts: Iterable[Fact]) -> list[Line]:
    """Facts as lines."""
    return [(each.line, _STYLES[each.weight]) for each in facts]


def wrapped(lines: Iterable[Line], width: int) -> list[Line]:
    """The lines in `width` cells: what is longer goes on below its text, not its label."""
    hang = " " * (TOPIC + 1)
    return [
        (piece, style)
        for text, style in lines
        for piece in textwrap.wrap(text, width, subsequent_indent=hang, drop_whitespace=True)
        or [""]
    ]


def names_of(nodes: Sequence[Target]) -> str:
    """Nodes as a folded set of their names, in the width of the dialog."""
    return names(nodes, NAMES)


def plan_text(plan: Plan, lines: Sequence[str]) -> str:
    """The dry run as a text: the waves with their calls, then the lines for a shell."""
    said = [f"{plan.title}: {plan.spec.rate}", *waves(plan, calls=True)]
    return "\n".join([*(f"# {plain(line)}" for line in said), "", *lines])
