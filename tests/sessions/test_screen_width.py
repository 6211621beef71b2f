from __future__ import annotations

import re
import sys

import pytest
from rich.cells import cell_len, get_character_cell_size

from ssmtui.core.text import plain
from ssmtui.sessions.screen_width import DROPPED, NARROW, cells_of, drawn, joined, width


def test_narrow_characters_are_plain_and_one_cell_wide() -> None:
    every = [chr(code) for code in range(0x3000)]
    narrow = [character for character in every if NARROW.fullmatch(character)]
    assert len(narrow) > 1500
    assert {get_character_cell_size(character) for character in narrow} == {1}
    assert [character for character in narrow if plain(character) != character] == []


@pytest.mark.parametrize(
    ("character", "cells"),
    [
        ("a", 1),
        ("文", 2),
        ("👩", 2),
        ("\u0301", 0),
        ("\u200d", 0),
        ("\ufe0f", 0),
        ("\u1161", 0),
        ("\u202e", DROPPED),
        ("\u200b", DROPPED),
        ("\u2028", DROPPED),
        ("\xad", DROPPED),
        ("\U000e0041", DROPPED),
    ],
)
def test_width(character: str, cells: int) -> None:
    assert width(character) == cells


def test_no_character_is_wider_than_it_is_drawn() -> None:
    for code in range(0xA0, sys.maxunicode, 61):
        character = chr(code)
        size = width(character)
        if size > 0:
            assert cell_len(character) == size
            assert plain(character) == character


def test_a_pile_of_marks_is_cut() -> None:
    cell = "a"
    for _ in range(20):
        cell = joined(cell, "\u0301")
    assert len(cell) == 5
    assert joined("", "\u0301") == ""


def test_joiners_are_kept_and_not_drawn() -> None:
    family = "👩\u200d👩\u200d👧"
    assert cells_of(family) == ["👩\u200d", "", "👩\u200d", "", "👧", ""]
    assert drawn(family) == "👩👩👧"
    assert cell_len(drawn(family)) == 6
    assert drawn("plain") == "plain"
    assert cells_of("ab") == ["a", "b"]
    assert cells_of("e\u0301文") == ["e\u0301", "文", ""]
    assert cells_of("\u0301") == []
    assert re.sub("\u200d", "", "".join(cells_of(family))) == drawn(family)
