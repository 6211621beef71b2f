"""The rollout board's lines, made of values alone: counts, bar, budget, waves, scopes and calls."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from typing import Final

from ssmtui.core.columns import age
from ssmtui.core.folding import Block, Outcome
from ssmtui.core.folding.outputs import Which
from ssmtui.core.text import cells, fit, plain
from ssmtui.resources.commands.marker import MARKER
from ssmtui.resources.invocations.outputs import is_added
from ssmtui.rollouts.state import (
    Bars,
    CallPhase,
    CallState,
    Phase,
    RolloutState,
    ScopeState,
    WavePhase,
    WaveState,
)
from ssmtui.ui import glyphs
from ssmtui.ui.widgets.header import Part

GOOD, BUSY, WARN, BAD, MUTED = (
    "$status-good",
    "$status-busy",
    "$status-warn",
    "$status-bad",
    "$muted",
)

PHASES: Final = {
    Phase.PLANNED: MUTED,
    Phase.RUNNING: f"{BUSY} bold",
    Phase.HELD: f"{WARN} bold",
    Phase.CANCELLING: f"{WARN} bold",
    Phase.CANCELLED: f"{MUTED} bold",
    Phase.STOPPED: f"{BAD} bold",
    Phase.DONE: f"{GOOD} bold",
    Phase.LEFT: f"{WARN} bold",
}
_WAVES: Final = {
    WavePhase.RUNNING: BUSY,
    WavePhase.CHECKING: BUSY,
    WavePhase.SOAKING: BUSY,
    WavePhase.SHUT: WARN,
    WavePhase.PASSED: GOOD,
}
_CALLS: Final = {
    CallPhase.SENDING: BUSY,
    CallPhase.SENT: BUSY,
    CallPhase.UNKNOWN: WARN,
    CallPhase.REFUSED: BAD,
}
_FULL, _RUNS, _EMPTY = "█", "▒", "░"
# The agent runs a script from a folder of its own, whose name tells nothing.
_PATH: Final = re.compile(r"^\s*(?:/|[A-Z]:\\)\S*[/\\](?=_script\.\w+\b)")
_COUNTS: Final = (6, 6, 6, 6, 11)  # cells of N, OK, FAIL, RUN, NO ANSWER
_TITLE: Final = 18
_BEGINNING: Final = 4000  # characters of an output
_SCOPE_TITLE: Final = 28


def short(rollout_id: str) -> str:
    """As much of an id as people say."""
    return rollout_id[:3]


def called(state: RolloutState) -> str:
    """What people say: "rollout 7f3", or of what is only followed "command 1f2e3d4c"."""
    return f"rollout {short(state.id)}" if state.ours else f"command {state.id}"


def title_parts(state: RolloutState, identity: str) -> list[Part]:
    """Which rollout, of whom, how it stands, and in which wave."""
    parts = [
        (called(state).capitalize(), "$accent bold"),
        (plain(state.title), "$foreground bold"),
        (plain(identity), MUTED),
        (str(state.phase).upper(), PHASES[state.phase]),
    ]
    if len(state.waves) > 1:
        parts.append((f"wave {current_wave(state)}/{len(state.waves)}", "$foreground"))
    return [part for part in parts if part[0]]


def current_wave(state: RolloutState) -> int:
    """The first wave that has not been passed, from 1 on."""
    open_ones = [
        w.number for w in state.waves if w.phase not in (WavePhase.PASSED, WavePhase.ENDED)
    ]
    return open_ones[0] if open_ones else len(state.waves)


def count_parts(bars: Bars, left_out: int) -> list[Part]:
    """How many nodes are how, in words; what there is none of is only said where it matters."""
    usual = [("ok", bars.ok, GOOD), ("fail", bars.failed, BAD), ("running", bars.running, BUSY)]
    rare = [
        ("no answer", bars.no_answer, WARN),
        ("waiting", bars.waiting, MUTED),
        ("cancelled", bars.cancelled, MUTED),
        ("unknown", bars.unknown, WARN),
        ("frozen out", left_out, MUTED),
    ]
    shown = [*usual, *(each for each in rare if each[1])]
    return [(f"{word} {count:,}", style if count else MUTED) for word, count, style in shown]


def bar_parts(bars: Bars, width: int) -> list[Part]:
    """The bar in `width` cells: what there is of anything has a cell at least."""
    pieces = [
        (bars.ok, _FULL, GOOD),
        (bars.failed, _FULL, BAD),
        (bars.no_answer, _FULL, WARN),
        (bars.cancelled, _FULL, MUTED),
        (bars.unknown, _RUNS, WARN),
        (bars.running, _RUNS, BUSY),
        (bars.waiting, _EMPTY, MUTED),
    ]
    sizes = shared_out([count for count, _, _ in pieces], width)
    parts = [
        (sign * size, style) for (_, sign, style), size in zip(pieces, sizes, strict=True) if size
    ]
    return parts or [(_EMPTY * width, MUTED)]


def shared_out(counts: Sequence[int], width: int) -> list[int]:
    """Cells for each count, `width` in all: at least one for what there is, as far as they go."""
    total = sum(counts)
    if not total:
        return [0] * len(counts)
    sizes = [max(1, count * width // total) if count else 0 for count in counts]
    while (over := sum(sizes) - width) != 0:
        # What is rounded goes to the largest, where it is seen least.
        at = max(range(len(sizes)), key=lambda index: sizes[index])
        if over > 0 and sizes[at] <= 1:
            break
        sizes[at] -= 1 if over > 0 else over
    return sizes


def pace_words(state: RolloutState) -> str:
    """How far, how fast and how long still: "54%  52 a minute  4m left"."""
    words = [f"{int(state.bars.share * 100)}%"]
    if state.per_minute:
        words.append(f"{state.per_minute:,.0f} a minute")
    if state.seconds_left is not None:
        words.append(f"{age(state.seconds_left)} left")
    elif state.ended is not None and state.started is not None:
        words.append(f"took {age(state.ended - state.started)}")
    return "  ".join(words)


def budget_parts(state: RolloutState, now: float) -> list[Part]:
    """The error budget, what may still come after a stop, and how long credentials last."""
    budget = state.budget
    allowed = "a share" if budget.allowed is None else f"{budget.allowed:,}"
    style = BAD if budget.spent else WARN if budget.counted else MUTED
    parts = [(f"failures {budget.counted:,} of {allowed} allowed", style)]
    if budget.overshoot and not state.over:
        parts.append((f"{glyphs.DOT} if stopped now up to {budget.overshoot:,} more finish", MUTED))
    ends = [scope.expires for scope in state.scopes if scope.expires is not None]
    if ends and not state.over:
        left = min(ends) - now
        words = f"credentials {age(left)}" if left > 0 else "credentials expired"
        parts.append((f"{glyphs.DOT} {words}", WARN if left < 900 else MUTED))
    return parts


def trouble_words(state: RolloutState) -> str:
    """Why it is held or how it ended, else what is wrong; one line."""
    if state.sentence:
        return plain(state.sentence)
    if state.problems:
        more = f" (and {len(state.problems) - 1:,} more: d)" if len(state.problems) > 1 else ""
        return plain(state.problems[0].sentence) + more
    return ""


# The table: by wave, by scope or by call


def table_head(kind: str) -> str:
    """The titles of the table's columns."""
    titles = ("N", "OK", "FAIL", "RUN", "NO ANSWER")
    counts = "".join(f"{title:>{w}}" for title, w in zip(titles, _COUNTS, strict=True))
    last = {"wave": "GATE", "scope": "CREDENTIALS", "call": "COMMAND"}[kind]
    width = _SCOPE_TITLE if kind == "scope" else _TITLE
    return f"{kind.upper():<{width}}{counts}  {last}"


def table_rows(state: RolloutState, kind: str, now: float) -> list[list[Part]]:
    """A line for each wave, scope or call."""
    if kind == "scope":
        return [_scope_row(scope, now) for scope in state.scopes]
    if kind == "call":
        return [_call_row(call) for call in state.calls]
    return [_wave_row(wave, now) for wave in state.waves]


def window(rows: Sequence[list[Part]], at: int, height: int) -> tuple[list[list[Part]], int]:
    """As many rows as fit, with number `at` among them, and how many are left out."""
    if len(rows) <= height:
        return list(rows), 0
    begin = max(0, min(at - height // 3, len(rows) - height))
    return list(rows[begin : begin + height]), len(rows) - height


def _counts(bars: Bars) -> list[Part]:
    counts = (
        (bars.total, "$foreground"),
        (bars.ok, GOOD),
        (bars.failed, BAD),
        (bars.running, BUSY),
        (bars.no_answer, WARN),
    )
    return [
        (f"{count:>{width},}", style if count else MUTED)
        for (count, style), width in zip(counts, _COUNTS, strict=True)
    ]


def _wave_row(wave: WaveState, now: float) -> list[Part]:
    title = fit(f"{wave.number} {plain(wave.title)}", _TITLE - 1) + " "
    words = plain(wave.gate)
    state = str(wave.phase)
    if wave.phase is WavePhase.SOAKING and wave.soaks_until is not None:
        state = f"soaking {age(max(0.0, wave.soaks_until - now))} more"
    style = _WAVES.get(wave.phase, MUTED)
    said = f"{words}  " if words else ""
    return [(title, "$foreground"), *_counts(wave.bars), (f"  {said}", MUTED), (state, style)]


def _scope_row(scope: ScopeState, now: float) -> list[Part]:
    title = fit(f"{plain(scope.name)} {scope.key.region}", _SCOPE_TITLE - 1) + " "
    if scope.problem is not None:
        last = (plain(scope.problem.sentence), BAD)
    elif scope.expires is not None:
        left = scope.expires - now
        last = (f"last {age(left)}" if left > 0 else "expired", MUTED if left > 900 else WARN)
    else:
        last = ("do not expire", MUTED)
    return [(title, "$foreground"), *_counts(scope.bars), ("  ", ""), last]


def _call_row(call: CallState) -> list[Part]:
    what = "check" if call.check else f"wave {call.wave + 1}"
    number = call.marker.removeprefix(f"{MARKER} ")[-4:]
    title = fit(f"{number} {what}" if call.marker.startswith(MARKER) else what, _TITLE - 1) + " "
    status = call.status or str(call.phase)
    parts: list[Part] = [(title, "$foreground"), *_counts(call.bars)]
    parts.append((f"  {plain(status)}", _CALLS.get(call.phase, MUTED)))
    if call.command_id:
        parts.append((f"  {call.command_id}", MUTED))
    if call.problem is not None:
        parts.append((f"  {plain(call.problem.sentence)}", BAD))
    return parts


# The blocks of outputs

OUTCOMES: Final = {
    Outcome.FAILED: BAD,
    Outcome.NO_ANSWER: WARN,
    Outcome.CANCELLED: MUTED,
    Outcome.OK: GOOD,
}


def tally_words(blocks: Sequence[Block]) -> str:
    """How the nodes are spread over the blocks: "exact 197 · same first 2,500 characters 14". What
    was cut is never counted among what is known to be the same, or alike, as a whole."""
    counts = [[0, 0], [0, 0]]  # nodes of identical and near-identical blocks: whole, cut
    chars = [0, 0]
    for block in blocks:
        near, cut = not block.exact, block.cut
        counts[near][cut] += len(block.nodes)
        if cut:
            chars[near] = max(chars[near], block.head_chars)
    told = (
        ("exact", counts[0][0]),
        ("alike", counts[1][0]),
        (f"same first {chars[0]:,} characters", counts[0][1]),
        (f"alike in the first {chars[1]:,} characters", counts[1][1]),
    )
    return f" {glyphs.DOT} ".join(f"{words} {count:,}" for words, count in told if count)


def beginning(text: str) -> Iterator[str]:
    """The lines of an output among which the one is that tells most of it, mostly the first."""
    start, text = 0, text[:_BEGINNING]
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def head_words(block: Block, stdout: str, stderr: str, usual: Container[str] | None = None) -> str:
    """The line that tells most of an output: of a failure the first of stderr. Of blocks that begin
    alike it is the first line that is not `usual`, nor each node's own. Where nothing was printed
    it is how they ended, if that is more than the block's line says already."""
    if block.outcome is Outcome.NO_ANSWER:
        return f"{plain(block.status)}: not counted as a failure"
    streams = [(Which.STDOUT, stdout), (Which.STDERR, stderr)]
    if block.outcome is Outcome.FAILED:
        streams.reverse()
    own = {(variation.which, variation.line) for variation in block.variations}
    first = added = ""
    for which, text in streams:
        for number, line in enumerate(beginning(text)):
            if not line.strip():
                continue
            if is_added(line):
                added = added or line
                continue
            first = first or line
            if usual is None or not (line in usual or (which, number) in own):
                return _line_words(line)
    if first or added:
        return _line_words(first or added)
    told = block.outcome is Outcome.OK or block.short_ending.startswith("exit")
    return "(no output)" if told else f"{block.ending} (no output)"


def _line_words(line: str) -> str:
    return plain(_PATH.sub("", line[:2000])).strip()


def sign_words(block: Block) -> str:
    """Two cells: whether what is folded is only alike, and whether only heads were compared."""
    return (" " if block.exact else "~") + (glyphs.ELLIPSIS if block.cut else " ")


def names_width(width: int) -> int:
    """How many cells of a block's line are its nodes'."""
    return max(14, min(40, (width - 22) * 2 // 5))


def block_parts(block: Block, who: str, head: str, marked: int, width: int) -> list[Part]:
    """One block as a line of exactly `width` cells: count, ending, who, and how it begins."""
    room = names_width(width)
    who = fit(plain(who), room)
    count = f"{len(block.nodes):>6,} "
    ending = fit(block.short_ending, 10)
    sign = glyphs.MARK if marked == len(block.nodes) else glyphs.EMPTY if marked else " "
    used = 1 + cells(count) + 10 + room + 4
    return [
        (sign, "$mark bold"),
        (count, "$foreground"),
        (ending, OUTCOMES[block.outcome]),
        (f"{who} ", "$foreground"),
        (f"{sign_words(block)} ", MUTED),
        (fit(head, max(1, width - used)), MUTED),
    ]
