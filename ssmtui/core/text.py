"""Remote text made safe to show: nothing in it may move the cursor, reorder a line or hide.

Names, tags, outputs and values are written by others. They may hold terminal escape sequences,
bidirectional controls, invisible characters and megabyte-long lines.
"""

from __future__ import annotations

import re
from functools import cache

from rich.cells import cell_len, set_cell_size

# What stands in for a character that has no glyph of its own.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"

# Unicode's control, format, surrogate, line and paragraph separator characters (general categories
# Cc, Cf, Cs, Zl, Zp), and the other code points whose property is Default_Ignorable: fillers and
# joiners that take no ink. Written out so that every Python gives the same answer.
_CONTROL = r"\x00-\x1f\x7f-\x9f"
_HIDDEN = (
    r"\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff\ud800-\udfff"
)
# These only choose between two drawings of the character before them, and terminals disagree about
# its width then: they are left out.
_VARIATION = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Marks that stack on any letter. Scripts that need many marks have their own, which stay.
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"

# Compiled when they are first needed: most texts are plain ASCII, and the first frame waits.
_compiled = cache(re.compile)
_UNSAFE = f"[{_CONTROL}{_HIDDEN}{_VARIATION}]"
_UNSAFE_LINES = f"(?![\n\t])[{_CONTROL}{_HIDDEN}{_VARIATION}]"
_VARIATION_SELECTOR = f"[{_VARIATION}]"
# A letter carries at most four of them, or it would paint over the lines above and below.
_PILE = f"([{_MARKS}]{{4}})[{_MARKS}]+"
_ORPHAN_MARK = f"(?m:^)(?=[{_MARKS}])"
_JSON_UNSAFE = f"(?![\n\r\t])[{_CONTROL}{_HIDDEN}{_VARIATION}]"


def plain(text: str, multiline: bool = False) -> str:
    """The text with everything that could disturb the screen drawn as a visible glyph.

    Controls become control pictures (an escape is "␛"), C1 controls, bidirectional and invisible
    characters and lone surrogates become U+FFFD. A tab becomes a space and a line feed "␊", unless
    `multiline`: then line feeds stay, CR LF is one of them, and tabs are expanded to 8 columns.
    It never raises, and what it returns it leaves as it is when asked again. It does not escape
    markup: nothing remote is ever parsed as markup.
    """
    if text.isascii() and text.isprintable():
        return text
    if multiline:
        text = _compiled(_UNSAFE_LINES).sub(_glyph, text.replace("\r\n", "\n"))
    else:
        text = _compiled(_UNSAFE).sub(_glyph, text)
    if not text.isascii():
        text = _compiled(_PILE).sub(rf"\1{REPLACEMENT}", text)
        text = _compiled(_ORPHAN_MARK).sub(_DOTTED_CIRCLE, text)
    return text.expandtabs(8) if multiline else text


def _glyph(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\t":
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return "" if _compiled(_VARIATION_SELECTOR).match(character) else REPLACEMENT


def cells(text: str) -> int:
    """How many terminal cells the text takes, as Rich and Textual count them."""
    return len(text) if text.isascii() and text.isprintable() else cell_len(text)


def fit(text: str, width: int, right: bool = False, ellipsis: str = "…", tail: bool = False) -> str:
    """The plain text in exactly `width` cells: padded, or clipped with the ellipsis at its end.

    With `tail` the end is kept and the ellipsis stands before it.

    The work is bounded by `width`, however long the text is.
    """
    if width <= 0:
        return ""
    # Sixteen characters a cell are more than any honest text has, marks included.
    head = text[: 16 * width + 16]
    size = cells(head)
    if size <= width and len(head) == len(text):
        padding = " " * (width - size)
        return padding + text if right else text + padding
    ellipsis = ellipsis[:width]
    if tail and text.isascii():
        return ellipsis + text[len(text) - width + len(ellipsis) :]
    return set_cell_size(head, width - cells(ellipsis)) + ellipsis


def json_safe(json_text: str) -> str:
    r"""JSON with every control, bidirectional and invisible character written as ``\uXXXX``.

    It is still the same JSON: outside its strings only white space can hold such a character, and
    that stays.
    """
    if json_text.isascii() and json_text.isprintable():
        return json_text
    return _compiled(_JSON_UNSAFE).sub(_json_escape, json_text)


def _json_escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
