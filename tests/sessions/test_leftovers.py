from __future__ import annotations

import pytest

from ssmtui.sessions.leftovers import Leftovers


def _undo(*pieces):
    leftovers = Leftovers()
    for piece in pieces:
        leftovers.watch(piece)
    return leftovers.undo()


def test_plain_output_leaves_no_mode_to_undo():
    assert b"?" not in _undo(b"total 4\r\n\x1b[31mred\x1b[0m")


def test_a_program_that_died_on_the_other_screen_is_undone():
    undo = _undo(b"\x1b[?1049h\x1b[?25l\x1b[?1000;1006h\x1b[?2004h")
    assert {b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?25h"} <= {
        b"\x1b" + part for part in undo.split(b"\x1b")
    }


def test_what_was_switched_back_is_left_alone():
    undo = _undo(b"\x1b[?1049h", b"vim", b"\x1b[?1049l", b"\x1b[?25l\x1b[?25h")
    assert b"1049" not in undo
    assert b"?25" not in undo


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_sequence_cut_into_pieces_is_seen(cut):
    sequence = b"\x1b[?1049h"
    assert b"\x1b[?1049l" in _undo(b"text" + sequence[:cut], sequence[cut:] + b"text")


def test_a_sequence_cut_into_single_bytes_is_seen_once():
    switched = [bytes([byte]) for byte in b"a\x1b[?1002hb\x1b[?1002lc\x1b[?1003hd"]
    undo = _undo(*switched)
    assert b"1002" not in undo
    assert b"\x1b[?1003l" in undo


def test_an_endless_sequence_is_not_kept():
    leftovers = Leftovers()
    for _ in range(1000):
        leftovers.watch(b"\x1b[?" + b"1;" * 500)
    assert len(leftovers._tail) <= 72
