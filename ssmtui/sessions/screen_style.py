"""How a cell of a terminal looks, packed into one integer, and SGR, which changes it.

A screen has thousands of cells and a hostile program may give each a colour of its own: an integer
is a quarter of an object's size, and needs no table that could grow without end.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

Rgb = tuple[int, int, int]
Colour = int | Rgb | None
"""One of the 256 indexed colours, a true colour, or the terminal's own (None)."""

# Bits 0 to 24 are the foreground, 25 to 49 the background, 50 and on the attributes. A colour is
# 0 (the terminal's own), 1 + index, or bit 24 and 24 bits of RGB.
_COLOUR = (1 << 25) - 1
_TRUE = 1 << 24
_BACKGROUND_AT = 25
_FLAGS_AT = 50
FOREGROUND_MASK = _COLOUR
BACKGROUND_MASK = _COLOUR << _BACKGROUND_AT

BOLD, DIM, ITALIC, UNDERLINE, BLINK, REVERSE, CONCEAL, STRIKE = (
    1 << (_FLAGS_AT + bit) for bit in range(8)
)

_SET = {
    1: BOLD,
    2: DIM,
    3: ITALIC,
    4: UNDERLINE,
    5: BLINK,
    6: BLINK,
    7: REVERSE,
    8: CONCEAL,
    9: STRIKE,
    21: UNDERLINE,
}
_CLEAR = {
    22: BOLD | DIM,
    23: ITALIC,
    24: UNDERLINE,
    25: BLINK,
    27: REVERSE,
    28: CONCEAL,
    29: STRIKE,
}


class CellStyle(msgspec.Struct, frozen=True):
    """The same, unpacked for whoever draws it."""

    foreground: Colour = None
    background: Colour = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    blink: bool = False
    reverse: bool = False
    conceal: bool = False
    strike: bool = False


@lru_cache(maxsize=4096)
def unpack(style: int) -> CellStyle:
    """What a packed style says."""
    flags = (BOLD, DIM, ITALIC, UNDERLINE, BLINK, REVERSE, CONCEAL, STRIKE)
    return CellStyle(
        _colour(style & _COLOUR),
        _colour(style >> _BACKGROUND_AT & _COLOUR),
        *(bool(style & flag) for flag in flags),
    )


def _colour(bits: int) -> Colour:
    if bits & _TRUE:
        return bits >> 16 & 0xFF, bits >> 8 & 0xFF, bits & 0xFF
    return bits - 1 if bits else None


@lru_cache(maxsize=4096)
def select_graphic_rendition(style: int, parameters: str) -> int:
    """The style after `CSI parameters m`, as ECMA-48 8.3.117 and xterm's ctlseqs have it.

    Parameters are divided by ";", and their own parts by ":" (`38:2::r:g:b`, `4:3`). What is not
    known, or wrong, changes nothing.
    """
    codes = parameters.split(";")
    at = 0
    while at < len(codes):
        parts = codes[at].split(":")
        at += 1
        code = _number(parts[0])
        if code in (38, 48):
            if len(parts) > 1:
                bits = _colon_colour(parts)
            else:
                bits, at = _semicolon_colour(codes, at)
            if bits is not None:
                style = _coloured(style, bits, background=code == 48)
        elif code == 4 and len(parts) > 1 and parts[1] == "0":
            style &= ~UNDERLINE
        else:
            style = _simple(style, code)
    return style


def _simple(style: int, code: int) -> int:
    if code == 0:
        return 0
    if code in _SET:
        return style | _SET[code]
    if code in _CLEAR:
        return style & ~_CLEAR[code]
    for base, first in ((30, 0), (90, 8)):
        if base <= code < base + 8:
            return _coloured(style, code - base + first + 1)
        if base + 10 <= code < base + 18:
            return _coloured(style, code - base - 10 + first + 1, background=True)
    if code in (39, 49):
        return _coloured(style, 0, background=code == 49)
    return style


def _coloured(style: int, bits: int, *, background: bool = False) -> int:
    if background:
        return style & ~BACKGROUND_MASK | bits << _BACKGROUND_AT
    return style & ~FOREGROUND_MASK | bits


def _colon_colour(parts: list[str]) -> int | None:
    """`38:5:n`, `38:2:r:g:b` and, as the standard has it, `38:2:space:r:g:b`."""
    kind, rest = parts[1], parts[2:]
    if kind == "5" and rest:
        return _indexed(_number(rest[0]))
    if kind == "2" and len(rest) >= 3:
        return _true(rest[1:4] if len(rest) > 3 else rest)
    return None


def _semicolon_colour(codes: list[str], at: int) -> tuple[int | None, int]:
    """`38;5;n` and `38;2;r;g;b`: the colour and where the next code is."""
    kind = codes[at] if at < len(codes) else ""
    if kind == "5" and at + 1 < len(codes):
        return _indexed(_number(codes[at + 1])), at + 2
    if kind == "2" and at + 3 < len(codes):
        return _true(codes[at + 1 : at + 4]), at + 4
    return None, len(codes)


def _indexed(index: int) -> int | None:
    return index + 1 if index < 256 else None


def _true(parts: list[str]) -> int | None:
    red, green, blue = map(_number, parts)
    if max(red, green, blue) > 255:
        return None
    return _TRUE | red << 16 | green << 8 | blue


def _number(text: str) -> int:
    """A parameter; nothing is 0, and more digits than any code has are no code."""
    if not text:
        return 0
    return int(text) if len(text) <= 5 else 1 << 20
