"""Exit codes and the one sentence."""

from ssmtui.cli.run import BAD_INPUT, INTERRUPTED, guarded, run, say_problem
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemKind, input_problem


def test_a_verb_gives_its_code():
    async def verb():
        return 3

    assert run(verb()) == 3


def test_a_problem_is_one_sentence_and_exit_2(capsys):
    def verb():
        raise input_problem("There is no profile x", "Did you mean y")

    assert guarded(verb) == BAD_INPUT
    assert capsys.readouterr().err == "ssmtui: There is no profile x. Did you mean y.\n"


def test_an_interrupt(capsys):
    def verb():
        raise KeyboardInterrupt

    assert guarded(verb) == INTERRUPTED
    assert "interrupted" in capsys.readouterr().err


def test_a_problem_names_its_scope(capsys):
    say_problem(Problem(ProblemKind.DENIED, "no", scope=ScopeKey("1", "eu-west-1")))
    assert capsys.readouterr().err == "ssmtui: 1/eu-west-1: no.\n"
