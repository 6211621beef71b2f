from __future__ import annotations

import pytest

from ssmtui.ui.widgets.terminal_keys import key_bytes, mouse_bytes, paste_bytes


@pytest.mark.parametrize(
    ("key", "character", "data"),
    [
        ("a", "a", b"a"),
        ("A", "A", b"A"),
        ("colon", ":", b":"),
        ("colon", None, b":"),
        ("slash", None, b"/"),
        ("full_stop", None, b"."),
        ("ä", "ä", "ä".encode()),
        ("enter", "\r", b"\r"),
        ("tab", "\t", b"\t"),
        ("shift+tab", None, b"\x1b[Z"),
        ("escape", "\x1b", b"\x1b"),
        ("space", " ", b" "),
        ("backspace", "\x7f", b"\x7f"),
        ("backspace", None, b"\x7f"),
        ("backspace", "\x08", b"\x08"),
        ("ctrl+backspace", None, b"\x08"),
        # With the kitty protocol there is no character: the name must do.
        *((f"ctrl+{letter}", None, bytes((ord(letter) - 96,))) for letter in "abcdpqsz"),
        ("ctrl+@", None, b"\x00"),
        ("ctrl+space", None, b"\x00"),
        ("ctrl+backslash", None, b"\x1c"),
        ("ctrl+right_square_bracket", None, b"\x1d"),
        ("ctrl+circumflex_accent", None, b"\x1e"),
        ("ctrl+underscore", None, b"\x1f"),
        ("ctrl+6", None, b"\x1e"),
        ("ctrl+c", "\x03", b"\x03"),
        ("ctrl+1", None, b"1"),
        ("alt+x", "x", b"\x1bx"),
        ("alt+shift+x", None, b"\x1bX"),
        ("alt+ctrl+c", None, b"\x1b\x03"),
        ("alt+full_stop", None, b"\x1b."),
        ("alt+backspace", None, b"\x1b\x7f"),
        ("up", None, b"\x1b[A"),
        ("ctrl+left", None, b"\x1b[1;5D"),
        ("shift+home", None, b"\x1b[1;2H"),
        ("delete", None, b"\x1b[3~"),
        ("ctrl+delete", None, b"\x1b[3;5~"),
        ("pageup", None, b"\x1b[5~"),
        ("f1", None, b"\x1bOP"),
        ("ctrl+f1", None, b"\x1b[1;5P"),
        ("f5", None, b"\x1b[15~"),
        ("f12", None, b"\x1b[24~"),
        ("f20", None, b"\x1b[34~"),
        ("left_shift", None, b""),
        ("caps_lock", None, b""),
        ("<ignore>", "\x1b[?", b""),
        ("+", "+", b"+"),
        ("plus", "+", b"+"),
    ],
)
def test_keys(key: str, character: str | None, data: bytes) -> None:
    assert key_bytes(key, character) == data


def test_application_cursor_keys() -> None:
    assert key_bytes("up", application_cursor=True) == b"\x1bOA"
    assert key_bytes("home", application_cursor=True) == b"\x1bOH"
    assert key_bytes("ctrl+up", application_cursor=True) == b"\x1b[1;5A"


def test_pasted_text_cannot_end_its_own_bracket() -> None:
    assert paste_bytes("a\r\nb\nc", bracketed=False) == b"a\rb\rc"
    evil = paste_bytes("ls\x1b[201~; rm -rf /\n", bracketed=True)
    assert evil == b"\x1b[200~ls[201~; rm -rf /\r\x1b[201~"
    assert paste_bytes("über\udc80", bracketed=True) == b"\x1b[200~\xc3\xbcber?\x1b[201~"


def test_text_whose_bytes_hold_an_eight_bit_control_stays_whole() -> None:
    # U+009B is two bytes in UTF-8 and must go; U+015B ends in the byte 9B and must stay.
    assert paste_bytes("\x9b201~ś", bracketed=True) == b"\x1b[200~201~\xc5\x9b\x1b[201~"


def test_the_mouse() -> None:
    assert mouse_bytes(0, 0, 0, sgr=True) == b"\x1b[<0;1;1M"
    assert mouse_bytes(0, 4, 2, sgr=True, released=True) == b"\x1b[<0;5;3m"
    assert mouse_bytes(64, 4, 2, sgr=True) == b"\x1b[<64;5;3M"
    assert mouse_bytes(3, 4, 2, sgr=True, moved=True) == b"\x1b[<35;5;3M"
    assert mouse_bytes(2, 0, 0, sgr=False) == b"\x1b[M\x22\x21\x21"
    assert mouse_bytes(2, 0, 0, sgr=False, released=True) == b"\x1b[M\x23\x21\x21"
    assert mouse_bytes(0, 223, 0, sgr=False) == b""
