"""What would be touched, said before anything is sent; and the question whether it may be."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
import msgspec

from ssmtui.cli.running.aim import Aim
from ssmtui.core.columns import age
from ssmtui.core.text import plain
from ssmtui.rollouts.fitting import command_lines
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.preview import Preview
from ssmtui.rollouts.targets import Frozen, Target
from ssmtui.rollouts.telling import Fact, counted, fact, names, trouble, waves, what, who, whom
from ssmtui.sessions.outlet import read_line

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

_STDIN = 0
_WIDTH = 100  # characters of a node set
_LONGEST_SCRIPT = 20  # lines of a command that are shown
_MOST_PROBLEMS = 5


class Sketch:
    """A plan and all that is known of what it would touch, as lines."""

    def __init__(self, plan: Plan, preview: Preview, aim: Aim, unsupported: Sequence[Target]):
        self._plan = plan
        self._preview = preview
        self._aim = aim
        self._unsupported = unsupported

    @property
    def lines(self) -> list[str]:
        """What is asked about: as whom, the command, whom it reaches, and what speaks against it;
        then the waves."""
        plan, preview, aim = self._plan, self._preview, self._aim
        counts = {place.scope: place.nodes for place in preview.places}
        facts = [
            *who(aim.scopes, counts if preview.total is not None else {}, time.time()),
            *what(plan, _LONGEST_SCRIPT),
            *whom(plan, (), _WIDTH),
            *self._left_out(),
            *self._offline(),
            *self._trouble(),
        ]
        return [*(each.line for each in facts), *(waves(plan) if len(plan.waves) > 1 else ())]

    def _left_out(self) -> list[Fact]:
        aim, facts = self._aim, []
        if self._unsupported:
            platforms = ", ".join(sorted({node.platform for node in self._unsupported}))
            words = (
                f"{counted(len(self._unsupported), 'node')} with {platforms}, on which the "
                f"document does not run: {names(self._unsupported, _WIDTH)}"
            )
            facts.append(fact("left out", words))
        facts += [
            fact(
                "left out",
                f"{counted(len(nodes), 'node')} under the freeze {name}: {names(nodes, _WIDTH)}",
            )
            for name, nodes in aim.frozen_out.items()
        ]
        facts += [
            fact("left out", f"{place}: under the freeze {name}")
            for place, name in aim.frozen_scopes.items()
        ]
        if self._plan.spec.reason:
            facts.append(fact("freezes", f"are overridden: {self._plan.spec.reason}"))
        if aim.missing:
            facts.append(fact("partial", "the lists were not whole, which was accepted"))
        return facts

    def _offline(self) -> list[Fact]:
        offline = self._preview.offline
        if not offline:
            return []
        waited = age(self._plan.spec.command.delivery_timeout)
        words = f"{len(offline):,}: {names(offline, _WIDTH)}; waited for up to {waited}"
        return [fact("offline", words)]

    def _trouble(self) -> list[Fact]:
        targets, labels = self._aim.targets, {}
        if isinstance(targets, Frozen):
            labels = {node.key: node.label for node in targets.nodes}
        preview = msgspec.structs.replace(
            self._preview, problems=self._preview.problems[:_MOST_PROBLEMS]
        )
        return trouble(preview, labels, self._aim.calendars, time.time(), _WIDTH)


def dry_run(sketch: Sketch, plan: Plan, scopes: Iterable[Scope]) -> list[str]:
    """The plan and the lines of `aws` that would do the same."""
    by_key = {scope.key: scope for scope in scopes}
    return [*(f"# {line}" for line in sketch.lines), *command_lines(plan, by_key)]


async def agreed(scopes: Sequence[Scope]) -> bool:
    """Ask on the terminal; in production the accounts' aliases have to be typed."""
    words = passwords(scopes)
    if not words:
        click.echo("Run it? y/N: ", err=True, nl=False)
        return (await read_line(_STDIN)).lower() in ("y", "yes")
    click.echo(f"This is production. To run it, type {plain(words)}: ", err=True, nl=False)
    return await read_line(_STDIN) == words


def passwords(scopes: Sequence[Scope]) -> str:
    """What has to be typed for production: the accounts' aliases, or their ids; "" elsewhere."""
    production = [scope for scope in scopes if scope.production]
    return " ".join(dict.fromkeys(scope.alias or scope.key.account for scope in production))
