"""What goes in."""

from ssmtui.core.folding.outputs import Outcome, Output
from ssmtui.core.keys import RowKey

NODE = RowKey("111122223333", "eu-west-1", "i-0abc1234")


def test_a_node_is_called_by_its_name_and_else_by_its_id():
    assert Output(node=NODE, name="web-1", outcome=Outcome.OK).label == "web-1"
    assert Output(node=NODE, name="", outcome=Outcome.OK).label == "i-0abc1234"


def test_outcomes_are_in_the_order_of_the_board():
    assert list(Outcome) == ["failed", "no answer", "cancelled", "ok"]
