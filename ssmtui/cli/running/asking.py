"""What would be touched, said before anything is sent; and the question whether it may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ssmtui.cli.running.aim import Aim, calendar_words
from ssmtui.core.folding.node_sets import fold
from ssmtui.core.text import plain
from ssmtui.rollouts.fitting import command_lines
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.preview import Preview
from ssmtui.rollouts.targets import Frozen, Target
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
        """What is asked about: the command, whom it reaches as whom, and what speaks against it."""
        return [
            *self._command(),
            *self._places(),
            *self._rate(),
            *self._left_out(),
            *self._doubts(),
        ]

    @property
    def waves(self) -> list[str]:
        """The waves, each with what has to hold after it."""
        plan = self._plan
        if len(plan.waves) < 2:
            return []
        lines = []
        for number, wave in enumerate(plan.waves):
            gate = plan.gate_words(number)
            size = _nodes(wave.size or 0)
            lines.append(
                f"wave {number + 1}: {wave.title}, {size} in {_calls(len(wave.calls))}"
                + (f"; then {gate}" if gate else "")
            )
        return lines

    def _command(self) -> list[str]:
        command = self._plan.spec.command
        version = f" version {command.version}" if command.version else ""
        lines = [f"run {command.document}{version} on {self._whom()}"]
        for name, values in command.parameters.items():
            text = "\n".join(values).splitlines()
            shown = [f"  {plain(name)}  {plain(line)}" for line in text[:_LONGEST_SCRIPT]]
            more = len(text) - len(shown)
            lines += [*shown, *([f"  and {more:,} more lines"] if more else [])]
        return lines

    def _whom(self) -> str:
        targets = self._aim.targets
        if isinstance(targets, Frozen):
            return f"{_nodes(len(targets.nodes))}: {_named(targets.nodes)}"
        shown = ", ".join(f"{each['Key']}={','.join(each['Values'])}" for each in targets.request)
        return f"the nodes that the service finds by {plain(shown)}"

    def _places(self) -> list[str]:
        by_key = {scope.key: scope for scope in self._aim.scopes}
        lines = []
        for place in self._preview.places:
            scope = by_key[place.scope]
            nodes = f": {_nodes(place.nodes)}" if self._preview.total is not None else ""
            production = ", production" if place.production else ""
            lines.append(f"as {plain(scope.identity)} in {scope.place}{production}{nodes}")
        return lines

    def _rate(self) -> list[str]:
        plan = self._plan
        lines = [self._preview.rate]
        if plan.overshoot and plan.allowed is not None and plan.allowed < (plan.total or 0):
            worst = plan.most_failures
            lines.append(
                f"when it stops, up to {plan.overshoot:,} more nodes may still finish, and fail"
                + (f"; at the very worst {worst:,} fail" if worst else "")
            )
        return [*lines, *self.waves, *plan.notes]

    def _left_out(self) -> list[str]:
        aim, lines = self._aim, []
        if self._unsupported:
            platforms = sorted({node.platform for node in self._unsupported})
            lines.append(
                f"left out: {_nodes(len(self._unsupported))} with {', '.join(platforms)}, on which "
                f"the document does not run: {_named(self._unsupported)}"
            )
        lines += [
            f"left out: {_nodes(count)} under the freeze {plain(name)}"
            for name, count in aim.frozen_out.items()
        ]
        lines += [calendar_words(calendar) for calendar in aim.calendars]
        if self._plan.spec.reason:
            lines.append(f"freezes are overridden: {plain(self._plan.spec.reason)}")
        if aim.missing:
            lines.append("the lists were not whole, which was accepted")
        return lines

    def _doubts(self) -> list[str]:
        preview, lines = self._preview, []
        if preview.offline:
            lines.append(f"not online: {_nodes(len(preview.offline))}: {_named(preview.offline)}")
        if preview.busy:
            least = "at least " if preview.busy_partial else ""
            lines.append(f"commands are in progress on {least}{_nodes(len(preview.busy))} of them")
        lines += [f"note: {words}" for words in preview.warnings]
        lines += [f"not known: {each.sentence}" for each in preview.problems[:_MOST_PROBLEMS]]
        return lines


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


def _named(nodes: Iterable[Target]) -> str:
    return plain(fold(node.label for node in nodes).fitted(_WIDTH))


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count:,} nodes"


def _calls(count: int) -> str:
    return "1 call" if count == 1 else f"{count:,} calls"
