from __future__ import annotations

import string

import pytest
from textual.keys import Keys, _character_to_key

from ssmtui.ui.key_names import key_name, key_text

# Textual's words for what is no key of a keyboard, and its second name of one.
NO_KEYS = {"<any>", "<scroll-up>", "<scroll-down>", "<ignore>", "ctrl-at"}


def test_textual_s_names_are_names() -> None:
    names = {key.value for key in Keys} - NO_KEYS
    assert {name: key_name(name) for name in names} == {name: name for name in names}


def test_characters_are_called_as_textual_calls_them() -> None:
    characters = [*string.printable.rstrip(string.whitespace), " ", "ä", "€", "²"]
    assert [key_name(each) for each in characters] == [*map(_character_to_key, characters)]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("d", "d"),
        ("D", "D"),
        ("?", "question_mark"),
        ("/", "slash"),
        ("ctrl+r", "ctrl+r"),
        ("ctrl+\\", "ctrl+backslash"),
        ("F5", "f5"),
        ("shift+left", "shift+left"),
        ("\x1b", None),
        ("hyper+x", None),
        ("", None),
        ("ctrl+", None),
        ("<any>", None),
        ("unbound", None),
        ("ctrl+\t", None),
    ],
)
def test_names_of_keys(written: str, name: str | None) -> None:
    assert key_name(written) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ctrl+r", "Ctrl-R"),
        ("question_mark", "?"),
        ("escape", "Esc"),
        ("shift+left", "Shift-Left"),
        ("d", "d"),
        ("f5", "F5"),
        ("ctrl+backslash", "Ctrl-\\"),
    ],
)
def test_keys_as_shown(name: str, shown: str) -> None:
    assert key_text(name) == shown
