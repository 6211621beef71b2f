from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ssmtui.core.text import cells, fit, json_safe, plain

# Text as an attacker would mix it: `st.text` leaves lone surrogates out unless told.
HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from("\x1b[]\r\n\t\x00\x7f\x9b\u202e\u200d\ufe0f\ud800\u0301\u3164日👩ab "),
    )
)
CONTROLS = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(HOSTILE, st.booleans())
def test_plain_is_idempotent(text: str, multiline: bool) -> None:
    once = plain(text, multiline)
    assert plain(once, multiline) == once


@given(HOSTILE)
def test_no_control_survives(text: str) -> None:
    assert not {
        character for character in plain(text) if unicodedata.category(character) in CONTROLS
    }


@given(HOSTILE)
def test_only_line_feeds_survive_in_lines(text: str) -> None:
    left = set(plain(text, multiline=True))
    assert {c for c in left if unicodedata.category(c) in CONTROLS} <= {"\n"}


@given(HOSTILE)
def test_plain_text_has_the_width_that_rich_measures(text: str) -> None:
    safe = plain(text)
    assert cells(safe) == cell_len(safe)


@given(HOSTILE)
def test_every_control_character_stays_visible(text: str) -> None:
    """What is only a control is not lost: a name is never shown as another, harmless one."""
    controls = sum(unicodedata.category(character) in CONTROLS for character in text)
    assert cells(plain(text)) >= controls


@given(HOSTILE, st.integers(-1, 30), st.booleans())
def test_fit_is_exact(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(plain(text), width, right)) == max(width, 0)


@given(st.recursive(HOSTILE, lambda inner: st.lists(inner) | st.dictionaries(HOSTILE, inner)))
def test_json_safe_is_the_same_json(value: object) -> None:
    safe = json_safe(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(safe) == value
    assert not {c for c in safe if unicodedata.category(c) in CONTROLS} - {"\n"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("web-0141", "web-0141"),
        ("a[/]b", "a[/]b"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\tb\nc\r", "a b␊c␍"),
        ("\x7f\x9b", "␡�"),
        ("prod\u200b", "prod�"),
        ("\u202eevil", "�evil"),
        ("\ud800", "�"),
        ("❤\ufe0f", "❤"),
        ("日本語", "日本語"),
        ("e\u0301", "e\u0301"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 4 + "�"),
        ("\u0301x", "◌\u0301x"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_lines_keep_their_feeds_and_expand_their_tabs() -> None:
    assert plain("a\tb\r\nc\rd\x1b", multiline=True) == "a       b\nc␍d␛"


@pytest.mark.parametrize(
    ("text", "width", "right", "shown"),
    [
        ("web", 5, False, "web  "),
        ("web", 5, True, "  web"),
        ("web-0141", 5, False, "web-…"),
        ("日本語", 6, False, "日本語"),
        ("日本語", 5, False, "日本…"),
        ("日本語", 4, False, "日 …"),
        ("web", 1, False, "…"),
        ("web", 0, False, ""),
    ],
)
def test_fit(text: str, width: int, right: bool, shown: str) -> None:
    assert fit(text, width, right) == shown


def test_fit_takes_another_ellipsis() -> None:
    assert fit("web-0141", 5, ellipsis="~") == "web-~"
    assert fit("web-0141", 2, ellipsis="...") == ".."


def test_fit_looks_only_at_the_beginning_of_a_long_text() -> None:
    class Counted(str):
        """Remembers how much of it was asked for."""

        taken: int = 0

        def __getitem__(self, key: object) -> str:
            part = super().__getitem__(key)  # type: ignore[index]
            Counted.taken += len(part)
            return part

    assert fit(Counted("日" * 1_000_000), 20) == "日" * 9 + " …"
    assert Counted.taken < 1000


def test_json_safe_writes_characters_beyond_the_basic_plane_as_pairs() -> None:
    assert json_safe('"\U000e0041\u202e\x7f"') == '"\\udb40\\udc41\\u202e\\u007f"'
