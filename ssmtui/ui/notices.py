"""What was said to the user, kept: the errors and notices behind `!`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import StrEnum

import msgspec

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.core.text import plain

KEPT = 500


class Level(StrEnum):
    """How much a notice matters; the values are Textual's own severities of a toast."""

    INFORMATION = "information"
    WARNING = "warning"
    ERROR = "error"


class Notice(msgspec.Struct, frozen=True):
    """One sentence with its time (seconds since the epoch); `count` says how often it came."""

    at: float
    level: Level
    text: str
    problem: Problem | None = None
    count: int = 1


class NoticeLog:
    """The last notices, newest first. The same sentence twice is one notice that counts."""

    def __init__(self) -> None:
        self._kept: deque[Notice] = deque(maxlen=KEPT)
        self.unread = 0

    def __iter__(self) -> Iterator[Notice]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    def say(self, at: float, text: str, level: Level, problem: Problem | None = None) -> Notice:
        """Keep a sentence and return its notice; `text` may hold remote words."""
        notice = Notice(at=at, level=level, text=plain(text), problem=problem)
        earlier = next((kept for kept in self._kept if kept.text == notice.text), None)
        if earlier is not None:
            self._kept.remove(earlier)
            notice = msgspec.structs.replace(notice, count=earlier.count + 1)
        self._kept.appendleft(notice)
        if level is not Level.INFORMATION:
            self.unread += 1
        return notice

    def problem(self, at: float, problem: Problem) -> Notice:
        """Keep a problem; being forbidden by the mode is a warning, all else an error."""
        level = Level.WARNING if problem.kind is ProblemKind.MODE else Level.ERROR
        return self.say(at, problem.sentence, level, problem)

    def read(self) -> None:
        """The user has seen them all."""
        self.unread = 0
