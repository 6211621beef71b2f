from __future__ import annotations

import pytest

from ssmtui.sessions.screen_style import CellStyle, select_graphic_rendition, unpack


@pytest.mark.parametrize(
    ("parameters", "look"),
    [
        ("", CellStyle()),
        ("1;4;7", CellStyle(bold=True, underline=True, reverse=True)),
        ("1;22", CellStyle()),
        ("2;3;5;8;9", CellStyle(dim=True, italic=True, blink=True, conceal=True, strike=True)),
        ("31;42", CellStyle(1, 2)),
        ("97;104", CellStyle(15, 12)),
        ("31;39;42;49", CellStyle()),
        ("38;5;208", CellStyle(208)),
        ("48;5;0", CellStyle(None, 0)),
        ("38;2;1;2;3", CellStyle((1, 2, 3))),
        ("48;2;0;0;0;1", CellStyle(None, (0, 0, 0), bold=True)),
        ("38:5:9", CellStyle(9)),
        ("38:2:1:2:3", CellStyle((1, 2, 3))),
        ("38:2::1:2:3;4", CellStyle((1, 2, 3), underline=True)),
        ("4:3", CellStyle(underline=True)),
        ("4;4:0", CellStyle()),
        ("21", CellStyle(underline=True)),
        # What is wrong changes nothing.
        ("38;5;256", CellStyle()),
        ("38;5", CellStyle()),
        ("38;2;1;2", CellStyle()),
        ("38;2;256;0;0", CellStyle()),
        ("38:2:1", CellStyle()),
        ("38", CellStyle()),
        ("999999999999;1", CellStyle(bold=True)),
        ("58;5;1", CellStyle(blink=True, bold=True)),
    ],
)
def test_sgr(parameters: str, look: CellStyle) -> None:
    assert unpack(select_graphic_rendition(0, parameters)) == look


def test_zero_takes_all_of_it_back() -> None:
    style = select_graphic_rendition(0, "1;31;44")
    assert unpack(style) == CellStyle(1, 4, bold=True)
    assert select_graphic_rendition(style, "0") == 0
