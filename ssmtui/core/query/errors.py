"""What is wrong with a filter, and where."""

from __future__ import annotations

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain


class QueryError(ProblemError):
    """A wrong filter: one sentence with the position, and a remedy where there is one.

    `position` is the index in the filter's text of the character at fault; sentences count from 1.
    """

    def __init__(self, what: str, position: int, remedy: str = "") -> None:
        sentence = f"Filter: {plain(what)}, at character {position + 1}"
        super().__init__(Problem(ProblemKind.INPUT, sentence, plain(remedy)))
        self.position = position
