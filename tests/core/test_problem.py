from __future__ import annotations

from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem


def test_a_problem_reads_as_a_sentence_with_its_remedy() -> None:
    problem = Problem(ProblemKind.EXPIRED, "The credentials of shop expired", "Log in again")
    assert problem.sentence == "The credentials of shop expired. Log in again."
    assert Problem(ProblemKind.BUG, "It broke").sentence == "It broke."


def test_the_error_carries_the_problem() -> None:
    problem = Problem(ProblemKind.DENIED, "No")
    error = ProblemError(problem)
    assert error.problem is problem
    assert str(error) == "No."


def test_bad_input_has_its_kind() -> None:
    error = input_problem("There is no profile x", "Choose one of a, b")
    assert error.problem == Problem(
        ProblemKind.INPUT, "There is no profile x", "Choose one of a, b"
    )
