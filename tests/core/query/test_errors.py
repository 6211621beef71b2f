from __future__ import annotations

from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.core.query import QueryError


def test_an_error_is_one_sentence_of_bad_input_with_its_position_and_remedy() -> None:
    error = QueryError("there is no column pnig", 4, "Write ping")
    assert isinstance(error, ProblemError)
    assert error.problem.kind is ProblemKind.INPUT
    assert error.position == 4
    assert str(error) == "Filter: there is no column pnig, at character 5. Write ping."


def test_what_was_typed_cannot_disturb_the_screen() -> None:
    assert "\x1b" not in str(QueryError("no column \x1b[2J", 0, "not \x1b"))
