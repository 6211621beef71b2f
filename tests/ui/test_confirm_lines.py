"""What the confirmation says."""

from __future__ import annotations

from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.rollouts.telling import Weight, fact
from ssmtui.ui import confirm_lines as lines
from tests.rollouts.conftest import a_command, some_nodes


def a_plan(**given):
    return plan(RolloutSpec(a_command(60, **given), Waves(canary=5)), "00000000")


def test_facts_are_drawn_by_their_weight() -> None:
    assert lines.drawn([fact("rate", "5 at a time"), fact("", "a\x1bb", Weight.BAD)]) == [
        ("rate      5 at a time", ""),
        ("          a␛b", "$status-bad"),
    ]
    assert {*lines._STYLES} == {*Weight}


def test_long_lines_go_on_below_their_text() -> None:
    pieces = lines.wrapped([("label     " + "word " * 20, "x")], 40)
    assert len(pieces) > 1
    assert all(len(text) <= 40 for text, _ in pieces)
    assert all(text.startswith(" " * 10 + "word") for text, _ in pieces[1:])


def test_a_dry_run_names_waves_calls_and_lines() -> None:
    text = lines.plan_text(a_plan(), ["aws ssm send-command"])
    assert "# wave 1 canary: 5 nodes in 1 call; then 5 of 5 succeed" in text
    assert "at a time  web-[000-004]" in text
    assert text.endswith("aws ssm send-command")


def test_a_dry_run_names_every_node() -> None:
    scattered = tuple(node for n, node in enumerate(some_nodes(150)) if n % 3 == 0)
    text = lines.plan_text(plan(RolloutSpec(a_command(scattered)), "7f3a91c2"), [])
    assert "web-[000,003,006," in text
    assert ",147]" in text
    assert " more" not in text
