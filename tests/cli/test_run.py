"""Exit codes and the one sentence."""

import errno
import io
import subprocess
import sys
from pathlib import Path

import pytest

from ssmtui.cli.run import (
    BAD_INPUT,
    BROKEN_PIPE,
    INTERRUPTED,
    MISTAKE,
    VerbEndedError,
    guarded,
    put,
    run,
    say,
    say_problem,
    say_problems,
)
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


def test_a_scope_that_the_sentence_names_is_not_named_twice(capsys):
    scope = ScopeKey("1", "eu-west-1")
    say_problem(Problem(ProblemKind.DENIED, "no in dev (1/eu-west-1)", scope=scope))
    assert capsys.readouterr().err == "ssmtui: no in dev (1/eu-west-1).\n"


def test_a_sentence_is_said_once_whatever_met_it(capsys):
    scope = ScopeKey("1", "eu-west-1")
    met = [
        Problem(ProblemKind.EXPIRED, "expired", operation=name, scope=scope) for name in ("a", "b")
    ]
    say_problems([*met, Problem(ProblemKind.DENIED, "denied")])
    assert capsys.readouterr().err == "ssmtui: 1/eu-west-1: expired.\nssmtui: denied.\n"


def test_words_are_never_among_the_results(monkeypatch, capsys):
    with monkeypatch.context() as closed:
        closed.setattr("sys.stderr", None)  # as 2>&- leaves it
        say("nobody hears this")
    assert capsys.readouterr() == ("", "")


def test_a_verb_that_ended_says_what_is_left_to_say(capsys):
    def verb():
        raise VerbEndedError(
            3, [Problem(ProblemKind.INPUT, "one"), Problem(ProblemKind.INPUT, "2")]
        )

    assert guarded(verb) == 3
    assert capsys.readouterr().err == "ssmtui: one.\nssmtui: 2.\n"


def test_a_mistake_leaves_a_report_and_no_traceback(capsys, tmp_path):
    secret = "-".join(["hunter", "2"])

    def verb():
        raise KeyError(secret)

    assert guarded(verb, tmp_path / "crashes") == MISTAKE
    said = capsys.readouterr().err
    (report,) = (tmp_path / "crashes").iterdir()
    assert str(report) in said
    assert "KeyError" in report.read_text()
    assert "Traceback" not in said
    assert secret not in said + report.read_text()


class Full(io.StringIO):
    def __init__(self, number):
        super().__init__()
        self.number = number

    def write(self, text):
        raise OSError(self.number, "it is so")


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [(errno.ENOSPC, BAD_INPUT, "cannot be written"), (errno.EPIPE, BROKEN_PIPE, "")],
)
def test_results_that_cannot_be_written(monkeypatch, capsys, number, code, words):
    def verb():
        put(["line\n"])
        return 0

    monkeypatch.setattr("sys.stdout", Full(number))
    assert guarded(verb) == code
    said = capsys.readouterr().err
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_is_one_sentence_to_the_very_end():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "ssmtui", "info"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == BAD_INPUT
    assert done.stderr.splitlines()[0].startswith("ssmtui: the results cannot be written")
    assert "Exception" not in done.stderr
    assert "Traceback" not in done.stderr
