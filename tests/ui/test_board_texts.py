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
    assert texts.block_text(found, "out\n", "") == "out"
    assert texts.block_text(found, "out\n", "err") == "-- stdout\nout\n\n-- stderr\nerr"
    assert texts.block_text(found, "", "") == "(failed, exit code 1: no output)"


def test_a_difference_has_signs_and_skips_what_is_equal() -> None:
    same = "\n".join(f"line {n}" for n in range(20))
    found, spans = texts.difference_lines(difference(f"{same}\nold", f"{same}\nnew"))
    assert found[0] == "  ... 17 equal lines"
    assert found[-2:] == ["- old", "+ new"]
    assert [(span.line, span.kind) for span in spans] == [
        (0, "label"),
        (4, "removed"),
        (5, "added"),
    ]
    assert texts.difference_lines(difference("a", "a"))[0] == ["  the same"]


def test_what_differs_within_a_line_is_drawn_apart() -> None:
    lines, spans = texts.difference_lines(difference("version 1.2.3 ok\n", "version 1.2.9 ok\n"))
    changed = [span for span in spans if span.kind == "changed"]
    assert [lines[span.line][span.start : span.end] for span in changed] == ["3", "9"]


def test_headings_of_an_output_are_found_whatever_it_holds() -> None:
    _, found = block(exit_code=1, status="Failed")
    for stdout in ("", "one\ntwo\n\n", "-- stderr\nheading: no\n"):
        document = texts.block_document(found, stdout, "err: x")
        lines = document.formats["text"].split("\n")
        headings = [lines[span.line] for span in document.spans or ()]
        assert headings == (["-- stdout"] if stdout else []) + ["-- stderr"]
        assert document.spans[-1].line == len(lines) - 2


async def test_both_streams_are_compared() -> None:
    document = await texts.difference_document(("most", "this"), (("a\n", ""), ("b\n", "e\n")))
    text = document.formats["text"]
    assert text.startswith("- most\n+ this")
    assert "-- stdout\n- a\n+ b" in text
    assert "-- stderr" in text
    assert "+ e" in text
    lines = text.split("\n")
    drawn = {(lines[span.line], span.kind) for span in document.spans or () if not span.start}
    assert {("- a", "removed"), ("+ b", "added"), ("-- stderr", "heading")} <= drawn


def test_everything_of_a_rollout_is_told() -> None:
    made = plan(RolloutSpec(a_command(5), reason="outage 42"), "7f3a91c2")
    text = texts.rollout_document(a_state(sentence="Held by hand"), made).formats["text"]
    for words in ("7f3a91c2", "running: Held by hand", "outage 42", "uptime", "shop eu-west-1"):
        assert words in text
