"""From what is wanted to waves and calls: who is reached when, and by which SendCommand."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.secret_looking import masked
from ssmtui.core.text import plain
from ssmtui.resources.commands.marker import MARKER
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.shares import shares
from ssmtui.rollouts.spec import Gate, RolloutSpec
from ssmtui.rollouts.targets import Frozen, Target
from ssmtui.rollouts.worst import Worst, worst

# SendCommand takes so many InstanceIds.
MOST_IDS: Final = 50
LONGEST_TITLE: Final = 60  # characters, of one that is made from a script
_HEAD: Final = 4096  # so many of a script are looked at for it


class PlannedCall(msgspec.Struct, frozen=True, kw_only=True):
    """One SendCommand to be sent: to `ids`, or to what the service finds if there are none.

    `at_a_time` is this call's share of the concurrency. `number` counts over the whole rollout from
    0 on and is part of the marker. `check` marks a gate's command, planned when its wave has run.
    """

    number: int
    wave: int  # the index of the wave
    scope: ScopeKey
    at_a_time: Amount
    ids: tuple[str, ...] = ()
    check: bool = False
    document: str = ""  # of a check; "" is the rollout's own


class Wave(msgspec.Struct, frozen=True):
    """One wave. `size` is None where only the service knows."""

    title: str
    size: int | None
    calls: tuple[PlannedCall, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A rollout that can be sent. `id` is 8 hexadecimal digits.

    `allowed` is the error budget in nodes, None where the number of targets is not known.
    """

    id: str
    spec: RolloutSpec
    waves: tuple[Wave, ...]
    whole: int | None  # how many nodes may run at once in all
    allowed: int | None
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int | None:
        return self.spec.command.total

    @cached_property
    def calls(self) -> tuple[PlannedCall, ...]:
        return tuple(call for wave in self.waves for call in wave.calls)

    @cached_property
    def title(self) -> str:
        """What it is called: its comment, else what its script begins with, else its document."""
        command = self.spec.command
        return command.comment or _telling_line(command.script) or command.document

    @property
    def overshoot(self) -> int | None:
        """How many nodes may still be running, and fail, when the budget has just been spent; 0 if
        it is never spent."""
        return self._worst.running if self._worst else None

    @property
    def most_failures(self) -> int | None:
        """How many nodes can fail at the very worst: if all failures come between two looks at the
        whole, each call that runs is stopped by its own MaxErrors only."""
        return self._worst.failures if self._worst else None

    @cached_property
    def _worst(self) -> Worst | None:
        if self.total is None or self.whole is None or self.allowed is None:
            return None
        return worst(self.waves, self.whole, self.allowed)

    @cached_property
    def names(self) -> Mapping[RowKey, Target]:
        """The nodes by key; empty where only the service knows them."""
        targets = self.spec.command.targets
        return {node.key: node for node in targets.nodes} if isinstance(targets, Frozen) else {}

    def marker(self, number: int) -> str:
        """What a call's comment begins with: by this it is found again."""
        return f"{MARKER} {self.id}-{number:04d}"

    def gate_words(self, wave: int) -> str:
        """What has to hold before the wave after this one; "" behind the last."""
        size = self.waves[wave].size
        if wave == len(self.waves) - 1 or size is None:
            return ""
        return gate_words(self.spec.waves.gate, size, self.spared(wave))

    def spared(self, wave: int) -> int:
        """How many nodes of a wave need not succeed where the gate does not say: as many as the
        error budget allows, but none of a canary, which is there to show that it works at all."""
        return 0 if self.spec.waves.canary and wave == 0 else self.allowed or 0


def new_id() -> str:
    """An id for a rollout. Four bytes: markers are only looked for among 30 days of commands."""
    return secrets.token_hex(4)


def plan(spec: RolloutSpec, rollout_id: str | None = None) -> Plan:
    """Cut what is wanted into waves and calls. The order of the nodes is kept but for spreading."""
    targets, rollout_id = spec.command.targets, rollout_id or new_id()
    if isinstance(targets, Frozen):
        return _frozen_plan(spec, targets, rollout_id)
    whole = None if spec.command.at_a_time.percent else spec.command.at_a_time.value
    calls = tuple(
        PlannedCall(number=number, wave=0, scope=scope, at_a_time=share)
        for number, (scope, share) in enumerate(
            zip(
                targets.scopes,
                _scope_shares(spec.command.at_a_time, len(targets.scopes)),
                strict=True,
            )
        )
    )
    errors = spec.command.allowed_errors
    allowed = None if errors.percent and errors.value else errors.value
    wave = Wave("everything", None, calls)
    return Plan(id=rollout_id, spec=spec, waves=(wave,), whole=whole, allowed=allowed)


def gate_words(gate: Gate, size: int, spared: int) -> str:
    """A gate in words: "5 of 5 succeed, the check passes, 600 s of soaking, by hand"."""
    words = [f"{needed(gate, size, spared):,} of {size:,} succeed"]
    if gate.check:
        words.append("the check passes")
    if gate.soak:
        words.append(f"{gate.soak:,.0f} s of soaking")
    if gate.by_hand:
        words.append("by hand")
    return ", ".join(words)


def needed(gate: Gate, size: int, spared: int) -> int:
    """How many nodes of a wave have to succeed (all but `spared` where the gate does not say); a
    share is rounded up."""
    if gate.successes is None:
        return max(0, size - spared)
    if gate.successes.percent:
        return -(-size * gate.successes.value // 100)
    return min(size, gate.successes.value)


def send_request(plan: Plan, call: PlannedCall, allowed: int | None = None) -> dict[str, Any]:
    """The parameters of SendCommand for a call. `allowed` are the errors that are left over (None:
    what the rollout began with)."""
    command = plan.spec.command
    request = dict(command.request)
    if call.document:
        parameters = {"commands": [plan.spec.waves.gate.check]}
        request = {
            "DocumentName": call.document,
            "Parameters": parameters,
            "TimeoutSeconds": command.delivery_timeout,
        }
    if call.ids:
        request["InstanceIds"] = list(call.ids)
    elif not isinstance(command.targets, Frozen):
        request["Targets"] = command.targets.request
    request["MaxConcurrency"] = str(call.at_a_time)
    request["MaxErrors"] = _max_errors(plan, call, allowed)
    comment = f"{plan.marker(call.number)} {command.comment}"
    request["Comment"] = comment.rstrip()
    return request


def _max_errors(plan: Plan, call: PlannedCall, allowed: int | None) -> str:
    """All that is left of the budget: how errors fall on the calls is not known beforehand."""
    if call.check:
        return "0"
    left = plan.allowed if allowed is None else allowed
    return str(plan.spec.command.allowed_errors if left is None else max(0, left))


def _frozen_plan(spec: RolloutSpec, targets: Frozen, rollout_id: str) -> Plan:
    total = len(targets.nodes)
    whole = max(1, min(total, spec.command.at_a_time.of(total)))
    nodes = _spread(targets.nodes, spec.waves.spread_by)
    waves: list[Wave] = []
    number = 0
    for title, begin, end in _cuts(spec, total):
        calls = _calls(nodes[begin:end], len(waves), number, whole)
        number += len(calls)
        waves.append(Wave(title, end - begin, calls))
    return Plan(
        id=rollout_id,
        spec=spec,
        waves=tuple(waves),
        whole=whole,
        allowed=spec.command.allowed_errors.of(total),
        notes=_notes(spec, nodes, waves, whole),
    )


def _cuts(spec: RolloutSpec, total: int) -> list[tuple[str, int, int]]:
    """The waves' titles, and where they begin and end among the nodes."""
    ends: list[tuple[str, int]] = []
    if spec.waves.canary:
        ends.append(("canary", min(spec.waves.canary, total)))
    ends += [(f"to {step}%", -(-total * step // 100)) for step in spec.waves.steps]
    if not ends or ends[-1][1] < total:
        ends.append(("the rest" if ends else "everything", total))
    cuts: list[tuple[str, int, int]] = []
    begin = 0
    for title, end in ends:
        if end > begin:  # a step that the canary has reached already
            cuts.append((title, begin, end))
            begin = end
    return cuts


def _calls(nodes: Sequence[Target], wave: int, first: int, whole: int) -> tuple[PlannedCall, ...]:
    """The calls of one wave: at most 50 ids of one scope each, the scopes in turn."""
    by_scope: dict[ScopeKey, list[str]] = defaultdict(list)
    for node in nodes:
        by_scope[node.scope].append(node.id)
    pieces = {
        scope: [tuple(ids[at : at + MOST_IDS]) for at in range(0, len(ids), MOST_IDS)]
        for scope, ids in by_scope.items()
    }
    longest = max(map(len, pieces.values()))
    in_turn = [
        (scope, each[turn])
        for turn in range(longest)
        for scope, each in pieces.items()
        if turn < len(each)
    ]
    given = shares([len(ids) for _, ids in in_turn], whole, MOST_IDS)
    return tuple(
        PlannedCall(
            number=first + place, wave=wave, scope=scope, ids=ids, at_a_time=Amount(max(1, share))
        )
        for place, ((scope, ids), share) in enumerate(zip(in_turn, given, strict=True))
    )


def check_calls(
    plan: Plan, wave: int, first: int, nodes: Iterable[tuple[RowKey, str]]
) -> tuple[PlannedCall, ...]:
    """The calls of a gate's check on nodes (with the document for each), all at once."""
    groups: dict[tuple[ScopeKey, str], list[str]] = defaultdict(list)
    for key, document in nodes:
        groups[key.scope, document].append(key.id)
    calls: list[PlannedCall] = []
    for (scope, document), ids in groups.items():
        for at in range(0, len(ids), MOST_IDS):
            calls.append(
                PlannedCall(
                    number=first + len(calls),
                    wave=wave,
                    scope=scope,
                    ids=tuple(ids[at : at + MOST_IDS]),
                    at_a_time=Amount(100, percent=True),
                    check=True,
                    document=document,
                )
            )
    return tuple(calls)


def _scope_shares(at_a_time: Amount, scopes: int) -> list[Amount]:
    """A percentage holds in every scope; a number is shared out, at least one each."""
    if at_a_time.percent:
        return [at_a_time] * scopes
    return [
        Amount(max(1, at_a_time.value // scopes + (number < at_a_time.value % scopes)))
        for number in range(scopes)
    ]


def _spread(nodes: Sequence[Target], keys: Sequence[str]) -> list[Target]:
    """The nodes in an order of which every part holds of each group in proportion.

    The i-th of n nodes of a group comes at (i + 1/2) / n. Nodes whose group is not known are a
    group of their own.
    """
    if not keys:
        return list(nodes)
    groups: dict[tuple[str, ...], list[Target]] = defaultdict(list)
    for node in nodes:
        groups[tuple(node.groups.get(key, "") for key in keys)].append(node)
    placed = [
        ((place + 0.5) / len(group), number, node)
        for number, group in enumerate(groups.values())
        for place, node in enumerate(group)
    ]
    return [node for _, _, node in sorted(placed, key=lambda each: each[:2])]


def _notes(
    spec: RolloutSpec, nodes: Sequence[Target], waves: Sequence[Wave], whole: int
) -> tuple[str, ...]:
    """What spreading could not do: groups that may be hit at once all the same."""
    notes: list[str] = []
    wave_of = {
        (call.scope, node_id): call.wave
        for wave in waves
        for call in wave.calls
        for node_id in call.ids
    }
    for key in spec.waves.spread_by:
        members: dict[str, list[Target]] = defaultdict(list)
        for node in nodes:
            members[node.groups.get(key, "")].append(node)
        nameless = len(members.pop("", ()))
        at_once = [
            name
            for name, group in members.items()
            if 1 < len(group) <= whole
            and len({wave_of[node.scope, node.id] for node in group}) == 1
        ]
        if at_once:
            listed = ", ".join(at_once[:3]) + (" ..." if len(at_once) > 3 else "")
            notes.append(f"All nodes of {key} {listed} may be hit at once")
        if nameless:
            notes.append(f"{nameless:,} nodes have no {key}")
    return tuple(notes)


def _telling_line(script: str) -> str:
    """The first line of a script that says what it does, safe to show and without secrets: no
    comment, and no option of the shell; "" if there is none."""
    for line in masked(script[:_HEAD]).split("\n"):
        words = plain(" ".join(line.split()))
        if words and not words.startswith(("#", "set -", "set +")):
            return words if len(words) <= LONGEST_TITLE else words[: LONGEST_TITLE - 3] + "..."
    return ""
