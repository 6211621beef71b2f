from __future__ import annotations

from textual.notifications import Notification

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.ui.toasts import Crowds


def test_a_crowd_is_one_toast_with_its_number_and_remedy() -> None:
    crowds = Crowds()
    replaced = None
    for place in ("a", "b", "b", "c"):
        problem = Problem(ProblemKind.EXPIRED, f"Expired in {place}", "Log in")
        crowd, replaced = crowds.join("dev", problem)
        crowds.shown("dev", crowd, Notification(crowd.words, timeout=60))
    assert replaced is not None
    assert crowd.words == "Expired in a, and 2 more like it. Log in. See !"
    other, replaced = crowds.join("prod", problem)
    assert (other.words, replaced) == ("Expired in c. Log in.", None)


def test_a_toast_that_has_gone_counts_no_more() -> None:
    crowds = Crowds()
    problem = Problem(ProblemKind.EXPIRED, "Expired")
    crowd, _ = crowds.join("dev", problem)
    crowds.shown("dev", crowd, Notification("x", timeout=-1))
    assert crowds.join("dev", problem)[1] is None


async def test_a_long_toast_is_shown_whole_in_a_narrow_terminal(explorer) -> None:
    words = "Copied the id through the terminal (OSC 52), there is no system clipboard here; " * 2
    async with explorer.open(size=(80, 24)) as s:
        s.app.say(words + "the end")
        await s.settle()
        assert "the end" in s.text
