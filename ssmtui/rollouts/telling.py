"""What is said of a rollout before it is begun, as facts: the dialog draws them, the command line
writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, NamedTuple

from ssmtui.aws.scope import Scope
from ssmtui.core.columns import age
from ssmtui.core.folding.node_sets import fold
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.text import plain
from ssmtui.rollouts.freezes import Calendar
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.preview import Fresh, Preview
from ssmtui.rollouts.spec import CommandSpec, Waves
from ssmtui.rollouts.targets import Frozen, Target

# Cells that the longest topic takes.
TOPIC: Final = 9
_SOON: Final = 3600.0  # seconds: credentials that last for less are told of
_LONGEST_LINE: Final = 200
_USUAL_DELIVERY: Final = 600
_UNJUDGED: Final = (
    "; its filter cannot be judged for targets that the service resolves, so that the whole freeze "
    "counts"
)


class Weight(StrEnum):
    """How much a fact matters."""

    PLAIN = "plain"
    CODE = "code"  # what is run
    WARN = "warn"
    BAD = "bad"


class Fact(NamedTuple):
    """One thing to know, safe to show. One without a topic goes on with the one before."""

    topic: str
    words: str
    weight: Weight = Weight.PLAIN

    @property
    def line(self) -> str:
        """As one line, the topic in a column of its own."""
        return f"{self.topic:<{TOPIC}} {self.words}"


def fact(topic: str, words: str, weight: Weight = Weight.PLAIN) -> Fact:
    """A fact from words that may be remote."""
    return Fact(topic, plain(words), weight)


def who(scopes: Sequence[Scope], counts: Mapping[ScopeKey, int], now: float) -> list[Fact]:
    """Identity, accounts and Regions with their nodes, and how long the credentials last."""
    identities = list(dict.fromkeys(f"{scope.identity}@{scope.name}" for scope in scopes))
    accounts: dict[str, list[str]] = {}
    for scope in scopes:
        count = f" {counts[scope.key]:,}" if scope.key in counts else ""
        accounts.setdefault(scope.name, []).append(f"{scope.region}{count}")
    places = [f"{name}: {', '.join(regions)}" for name, regions in accounts.items()]
    told = [
        fact("as", ", ".join(identities[:3]) + _more(identities, 3)),
        fact("where", "; ".join(places[:4]) + _more(places, 4)),
    ]
    if production := list(dict.fromkeys(scope.name for scope in scopes if scope.production)):
        words = f"production: {', '.join(production[:4])}{_more(production, 4)}"
        told.append(fact("", words, Weight.WARN))
    ends = [scope.expires for scope in scopes if scope.expires is not None]
    if ends and min(ends) - now < _SOON:
        left = min(ends) - now
        words = f"credentials last {age(left)}" if left > 0 else "credentials have expired"
        told.append(fact("", words, Weight.WARN))
    return told


def what(plan: Plan, most_lines: int) -> list[Fact]:
    """The command with so many lines of its script, its rate, its waves, and what may go wrong at
    worst."""
    spec, command = plan.spec, plan.spec.command
    script = command.script.strip("\n").split("\n") if command.script else []
    shown = [line[:_LONGEST_LINE] for line in script[:most_lines]]
    if len(script) > most_lines:
        shown.append(f"... {len(script) - most_lines:,} more lines")
    others = [(name, each) for name, each in command.parameters.items() if name != "commands"]
    shown += [f"{name}={', '.join(each)}"[:_LONGEST_LINE] for name, each in others]
    version = f" version {command.version}" if command.version else ""
    told = [fact("runs", command.document + version)]
    told += [fact("", f"| {line}", Weight.CODE) for line in shown]
    told.append(fact("rate", spec.rate))
    if spec.waves.canary or spec.waves.steps or spec.waves.spread_by:
        told.append(fact("waves", waves_in_words(spec.waves)))
    if more := others_in_words(command):
        told.append(fact("also", more))
    if plan.overshoot and plan.most_failures is not None:
        words = (
            f"{counted(plan.overshoot, 'node')} may still run when the budget is spent; "
            f"{plan.most_failures:,} fail in all if everything fails at once"
        )
        told.append(fact("at worst", words))
    return told + [fact("", note, Weight.WARN) for note in plan.notes]


def whom(plan: Plan, hidden: Iterable[Target], cells: int) -> list[Fact]:
    """The frozen list, names in so many cells, and apart from it the marked ones that a filter
    hides; or how the service finds them."""
    targets = plan.spec.command.targets
    if not isinstance(targets, Frozen):
        asked = ", ".join(f"{each['Key']}={','.join(each['Values'])}" for each in targets.request)
        return [fact("nodes", f"the service finds them by {asked}")]
    told = [fact("nodes", f"{len(targets.nodes):,}: {names(targets.nodes, cells)}")]
    if aside := list(hidden):
        words = f"{len(aside):,} of them hidden by the filter: {names(aside, cells)}"
        told.append(fact("", words, Weight.WARN))
    return told


def waves(plan: Plan, *, calls: bool = False) -> list[str]:
    """The waves, each with what has to hold after it; with `calls` each call and all of its nodes
    below it."""
    told, nodes = [], plan.names
    for number, wave in enumerate(plan.waves):
        gate = plan.gate_words(number)
        size = "what the service finds" if wave.size is None else counted(wave.size, "node")
        words = f"wave {number + 1} {wave.title}: {size} in {counted(len(wave.calls), 'call')}"
        told.append(plain(f"{words}; then {gate}" if gate else words))
        for call in wave.calls if calls else ():
            who = "targets"
            if call.ids:
                labels = (nodes[RowKey(*call.scope, node_id)].label for node_id in call.ids)
                # Whole: this is where a list that is too long elsewhere can be read.
                who = plain(str(fold(labels)))
            told.append(f"  {call.scope}  {call.at_a_time} at a time  {who}")
    return told


def trouble(
    preview: Preview,
    labels: Mapping[RowKey, str],
    calendars: Iterable[Calendar],
    now: float,
    cells: int,
) -> list[Fact]:
    """What the service said that speaks against it; `labels` are the nodes' names."""
    told = [fact("warning", warning, Weight.WARN) for warning in preview.warnings]
    if preview.busy:
        least = "at least " if preview.busy_partial else ""
        folded = fold(labels.get(key) or key.id for key in preview.busy).fitted(cells)
        words = f"a command is in progress on {least}{len(preview.busy):,}: {folded}"
        told.append(fact("busy", words, Weight.WARN))
    told += [
        fact("freeze", calendar_words(calendar, now), Weight.BAD)
        for calendar in calendars
        if not calendar.is_open
    ]
    return told + [fact("unread", each.sentence, Weight.WARN) for each in preview.problems]


def changed(rows: Sequence[Any], fresh: Mapping[RowKey, Fresh], cells: int) -> list[Fact]:
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
    told = [fact("changed", f"{count:,} are {ping} now", Weight.WARN)
            for ping, count in pings.items()]  # fmt: skip
    if retagged:
        words = f"tags of {len(retagged):,}: {fold(retagged).fitted(cells)}"
        told.append(fact("changed", words, Weight.WARN))
    return told


# Phrases


def calendar_words(calendar: Calendar, now: float) -> str:
    """What a calendar that is not open says: "year-end is CLOSED in shop (eu-west-1) for 3h"."""
    where = calendar.scope + (f" ({calendar.region})" if calendar.region else "")
    if calendar.problem is not None:
        words = f"{calendar.freeze} in {where} counts as in force: {calendar.problem.what}"
    else:
        until = f" for {age(calendar.until - now)}" if calendar.until else ""
        words = f"{calendar.freeze} is {calendar.state} in {where}{until}"
    return plain(words + (_UNJUDGED if calendar.unjudged else ""))


def waves_in_words(waves: Waves) -> str:
    """Waves as a phrase: "5 nodes first, then to 50%, then the rest; soaks 10m"."""
    words = [f"{waves.canary:,} first"] if waves.canary else []
    words += [f"to {step}%" for step in waves.steps]
    if not words:
        spread = f", mixed by {plain(', '.join(waves.spread_by))}" if waves.spread_by else ""
        return f"one wave{spread}"
    if not waves.steps or waves.steps[-1] < 100:
        words.append("the rest")
    said = ", then ".join(words)
    if waves.spread_by:
        said += f", mixed by {plain(', '.join(waves.spread_by))}"
    gate = waves.gate
    if gate.successes is not None:
        said += f"; {gate.successes} of each must succeed"
    if gate.check:
        said += "; then a check"
    if gate.soak:
        said += f"; soaks {age(gate.soak)}"
    return said + ("; by hand" if gate.by_hand else "")


def others_in_words(command: CommandSpec) -> str:
    """What else was chosen, as a phrase; "" where nothing was."""
    words = []
    if command.delivery_timeout != _USUAL_DELIVERY:
        words.append(f"begins within {age(command.delivery_timeout)}")
    if command.s3:
        prefix = f"/{command.s3.prefix}" if command.s3.prefix else ""
        words.append(f"outputs to s3://{plain(command.s3.bucket + prefix)}")
    if command.logs:
        words.append(f"outputs to {plain(command.logs.group) or 'CloudWatch Logs'}")
    if command.notification:
        words.append("tells SNS")
    if command.alarm:
        words.append(f"stops at the alarm {plain(command.alarm)}")
    return ", ".join(words)


def names(nodes: Iterable[Target], cells: int) -> str:
    """Nodes as a folded set of their names, in so many cells."""
    return plain(fold(node.label for node in nodes).fitted(cells))


def counted(count: int, noun: str) -> str:
    """ "1 node", "1,200 nodes"."""
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _more(items: Sequence[object], shown: int) -> str:
    return f" and {len(items) - shown} more" if len(items) > shown else ""
