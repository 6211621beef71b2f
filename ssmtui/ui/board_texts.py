"""Texts of the rollout board: a block, a difference, and the whole rollout as facts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssmtui.core.columns import rfc3339
from ssmtui.core.folding import Block
from ssmtui.core.folding.difference import Difference, Sign, difference
from ssmtui.resources.base import Section
from ssmtui.ui.documents import Document, sections_document
from ssmtui.ui.spans import Span, SpanKind

if TYPE_CHECKING:
    from ssmtui.rollouts.plan import Plan
    from ssmtui.rollouts.state import Bars, CallState, RolloutState


def block_text(block: Block, stdout: str, stderr: str) -> str:
    """A block's output as one text, with a heading where there are two; raw."""
    told = [(name, text) for name, text in (("stdout", stdout), ("stderr", stderr)) if text]
    if not told:
        return f"({block.ending}: no output)"
    if len(told) == 1 and told[0][0] == "stdout":
        return stdout.rstrip("\n")
    return "\n\n".join(f"{_heading(name)}\n{text.rstrip()}" for name, text in told)


def block_document(block: Block, stdout: str, stderr: str) -> Document:
    """The same with its headings drawn apart: whatever an output looks like, it has no keys."""
    text = block_text(block, stdout, stderr)
    spans = []
    if stderr:
        at = len(stdout.rstrip().split("\n")) + 2 if stdout else 0
        spans = [Span(line, SpanKind.HEADING) for line in dict.fromkeys((0, at))]
    return Document({"text": text}, spans=tuple(spans))


def _heading(stream: str) -> str:
    return f"-- {stream}"


async def difference_document(
    names: tuple[str, str], texts: tuple[tuple[str, str], tuple[str, str]]
) -> Document:
    """How the second pair of texts differs from the first one: stdout, then stderr."""
    (old_out, old_err), (new_out, new_err) = texts
    told = [f"- {names[0]}", f"+ {names[1]}"]
    spans = [Span(0, SpanKind.REMOVED), Span(1, SpanKind.ADDED)]
    for stream, old, new in (("stdout", old_out, new_out), ("stderr", old_err, new_err)):
        if not old and not new:
            continue
        found = await asyncio.to_thread(difference, old, new)
        told += ["", _heading(stream)]
        spans.append(Span(len(told) - 1, SpanKind.HEADING))
        lines, apart = difference_lines(found)
        spans += (span._replace(line=span.line + len(told)) for span in apart)
        told += lines
    return Document({"text": "\n".join(told)}, spans=tuple(spans))


def difference_lines(found: Difference) -> tuple[list[str], list[Span]]:
    """A difference as lines with -, + or a space before them, and what of them is drawn apart."""
    if found.same:
        return ["  the same"], [Span(0, SpanKind.MUTED)]
    lines: list[str] = []
    spans: list[Span] = []

    def note(words: str) -> None:
        spans.append(Span(len(lines), SpanKind.MUTED))
        lines.append(f"  ... {words}")

    for hunk in found.hunks:
        if hunk.skipped:
            note("1 equal line" if hunk.skipped == 1 else f"{hunk.skipped:,} equal lines")
        for line in hunk.lines:
            if line.sign is not Sign.SAME:
                kind = SpanKind.REMOVED if line.sign is Sign.OLD else SpanKind.ADDED
                spans.append(Span(len(lines), kind))
                if line.span is not None and line.span != (0, len(line.text)):
                    begin, end = line.span
                    spans.append(Span(len(lines), SpanKind.CHANGED, begin + 2, end + 2))
            more = f" ... {line.more:,} more characters" if line.more else ""
            lines.append(f"{line.sign} {line.text}{more}")
    if found.untold:
        note(f"{found.untold:,} more lines differ")
    if unread := found.unread_old + found.unread_new:
        note(f"{unread:,} characters at the end were not compared")
    return lines, spans


def rollout_document(state: RolloutState, plan: Plan) -> Document:
    """Everything about a rollout as it is now."""
    spec, command = plan.spec, plan.spec.command
    script = [(name, "\n".join(values)) for name, values in command.parameters.items()]
    sections = [
        Section(
            "Rollout" if state.ours else "Command",
            [
                ("id", state.id),
                ("phase", f"{state.phase}{': ' if state.sentence else ''}{state.sentence}"),
                ("started", rfc3339(state.started) if state.started else "-"),
                ("ended", rfc3339(state.ended) if state.ended else "-"),
                ("after quitting", state.after_quitting or "nothing goes on"),
                *((("freeze overridden", spec.reason),) if spec.reason else ()),
            ],
        ),
        Section(
            "What it runs",
            [
                ("document", f"{command.document} {command.version}".strip()),
                ("rate", spec.rate),
                ("comment", command.comment or "-"),
                *script,
            ],
        ),
    ]
    if state.problems:
        sections.insert(1, Section("Problems", [(p.kind, p.sentence) for p in state.problems]))
    waves = [_wave(w.number, w.title, w.phase, w.bars, w.gate) for w in state.waves]
    scopes = [(f"{s.name} {s.key.region}", _bars(s.bars)) for s in state.scopes]
    sections += [Section("Waves", waves), Section("Scopes", scopes)]
    calls = [(call.marker or "command", _call(call)) for call in state.calls]
    sections.append(Section("Calls", calls))
    return sections_document(sections)


def _call(call: CallState) -> str:
    words = [call.command_id, call.status or str(call.phase), _bars(call.bars)]
    return " ".join(filter(None, words))


def _wave(number: int, title: str, phase: object, bars: Bars, gate: str) -> tuple[str, str]:
    words = [str(phase), _bars(bars), gate]
    return f"{number} {title}", "; ".join(filter(None, words))


def _bars(bars: Bars) -> str:
    counts: Sequence[tuple[str, int]] = (
        ("ok", bars.ok),
        ("failed", bars.failed),
        ("running", bars.running),
        ("no answer", bars.no_answer),
        ("waiting", bars.waiting),
        ("cancelled", bars.cancelled),
        ("unknown", bars.unknown),
    )
    return ", ".join(f"{count:,} {word}" for word, count in counts if count)
