"""Keys and the mouse as a terminal sends them: xterm's sequences, made from the names of keys.

With the kitty keyboard protocol a Ctrl key carries no character, so its name is what counts.
"""

from __future__ import annotations

import unicodedata

from textual.keys import KEY_TO_UNICODE_NAME, REPLACED_KEYS

# These stay here; Ctrl-5 is what many keyboards send for Ctrl-].
MENU_KEYS = frozenset({"ctrl+right_square_bracket", "ctrl+5"})
MENU_BYTE = b"\x1d"

PASTE_BEGIN, PASTE_END = b"\x1b[200~", b"\x1b[201~"
FOCUS_IN, FOCUS_OUT = b"\x1b[I", b"\x1b[O"

_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4, "super": 8, "hyper": 16, "meta": 32}
_SIMPLE = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b", "space": " "}
# CSI letter, or SS3 letter in application mode.
_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "end": "F", "home": "H"}
_FUNCTION = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
# CSI number ~
_TILDE = {
    "insert": 2,
    "delete": 3,
    "pageup": 5,
    "pagedown": 6,
    **dict(zip((f"f{number}" for number in range(5, 11)), (15, 17, 18, 19, 20, 21), strict=True)),
    **dict(zip((f"f{number}" for number in range(11, 15)), (23, 24, 25, 26), strict=True)),
    **dict(zip((f"f{number}" for number in range(15, 21)), (28, 29, 31, 32, 33, 34), strict=True)),
}
# Control bytes beyond the letters; the digits are what a VT220's keyboard made of them.
_CONTROL = {
    "@": 0x00, "2": 0x00, " ": 0x00, "[": 0x1B, "3": 0x1B, "\\": 0x1C, "4": 0x1C, "]": 0x1D,
    "5": 0x1D, "^": 0x1E, "6": 0x1E, "~": 0x1E, "_": 0x1F, "7": 0x1F, "/": 0x1F, "-": 0x1F,
    "?": 0x7F, "8": 0x7F, "\x7f": 0x08,
}  # fmt: skip


def key_bytes(key: str, character: str | None = None, *, application_cursor: bool = False) -> bytes:
    """What a terminal sends for a key of that (Textual) name; b"" for keys that send nothing."""
    *modifiers, last = key.split("+") if key != "+" else (key,)
    held = sum(_MODIFIERS.get(modifier, 0) for modifier in modifiers)
    if last in _CURSOR or last in _FUNCTION:
        letter = _CURSOR.get(last) or _FUNCTION[last]
        if held:
            return f"\x1b[1;{held + 1}{letter}".encode()
        ss3 = last in _FUNCTION or application_cursor
        return f"\x1b{'O' if ss3 else '['}{letter}".encode()
    if last in _TILDE:
        return f"\x1b[{_TILDE[last]}{f';{held + 1}' if held else ''}~".encode()
    if last == "tab" and held & 1:
        return b"\x1b[Z"
    return _typed(last, character, held)


def _typed(last: str, character: str | None, held: int) -> bytes:
    if last == "backspace" and character == "\x08" and not held:
        return b"\x08"  # a keyboard whose backspace is Ctrl-H
    plain = _SIMPLE.get(last) or _character(last)
    if not held & ~1 and character and character.isprintable():
        plain = character
    if not plain:
        return b""
    if held & 1 and len(plain) == 1 and plain.islower():
        plain = plain.upper()
    if held & 4:
        plain = _controlled(plain)
    return (b"\x1b" if held & 2 else b"") + plain.encode("utf-8", "replace")


def _controlled(character: str) -> str:
    if character.isascii() and character.isalpha():
        return chr(ord(character) & 0x1F)
    code = _CONTROL.get(character)
    return character if code is None else chr(code)


def _character(name: str) -> str:
    """The character that a key is named after; "" for a key without one, a modifier say."""
    if len(name) == 1:
        return name
    name = REPLACED_KEYS.get(name, name)
    try:
        return unicodedata.lookup(KEY_TO_UNICODE_NAME.get(name) or name.replace("_", " "))
    except KeyError:
        return ""


def paste_bytes(text: str, *, bracketed: bool) -> bytes:
    """What a terminal sends for pasted text: each line's end as Enter.

    Between brackets no escape may stand, or a pasted text could end the bracket by itself and
    have its next line run.
    """
    text = text.replace("\r\n", "\r").replace("\n", "\r")
    if not bracketed:
        return text.encode("utf-8", "replace")
    text = text.replace("\x1b", "").replace("\x9b", "")
    return PASTE_BEGIN + text.encode("utf-8", "replace") + PASTE_END


def mouse_bytes(
    button: int, column: int, row: int, *, sgr: bool, released: bool = False, moved: bool = False
) -> bytes:
    """A report of the mouse: `button` 0 to 2, 3 for none, 64 and 65 for the wheel; cells from 0.

    Without `sgr` the old form is sent, and nothing for cells that it cannot name.
    """
    code = button + (32 if moved else 0)
    if sgr:
        return f"\x1b[<{code};{column + 1};{row + 1}{'m' if released else 'M'}".encode()
    if max(column, row) > 222:
        return b""
    return b"\x1b[M" + bytes((32 + (3 if released else code), 33 + column, 33 + row))
