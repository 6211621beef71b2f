"""The two lines at the top: where you are, as whom, with which power; the panes and the counts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from ssmtui.core.columns import Severity
from ssmtui.core.text import cells, fit, plain
from ssmtui.ui import glyphs
from ssmtui.ui.widgets.line_strip import as_drawn

Part = tuple[str, str]  # text that is plain already, and a style with theme variables


class HeaderFacts(msgspec.Struct, frozen=True):
    """What the first line says. Every text may be remote: it is made plain here."""

    contexts: str = "connecting"
    production: bool = False
    identity: str = ""
    expires: str = ""  # "expires 41m"
    expiring: bool = False
    mode: str = ""  # "look", "armed 09:12"
    trouble: str = ""  # "1 denied"
    demo: bool = False


class PaneTab(msgspec.Struct, frozen=True):
    """One pane of the second line; its number is fixed."""

    number: int
    title: str
    active: bool


class CountFacts(msgspec.Struct, frozen=True):
    """The right half of the second line."""

    shown: int = 0
    total: int = 0
    marked: int = 0
    hidden: int = 0
    unknown: int = 0  # rows for which the filter has no answer
    age: str = ""
    stale: bool = False
    loading: str = ""


class CrumbFacts(msgspec.Struct, frozen=True):
    """The third line: the way here, the filter, and how many rows are in which state."""

    crumbs: Sequence[str] = ()
    filter: str = ""
    states: Sequence[tuple[str, int, Severity]] = ()
    notes: Sequence[str] = ()  # "problems only", "marked only", "wide"
    running: str = ""  # "running 2 (1 not yours)": commands, whatever is listed below


def header_line(facts: HeaderFacts) -> tuple[list[Part], list[Part]]:
    """The left and the right parts of the first line."""
    left: list[Part] = []
    if facts.production:
        left.append((" PROD ", "$background on $production bold"))
    if facts.demo:
        left.append(("demo", "$accent"))
    left.append((facts.contexts, "$foreground bold"))
    if facts.identity:
        left.append((facts.identity, "$muted"))
    if facts.expires:
        left.append((facts.expires, "$warning" if facts.expiring else "$muted"))
    if facts.mode:
        left.append((facts.mode, "$warning bold" if facts.mode.startswith("armed") else "$muted"))
    right = [(f"!{facts.trouble}", "$error bold")] if facts.trouble else []
    return left, right


def pane_line(tabs: Sequence[PaneTab], counts: CountFacts) -> tuple[list[Part], list[Part]]:
    """The left and the right parts of the second line."""
    left = [
        (
            f"{glyphs.PANES[tab.number]}{tab.title}",
            "$accent bold" if tab.active else "$muted",
        )
        for tab in tabs
    ]
    right: list[Part] = []
    if counts.loading:
        right.append((counts.loading, "$status-busy"))
    if counts.unknown:
        right.append((f"{counts.unknown:,} unknown", "$warning"))
    right.append((_count(counts), "$foreground"))
    if counts.marked:
        hidden = f" ({counts.hidden:,} hidden)" if counts.hidden else ""
        right.append((f"{counts.marked:,} marked{hidden}", "$mark bold"))
    if counts.age:
        right.append(
            (f"stale {counts.age}", "$warning") if counts.stale else (counts.age, "$muted")
        )
    return left, right


def _count(counts: CountFacts) -> str:
    if counts.shown == counts.total:
        return f"{counts.total:,}"
    return f"{counts.shown:,}/{counts.total:,}"


def crumb_line(facts: CrumbFacts) -> tuple[list[Part], list[Part]]:
    """The left and the right parts of the third line."""
    trail = f" {glyphs.CRUMB} ".join(facts.crumbs)
    left: list[Part] = [(trail, "$foreground")]
    if facts.filter:
        left.append((f"{glyphs.CRUMB} {facts.filter}", "$accent"))
    left += [(note, "$warning") for note in facts.notes]
    right = [
        (f"{word} {count:,}", STATUS_STYLES[severity])
        for word, count, severity in facts.states
        if not facts.running.startswith(f"{word} ")
    ]
    if facts.running:
        right.append((facts.running, STATUS_STYLES[Severity.BUSY]))
    return left, right


STATUS_STYLES = {
    Severity.GOOD: "$status-good",
    Severity.BUSY: "$status-busy",
    Severity.WARN: "$status-warn",
    Severity.BAD: "$status-bad",
    Severity.MUTED: "$muted",
    Severity.PLAIN: "$foreground",
}


def spread(left: Sequence[Part], right: Sequence[Part], width: int) -> Content:
    """One line: the left parts at the left, the right ones at the right edge.

    What does not fit leaves from the end of the left half: the counts and the trouble stay.
    """
    right_width = _width(right)
    room = width - right_width - (2 if right else 0)
    kept: list[Part] = []
    for text, style in left:
        gap = len(_gap(text)) if kept else 0
        clipped = _clip(plain(text), room - gap)
        if not clipped:
            break
        kept.append((clipped, style))
        room -= gap + cells(clipped)
    gap = max(0, width - _width(kept) - right_width)
    return Content.assemble(*_joined(kept), " " * gap, *_joined(right))


def yielding(left: Sequence[Part], right: Sequence[Part], width: int) -> Sequence[Part]:
    """As many of the right parts, from the first one on, as leave the whole left half its room."""
    room = width - _width(left) - 2
    kept = list(right)
    while kept and _width(kept) > room:
        kept.pop()
    return kept


def _gap(text: str) -> str:
    """What stands before a part: a crumb goes on with the one before it."""
    return " " if text.startswith(glyphs.CRUMB) else "  "


def _width(parts: Sequence[Part]) -> int:
    gaps = sum(len(_gap(text)) for text, _ in parts[1:])
    return sum(cells(plain(text)) for text, _ in parts) + gaps


def _clip(text: str, room: int) -> str:
    if cells(text) <= room:
        return text
    return fit(text, room) if room >= 4 else ""


def _joined(parts: Sequence[Part]) -> list[str | Part]:
    joined: list[str | Part] = []
    for text, style in parts:
        if joined:
            joined.append(_gap(text))
        joined.append((plain(text), style))
    return joined


class FactsLine(Widget):
    """One line of facts; it is drawn anew only when they change."""

    DEFAULT_CSS = """
    FactsLine { height: 1; padding: 0 1; background: $background; }
    """

    parts: reactive[tuple[Sequence[Part], Sequence[Part]]] = reactive(((), ()))

    def render(self) -> RenderResult:
        left, right = self.parts
        return spread(left, right, self.content_size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Without Textual's cache of styled lines: facts change ten times a second.
        return as_drawn(self, map(self.render_line, crop.line_range), crop)


class CrumbLine(FactsLine):
    """The third line: the filter in force goes before the states of the fleet."""

    def render(self) -> RenderResult:
        left, right = self.parts
        width = self.content_size.width
        return spread(left, yielding(left, right, width), width)
