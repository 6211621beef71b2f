"""Texts of the board."""

from __future__ import annotations

from ssmtui.core.folding.difference import difference
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.ui import board_texts as texts
from tests.rollouts.conftest import a_command
from tests.ui.test_board_lines import a_state, block


def test_a_block_has_a_heading_where_there_are_two_texts() -> None:
    _, found = block(exit_code=1, status="Failed")
    assert texts.block_document(found, "out\n", "") == "out"
    assert texts.block_document(found, "out\n", "err") == "-- stdout\nout\n\n-- stderr\nerr"
    assert texts.block_document(found, "", "") == "(exit 1: no output)"


def test_a_difference_has_signs_and_skips_what_is_equal() -> None:
    same = "\n".join(f"line {n}" for n in range(20))
    found = texts.difference_lines(difference(f"{same}\nold", f"{same}\nnew"))
    assert found[0] == "  ... 17 equal lines"
    assert found[-2:] == ["- old", "+ new"]
    assert texts.difference_lines(difference("a", "a")) == ["  the same"]


async def test_both_streams_are_compared() -> None:
    document = await texts.difference_document(("most", "this"), (("a\n", ""), ("b\n", "e\n")))
    text = document.formats["text"]
    assert text.startswith("- most\n+ this")
    assert "-- stdout\n- a\n+ b" in text
    assert "-- stderr" in text
    assert "+ e" in text


def test_everything_of_a_rollout_is_told() -> None:
    made = plan(RolloutSpec(a_command(5), reason="outage 42"), "7f3a91c2")
    text = texts.rollout_document(a_state(sentence="Held by hand"), made).formats["text"]
    for words in ("7f3a91c2", "running: Held by hand", "outage 42", "uptime", "shop eu-west-1"):
        assert words in text
