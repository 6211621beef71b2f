from __future__ import annotations

import pytest

from ssmtui.sessions.screen_modes import LINE_DRAWING, Mode, Mouse, mouse


@pytest.mark.parametrize(
    ("modes", "wanted"),
    [
        (set(), Mouse.OFF),
        ({Mode.MOUSE_X10}, Mouse.CLICKS),
        ({Mode.MOUSE_CLICKS, Mode.MOUSE_SGR}, Mouse.CLICKS),
        ({Mode.MOUSE_CLICKS, Mode.MOUSE_DRAG}, Mouse.DRAG),
        ({Mode.MOUSE_CLICKS, Mode.MOUSE_MOTION}, Mouse.MOTION),
    ],
)
def test_the_most_that_was_asked_for(modes: set[Mode], wanted: Mouse) -> None:
    assert mouse(modes) is wanted


def test_boxes() -> None:
    assert "lqkxmj".translate(LINE_DRAWING) == "┌─┐│└┘"
