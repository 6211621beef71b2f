"""The few drawn characters, and the filter that keeps an ASCII screen ASCII."""

from __future__ import annotations

import os
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

CURSOR = "▸"
MARK = "●"
CRUMB = "▸"
RULE = "─"
BAR = "│"
DOT = "·"
ELLIPSIS = "…"
EMPTY = "○"
TICK = "✓"
PANES = "⓿❶❷❸❹❺❻❼❽❾"

# One cell for one cell, so that nothing that was aligned moves.
_ASCII = {
    CURSOR: ">",
    MARK: "*",
    RULE: "-",
    BAR: "|",
    DOT: "-",
    ELLIPSIS: "~",
    EMPTY: "o",
    TICK: "x",
    "×": "x",
    "↑": "^",
    "↓": "v",
    "▲": "^",
    "▼": "v",
    "←": "<",
    "→": ">",
    "⏎": "<",
    "\u00a0": " ",
    **{digit: str(number) for number, digit in enumerate(PANES)},
    # Borders, scroll bars and the like, as Textual draws them.
    **dict.fromkeys("━╌╍┄┅┈┉═╼╾╸╺▁▔▄▀", "-"),
    **dict.fromkeys("┃╎╏┆┇┊┋║▏▎▍▌▕▐▊▉▋", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛▗▖▝▘▛▜▙▟", "+"),
    **dict.fromkeys("█▇▆▅▃▂", "#"),
    **dict.fromkeys("░▒▓", "."),
}


@lru_cache(maxsize=4096)
def to_ascii(text: str) -> str:
    """`text` in ASCII and of the same width; what has no likeness becomes "?"."""
    if text.isascii():
        return text
    return "".join(_one(character) for character in text)


def _one(character: str) -> str:
    if character.isascii():
        return character
    return _ASCII.get(character) or "?" * cell_len(character)


class AsciiFilter(LineFilter):
    """Draws every line in ASCII, whichever widget or remote name it came from."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.text.isascii() else segment._replace(text=to_ascii(segment.text))
            for segment in segments
        ]


class ColourlessFilter(LineFilter):
    """Takes every colour away, as NO_COLOR asks for: bold, reverse and underlined are left."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment if segment.style is None else segment._replace(style=_colourless(segment.style))
            for segment in segments
        ]


@lru_cache(maxsize=4096)
def _colourless(style: Style) -> Style:
    return style.without_color


def locale_is_ascii(environ: os._Environ[str] | dict[str, str] = os.environ) -> bool:
    """Whether the locale promises nothing beyond ASCII (C or POSIX, and no UTF-8 named)."""
    name = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    return name in ("C", "POSIX")
