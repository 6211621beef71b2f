from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.wire.errors import Fault
from ssmtui.sessions.events import NO_ANSWER, as_sentence, failure_sentence, problem_sentence


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", ""),
        ("  \n", ""),
        ("Your session timed out due to inactivity.", "Your session timed out due to inactivity"),
        ("----------ERROR-------\nUnable to start shell.\n", "Unable to start shell"),
        ("two\n lines", "two lines"),
    ],
)
def test_the_services_last_words_are_one_sentence_without_its_stop(said, sentence):
    assert as_sentence(said) == sentence


def test_hostile_last_words_are_shown_in_plain():
    assert "\x1b" not in as_sentence("bye\x1b]0;title\x07")


def test_a_problem_keeps_its_remedy():
    error: ProblemError = input_problem("It is wrong", "Mend it")
    assert problem_sentence(error) == "It is wrong. Mend it"


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_has_a_sentence(fault):
    sentence = failure_sentence(fault, "detail\x1b")
    assert sentence
    assert not sentence.endswith(".")
    assert "\x1b" not in sentence


def test_a_node_that_does_not_acknowledge_no_longer_answers():
    assert failure_sentence(Fault.UNACKNOWLEDGED, "x") == NO_ANSWER
