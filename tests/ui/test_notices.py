from __future__ import annotations

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.ui.notices import KEPT, Level, NoticeLog


def test_newest_first_and_repeats_counted() -> None:
    log = NoticeLog()
    log.say(1.0, "one", Level.INFORMATION)
    log.say(2.0, "two", Level.WARNING)
    log.say(3.0, "one", Level.INFORMATION)
    assert [(notice.text, notice.count, notice.at) for notice in log] == [
        ("one", 2, 3.0),
        ("two", 1, 2.0),
    ]


def test_only_trouble_is_unread_and_reading_clears_it() -> None:
    log = NoticeLog()
    log.say(1.0, "fine", Level.INFORMATION)
    log.problem(1.0, Problem(ProblemKind.DENIED, "You may not", "Ask"))
    assert log.unread == 1
    log.read()
    assert log.unread == 0


def test_levels_of_problems() -> None:
    log = NoticeLog()
    assert log.problem(0, Problem(ProblemKind.MODE, "look")).level is Level.WARNING
    assert log.problem(0, Problem(ProblemKind.ENDPOINT, "gone")).level is Level.ERROR


def test_text_is_plain_and_the_log_is_bounded() -> None:
    log = NoticeLog()
    assert log.say(0, "a\x1b[31m", Level.ERROR).text == "a␛[31m"
    for number in range(KEPT + 5):
        log.say(0, str(number), Level.INFORMATION)
    assert len(log) == KEPT
