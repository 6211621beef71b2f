from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from ssmtui.ui import glyphs


def test_every_own_glyph_has_an_ascii_likeness_of_one_cell() -> None:
    own = [value for name, value in vars(glyphs).items() if name.isupper() and value != {}]
    for text in (value for value in own if isinstance(value, str)):
        drawn = glyphs.to_ascii(text)
        assert drawn.isascii()
        assert "?" not in drawn
        assert cell_len(drawn) == cell_len(text)


@pytest.mark.parametrize("text", ["名前", "é", "👩", "a…b", "├─┤", "\u0301x"])
def test_the_width_stays(text: str) -> None:
    assert glyphs.to_ascii(text).isascii()
    assert cell_len(glyphs.to_ascii(text)) == cell_len(text)


def test_filter_leaves_ascii_segments_alone() -> None:
    plain, drawn = Segment("plain"), Segment("▸ ❶Nodes")
    after = glyphs.AsciiFilter().apply([plain, drawn], Color(0, 0, 0))
    assert after[0] is plain
    assert after[1].text == "> 1Nodes"


@pytest.mark.parametrize(
    ("environ", "ascii_only"),
    [
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LC_CTYPE": "C", "LANG": "en_US.UTF-8"}, True),
        ({}, False),
    ],
)
def test_locale(environ: dict[str, str], ascii_only: bool) -> None:
    assert glyphs.locale_is_ascii(environ) is ascii_only


def test_nothing_of_a_colour_is_left() -> None:
    style = Style(color="red", bgcolor="#123456", bold=True, reverse=True)
    given = [Segment("a"), Segment("b", style)]
    [bare, drawn] = glyphs.ColourlessFilter().apply(given, Color(0, 0, 0))
    assert bare.style is None
    assert drawn == Segment("b", Style(bold=True, reverse=True))
