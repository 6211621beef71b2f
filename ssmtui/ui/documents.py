"""Texts made of facts: details, raw answers, help and notices as documents for the text view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ssmtui.core.columns import age, rfc3339
from ssmtui.core.export import json_text, yaml_text
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import cells, plain
from ssmtui.resources.base import Section
from ssmtui.ui.notices import Notice
from ssmtui.ui.spans import Span


class Document(msgspec.Struct, frozen=True):
    """A text in one or more formats (format name -> text), the first one shown first.

    With a `key_width` lines that are not indented are headings, and so many cells of the others are
    their key; 0: there is neither. Lines that are too long go on below their `hang`th cell. With
    `spans` nothing is told from how lines look: these are drawn apart, and nothing else.
    """

    formats: Mapping[str, str]
    key_width: int = 0
    hang: int = 0
    spans: tuple[Span, ...] | None = None


def detail_document(
    sections: Sequence[Section], *, read_at: float | None, now: float, troubles: Iterable[Problem]
) -> Document:
    """What `d` shows: first what could not be read, with its remedy, and how old is what was not.

    `read_at` is when the list was read that cached values are of (seconds since the epoch; None: it
    has not been read whole), `troubles` is what went wrong besides the sections' own reads.
    """
    top: list[Section] = []
    found = [*troubles, *(problem for section in sections for problem in section.problems)]
    if found:
        # The same refusal may have met several reads.
        pairs = dict.fromkeys(
            (_KINDS.get(problem.kind, problem.kind), _lines(problem)) for problem in found
        )
        top.append(Section("Could not be read", list(pairs)))
    if any(section.cached for section in sections):
        when = "not read whole yet"
        if read_at is not None:
            when = f"read {age(now - read_at)} ago · {rfc3339(read_at)}"
        top.append(Section("Values of the list", [("list", when)]))
    return sections_document([*top, *sections])


# Where the word of the kind would say nothing.
_KINDS = {ProblemKind.INPUT: "", ProblemKind.SERVICE: "failed", ProblemKind.ENDPOINT: "no answer"}


def _lines(problem: Problem) -> str:
    return f"{problem.what}.\n{problem.remedy}." if problem.remedy else f"{problem.what}."


def sections_document(sections: Sequence[Section]) -> Document:
    """Titled blocks of pairs, the values aligned under each other."""
    pairs = [pair for section in sections for pair in section.pairs]
    width = min(28, max((cells(plain(name)) for name, _ in pairs), default=0))
    lines: list[str] = []
    for section in sections:
        lines += ["", plain(section.title)] if lines else [plain(section.title)]
        for name, value in section.pairs:
            first, *others = plain(value, multiline=True).split("\n")
            shown = plain(name)
            lines.append(f"  {shown}{' ' * max(0, width - cells(shown))}  {first}".rstrip())
            lines += [f"  {' ' * width}  {other}".rstrip() for other in others]
    return Document({"text": "\n".join(lines)}, key_width=width + 2, hang=width + 4)


def raw_document(raw: Any) -> Document:
    """The service's answers as YAML and as JSON. Slow for much data: call it in a thread."""
    shown = _simple(raw)
    return Document({"YAML": yaml_text(shown).rstrip("\n"), "JSON": json_text(shown, indent=2)})


def _simple(value: Any) -> Any:
    """JSON's own types; times as RFC 3339 texts, anything else as its text."""
    if isinstance(value, Mapping):
        return {str(key): _simple(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_simple(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


class HelpLine(msgspec.Struct, frozen=True):
    """One action on the help screen; `keys` as they are shown."""

    keys: str
    title: str
    command: str


def help_document(groups: Sequence[tuple[str, Sequence[HelpLine]]]) -> Document:
    """The keys that work, in groups, each with its `:` command."""
    lines: list[str] = []
    rows = [row for _, group in groups for row in group]
    keys = max((cells(row.keys) for row in rows), default=0)
    commands = max((cells(row.command) for row in rows), default=0)
    for title, group in groups:
        lines += ["", title] if lines else [title]
        lines += [
            f"  {row.keys}{' ' * (keys - cells(row.keys))}  "
            f"{row.command}{' ' * (commands - cells(row.command))}  {row.title}".rstrip()
            for row in group
        ]
    hang = keys + commands + 6
    return Document({"text": "\n".join(lines)}, key_width=keys + 2, hang=hang)


def notices_document(notices: Iterable[Notice], now: float) -> Document:
    """The notices, newest first, each with its age."""
    lines = []
    for notice in notices:
        again = f" ({notice.count} times)" if notice.count > 1 else ""
        lines.append(f"  {age(now - notice.at):>4}  {_WORD[notice.level]}  {notice.text}{again}")
        if notice.problem is not None and notice.problem.operation:
            detail = " ".join(filter(None, (notice.problem.operation, notice.problem.code)))
            scope = f"  {notice.problem.scope}" if notice.problem.scope else ""
            lines.append(f"{' ' * 17}{plain(detail + scope)}")
    if not lines:
        lines = ["Nothing has gone wrong, and nothing was said."]
    return Document({"text": "\n".join(lines)}, key_width=7, hang=17)


_WORD = {"information": "note   ", "warning": "warning", "error": "error  "}
