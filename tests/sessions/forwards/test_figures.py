from __future__ import annotations

from ssmtui.sessions.forwards.figures import Figures


def test_they_begin_at_nothing_and_are_each_forwards_own() -> None:
    first, second = Figures(), Figures()
    first.sent += 3
    assert second == Figures(0, 0, 0, 0, 0, 0)
