from __future__ import annotations

from ssmtui.sessions.follow.changes import Changes
from ssmtui.sessions.follow.merging import News, State


def said(*news: tuple[int, State, str]) -> list[str]:
    changes = Changes()
    return [changes.said(News(node, 1.0, state, sentence)) for node, state, sentence in news]


def test_that_all_is_well_goes_without_saying() -> None:
    assert said((0, State.CONNECTING, ""), (0, State.FOLLOWING, "")) == ["", ""]


def test_who_does_not_answer_at_first_is_said() -> None:
    assert said((0, State.CONNECTING, "no answer yet"), (0, State.FOLLOWING, "")) == [
        "no answer yet",
        "",
    ]


def test_who_drops_and_comes_back_is_said_each_by_itself() -> None:
    assert said(
        (0, State.LOST, "The node does not answer"),
        (1, State.FOLLOWING, ""),
        (0, State.FOLLOWING, ""),
        (0, State.FOLLOWING, ""),
        (0, State.RECONNECTING, ""),
        (0, State.FOLLOWING, "lines may be missing here"),
        (0, State.GIVEN_UP, "it ended with exit code 1"),
    ) == [
        "lost: The node does not answer",
        "",
        "following again",
        "",
        "reconnecting",
        "following again, lines may be missing here",
        "given up: it ended with exit code 1",
    ]
