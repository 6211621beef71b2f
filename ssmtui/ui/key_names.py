"""What keys are called: as a person writes them, as Textual names them, and as they are shown.

Without Textual: the command line checks the keys of the configuration, too. A test holds the names
against Textual's own.
"""

from __future__ import annotations

import unicodedata

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super"})

# The keys that are no characters.
_NAMED = frozenset(
    {
        *("left", "right", "up", "down", "home", "end", "pageup", "pagedown"),
        *("insert", "delete", "backspace", "escape", "tab", "space", "enter", "return"),
        *(f"f{number}" for number in range(1, 25)),
    }
)

# Characters that Textual calls by another name than Unicode's.
_RENAMED = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

# Ctrl-Space, which Textual does not call ctrl+at.
_AS_IT_IS = frozenset({"ctrl+@"})

_DISPLAY = {
    **_RENAMED,
    "colon": ":",
    "question_mark": "?",
    "exclamation_mark": "!",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "circumflex_accent": "^",
    "underscore": "_",
    "plus": "+",
    "minus": "-",
    "slash": "/",
    "asterisk": "*",
    "tilde": "~",
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "backslash": "\\",
    "at": "@",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def key_name(key: str) -> str | None:
    """Textual's name of a key as a person writes it ("?", "F5", "ctrl+x"); None if it is none."""
    if len(key) == 1:
        return _character(key)
    if key in _AS_IT_IS:
        return key
    *modifiers, last = key.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return None
    if len(last) == 1:
        name = _character(last)
    else:
        name = last.lower() if last.lower() in _NAMED or last in _DISPLAY else None
    return "+".join((*modifiers, name)) if name else None


def _character(character: str) -> str | None:
    """Textual's name of the key that types a character; None for what no key types."""
    if not character.isprintable():
        return None
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED.get(name, name)


def key_text(key: str) -> str:
    """A key as it is shown: "Ctrl-R", "Shift-←", "?"."""
    *modifiers, last = key.split("+")
    shown = _DISPLAY.get(last, last)
    if modifiers and len(shown) == 1:
        shown = shown.upper()
    elif len(shown) > 1 and shown.islower():
        shown = shown.capitalize()
    return "-".join((*(modifier.capitalize() for modifier in modifiers), shown))
