"""The upper part of the board as one text: counts, bar, budget, and the table below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from ssmtui.core.text import cells, fit
from ssmtui.rollouts.state import Phase
from ssmtui.ui.board_lines import (
    WARN,
    bar_parts,
    budget_parts,
    count_parts,
    current_wave,
    pace_words,
    table_head,
    table_rows,
    trouble_words,
    window,
)
from ssmtui.ui.widgets.header import Part, spread

if TYPE_CHECKING:
    from ssmtui.rollouts.state import RolloutState


def head_content(state: RolloutState, kind: str, size: tuple[int, int], now: float) -> Content:
    """The lines for a screen of so many columns and rows; `kind` is what the table is by."""
    width = max(20, size[0] - 2)
    pace = pace_words(state)
    room = max(10, min(width - len(pace) - 2, 100))
    lines = [
        spread(count_parts(state.bars, state.left_out), (), width),
        Content.assemble(*bar_parts(state.bars, room), f"  {pace}"),
        spread(budget_parts(state, now), (), width),
    ]
    if trouble := trouble_words(state):
        style = WARN if state.phase is not Phase.DONE or state.problems else "$foreground"
        lines.append(spread([(trouble, style)], (), width))
    if kind != "wave" or len(state.waves) > 1:
        lines += _table(state, kind, width, max(3, size[1] // 5), now)
    return Content("\n").join(lines)


def _table(state: RolloutState, kind: str, width: int, height: int, now: float) -> list[Content]:
    at = current_wave(state) - 1 if kind == "wave" else 0
    shown, more = window(table_rows(state, kind, now), at, height)
    head = table_head(kind)
    if more:
        head += f"   ({more:,} more: d)"
    return [
        Content.assemble((head[:width], "$muted bold")),
        *(Content.assemble(*_clipped(row, width)) for row in shown),
    ]


def _clipped(parts: Sequence[Part], width: int) -> list[Part]:
    """The parts of a line as far as they fit."""
    kept: list[Part] = []
    for text, style in parts:
        if cells(text) > width:
            if width > 0:
                kept.append((fit(text, width), style))
            break
        kept.append((text, style))
        width -= cells(text)
    return kept
