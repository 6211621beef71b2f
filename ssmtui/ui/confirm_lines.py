"""What the confirmation of a rollout says, as lines: who, where, what, on which nodes, and what
speaks against it."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ssmtui.core.columns import age
from ssmtui.core.folding import fold
from ssmtui.core.keys import RowKey
from ssmtui.core.text import plain
from ssmtui.ui.run_fields import others_in_words, waves_in_words

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope
    from ssmtui.rollouts.freezes import Calendar
    from ssmtui.rollouts.plan import Plan
    from ssmtui.rollouts.preview import Fresh, Preview
    from ssmtui.rollouts.targets import Target

# A line, and the style it is drawn in.
Line = tuple[str, str]

_LABEL: Final = 9
_NAMES: Final = 54  # cells for folded names
_SCRIPT_LINES: Final = 4
_WARN, _BAD, _MUTED = "$status-warn", "$status-bad", "$muted"


def labelled(label: str, text: str, style: str = "") -> Line:
    """A fact with its label before it."""
    return f"{label:<{_LABEL}} {plain(text)}", style


def wrapped(lines: Iterable[Line], width: int) -> list[Line]:
    """The lines in `width` cells: what is longer goes on below its text, not its label."""
    hang = " " * (_LABEL + 1)
    return [
        (piece, style)
        for text, style in lines
        for piece in textwrap.wrap(text, width, subsequent_indent=hang, drop_whitespace=True)
        or [""]
    ]


def who_lines(scopes: Sequence[Scope], counts: Mapping[Any, int], now: float) -> list[Line]:
    """Identity, accounts and Regions with their nodes, and how long the credentials last."""
    identities = list(dict.fromkeys(f"{scope.identity}@{scope.name}" for scope in scopes))
    accounts: dict[str, list[str]] = {}
    for scope in scopes:
        count = f" {counts[scope.key]:,}" if scope.key in counts else ""
        accounts.setdefault(scope.name, []).append(f"{scope.region}{count}")
    places = [f"{name}: {', '.join(regions)}" for name, regions in accounts.items()]
    lines = [
        labelled("as", ", ".join(identities[:3]) + _more(identities, 3)),
        labelled("where", "; ".join(places[:4]) + _more(places, 4)),
    ]
    ends = [scope.expires for scope in scopes if scope.expires is not None]
    if ends and min(ends) - now < 3600:
        left = min(ends) - now
        words = f"credentials last {age(left)}" if left > 0 else "credentials have expired"
        lines.append(labelled("", words, _WARN))
    return lines


def what_lines(plan: Plan) -> list[Line]:
    """The command, its rate, its waves, and what may go wrong at worst."""
    spec, command = plan.spec, plan.spec.command
    script = command.script.strip("\n").split("\n") if command.script else []
    shown = [line[:200] for line in script[:_SCRIPT_LINES]]
    if len(script) > _SCRIPT_LINES:
        shown.append(f"... {len(script) - _SCRIPT_LINES:,} more lines")
    if not shown:
        shown = [f"{name}={', '.join(each)}"[:200] for name, each in command.parameters.items()]
    version = f" version {command.version}" if command.version else ""
    lines = [labelled("runs", command.document + version)]
    lines += [labelled("", f"| {line}", "$accent") for line in shown]
    lines.append(labelled("rate", command.rate))
    if spec.waves.canary or spec.waves.steps or spec.waves.spread_by:
        lines.append(labelled("waves", waves_in_words(spec.waves)))
    if more := others_in_words(command):
        lines.append(labelled("also", more))
    if plan.overshoot and plan.most_failures is not None:
        still = "1 node" if plan.overshoot == 1 else f"{plan.overshoot:,} nodes"
        text = (
            f"{still} may still run when the budget is spent; {plan.most_failures:,} fail in all "
            f"if everything fails at once"
        )
        lines.append(labelled("at worst", text))
    lines += [labelled("", note, _WARN) for note in plan.notes]
    return lines


def node_lines(nodes: Sequence[Target], hidden: Iterable[Target]) -> list[Line]:
    """The frozen list, and apart from it the marked ones that the filter hides."""
    lines = [labelled("nodes", f"{len(nodes):,}: {_names(nodes)}")]
    if aside := list(hidden):
        said = f"{len(aside):,} of them hidden by the filter: {_names(aside)}"
        lines.append(labelled("", said, _WARN))
    return lines


def trouble_lines(
    preview: Preview, names: Mapping[RowKey, str], calendars: Sequence[Calendar], now: float
) -> list[Line]:
    """What the service said that speaks against it."""
    lines = [labelled("warning", warning, _WARN) for warning in preview.warnings]
    if preview.busy:
        atleast = "at least " if preview.busy_partial else ""
        folded = fold(names.get(key) or key.id for key in preview.busy).fitted(_NAMES)
        text = f"a command is in progress on {atleast}{len(preview.busy):,}: {folded}"
        lines.append(labelled("busy", text, _WARN))
    for calendar in calendars:
        if calendar.problem is not None:
            lines.append(
                labelled("freeze", f"{calendar.freeze}: {calendar.problem.sentence}", _BAD)
            )
        elif not calendar.is_open:
            until = f" for {age(calendar.until - now)}" if calendar.until else ""
            text = f"{calendar.freeze} is {calendar.state} in {calendar.scope}{until}"
            lines.append(labelled("freeze", text, _BAD))
    lines += [labelled("unread", problem.sentence, _WARN) for problem in preview.problems]
    return lines


def changed_lines(rows: Sequence[Any], fresh: Mapping[RowKey, Fresh]) -> list[Line]:
    """What has become another since the list was read: pings and tags."""
    pings: Counter[str] = Counter()
    retagged = []
    for row in rows:
        now = fresh.get(row.key)
        if now is None:
            continue
        if now.ping != (row.ping if isinstance(row.ping, str) else "") and now.ping:
            pings[now.ping] += 1
        if isinstance(now.tags, Mapping) and isinstance(row.tags, Mapping) and now.tags != row.tags:
            retagged.append(row.label)
    lines = [
        labelled("changed", f"{count:,} are {ping} now", _WARN) for ping, count in pings.items()
    ]
    if retagged:
        text = f"tags of {len(retagged):,}: {fold(retagged).fitted(_NAMES)}"
        lines.append(labelled("changed", text, _WARN))
    return lines


def _names(nodes: Sequence[Target]) -> str:
    return fold(node.label for node in nodes).fitted(_NAMES)


def names_of(nodes: Sequence[Target]) -> str:
    """Nodes as a folded set of their names, in the width of the dialog."""
    return plain(_names(nodes))


def _more(items: Sequence[object], shown: int) -> str:
    return f" and {len(items) - shown} more" if len(items) > shown else ""


def plan_text(plan: Plan, lines: Sequence[str]) -> str:
    """The dry run as a text: the waves with their calls, then the lines for a shell."""
    said = [f"# {plain(plan.title)}: {plain(plan.spec.command.rate)}"]
    names = plan.names
    for number, wave in enumerate(plan.waves):
        size = "what the service finds" if wave.size is None else f"{wave.size:,} nodes"
        gate = plan.gate_words(number)
        words = f"# wave {number + 1} {wave.title}: {size}"
        said.append(f"{words}; then {gate}" if gate else words)
        for call in wave.calls:
            who = "targets"
            if call.ids:
                labels = (names[RowKey(*call.scope, node_id)].label for node_id in call.ids)
                # Whole: this is where a list that is too long for the dialog can be read.
                who = plain(str(fold(labels)))
            said.append(f"#   {call.scope}  {call.at_a_time} at a time  {who}")
    return "\n".join([*said, "", *lines])
