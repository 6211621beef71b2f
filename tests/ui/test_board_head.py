"""The upper part of the board."""

from __future__ import annotations

from ssmtui.rollouts.state import Bars
from ssmtui.ui.board_head import head_content
from tests.ui.test_board_lines import a_state, a_wave


def test_it_fits_the_screen_whatever_there_is_to_say() -> None:
    state = a_state(sentence="Held by hand: " + "what was sent goes on " * 9, per_minute=52.0)
    for width in (40, 80, 200):
        lines = head_content(state, "wave", (width, 24), 0.0).plain.split("\n")
        assert all(len(line) <= width - 2 for line in lines)
        assert lines[0].startswith("ok 208  fail 3  running 18")
        assert lines[3].startswith("Held by hand")
        assert lines[4].split()[:2] == ["WAVE", "N"]


def test_one_wave_needs_no_table_and_many_leave_room_for_outputs() -> None:
    alone = a_state(waves=a_state().waves[:1])
    assert "WAVE" not in head_content(alone, "wave", (80, 24), 0.0).plain
    assert "SCOPE" in head_content(alone, "scope", (80, 24), 0.0).plain
    waves = tuple(a_wave(n, "step", a_state().waves[1].phase, Bars(ok=1)) for n in range(1, 20))
    text = head_content(a_state(waves=waves), "wave", (80, 24), 0.0).plain
    assert "(15 more: d)" in text
