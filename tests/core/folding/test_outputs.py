"""What goes in."""

import pytest

from ssmtui.core.folding.outputs import Outcome, Output, ending, short_ending
from ssmtui.core.keys import RowKey

NODE = RowKey("111122223333", "eu-west-1", "i-0abc1234")


def test_a_node_is_called_by_its_name_and_else_by_its_id():
    assert Output(node=NODE, name="web-1", outcome=Outcome.OK).label == "web-1"
    assert Output(node=NODE, name="", outcome=Outcome.OK).label == "i-0abc1234"


def test_outcomes_are_in_the_order_of_the_board():
    assert list(Outcome) == ["failed", "no answer", "cancelled", "ok"]


@pytest.mark.parametrize(
    ("outcome", "status", "code", "words", "short"),
    [
        (Outcome.OK, "Success", 0, "exit code 0", "exit 0"),
        (Outcome.OK, "Success", None, "ok", "ok"),
        (Outcome.FAILED, "Failed", 100, "failed, exit code 100", "exit 100"),
        (Outcome.FAILED, "Failed", 0, "failed, exit code 0", "failed"),
        (Outcome.FAILED, "Failed", None, "failed", "failed"),
        (Outcome.FAILED, "Execution Timed Out", 137, "timed out, exit code 137", "timed out"),
        (Outcome.FAILED, "Odd\x1b", 2, "failed (Odd␛), exit code 2", "exit 2"),
        (Outcome.NO_ANSWER, "Undeliverable", None, "no answer (Undeliverable)", "no answer"),
        (Outcome.CANCELLED, "Cancelled", None, "cancelled", "cancelled"),
        (Outcome.CANCELLED, "Cancelled", 137, "cancelled, exit code 137", "cancelled"),
        (Outcome.CANCELLED, "Terminated", None, "cancelled (Terminated)", "cancelled"),
    ],
)
def test_how_a_node_ended_is_said_in_words(outcome, status, code, words, short):
    assert ending(outcome, status, code) == words
    assert short_ending(outcome, status, code) == short
    assert len(short) <= 10
