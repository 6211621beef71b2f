"""What the confirmation says."""

from __future__ import annotations

from types import SimpleNamespace

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.rollouts.freezes import Calendar
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.preview import Fresh, Preview
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.ui import confirm_lines as lines
from tests.rollouts.conftest import SCOPE, a_command, some_nodes


def said(found: list[lines.Line]) -> str:
    return "\n".join(text for text, _ in found)


def a_plan(**given):
    return plan(RolloutSpec(a_command(60, **given), Waves(canary=5)), "00000000")


def test_who_and_where_with_the_nodes_of_each_region() -> None:
    scope = SimpleNamespace(identity="ops", name="shop", region="eu-west-1", key=SCOPE, expires=600)
    other = SimpleNamespace(
        identity="ops",
        name="shop",
        region="us-east-1",
        key=ScopeKey("1", "us-east-1"),
        expires=None,
    )
    text = said(lines.who_lines([scope, other], {SCOPE: 60}, 0.0))
    assert "as        ops@shop" in text
    assert "shop: eu-west-1 60, us-east-1" in text
    assert "credentials last 10m" in text


def test_what_runs_at_which_rate_and_what_may_go_wrong() -> None:
    text = said(lines.what_lines(a_plan(parameters={"commands": [f"line {n}" for n in range(9)]})))
    assert "| line 0" in text
    assert "... 5 more lines" in text
    assert "rate      50 at a time; stops after the 1st failure" in text
    assert "waves     5 first, then the rest" in text
    assert "49 nodes may still run when the budget is spent; 50 fail in all" in text


def test_hidden_nodes_are_listed_apart() -> None:
    nodes = some_nodes(6)
    text = said(lines.node_lines(nodes, nodes[4:]))
    assert "nodes     6: web-[000-005]" in text
    assert "2 of them hidden by the filter: web-[004-005]" in text


def test_what_speaks_against_it_is_said() -> None:
    (node,) = some_nodes(1)
    preview = Preview(
        total=1, rate="", places=(), busy={node.key: 2}, busy_partial=True, warnings=("secret!",)
    )
    closed = Calendar("year-end", "shop", "CLOSED", 3600.0)
    text = said(lines.trouble_lines(preview, {node.key: node.label}, [closed], 0.0))
    assert "secret!" in text
    assert "a command is in progress on at least 1: web-000" in text
    assert "year-end is CLOSED in shop for 1h" in text


def test_what_has_changed_since_the_list_was_read() -> None:
    nodes = some_nodes(3)
    rows = [
        SimpleNamespace(key=n.key, label=n.label, ping="online", tags={"A": "1"}) for n in nodes
    ]
    fresh = {
        nodes[0].key: Fresh("lost", {"A": "1"}),
        nodes[1].key: Fresh("online", {"A": "2"}),
        nodes[2].key: Fresh("online", UNKNOWN),
    }
    text = said(lines.changed_lines(rows, fresh))
    assert text.split("\n") == ["changed   1 are lost now", "changed   tags of 1: web-001"]


def test_long_lines_go_on_below_their_text() -> None:
    pieces = lines.wrapped([("label     " + "word " * 20, "x")], 40)
    assert len(pieces) > 1
    assert all(len(text) <= 40 for text, _ in pieces)
    assert all(text.startswith(" " * 10 + "word") for text, _ in pieces[1:])


def test_a_dry_run_names_waves_calls_and_lines() -> None:
    text = lines.plan_text(a_plan(), ["aws ssm send-command"])
    assert "# wave 1 canary: 5 nodes; then 5 of 5 succeed" in text
    assert "at a time  web-[000-004]" in text
    assert text.endswith("aws ssm send-command")


def test_a_dry_run_names_every_node() -> None:
    scattered = tuple(node for n, node in enumerate(some_nodes(150)) if n % 3 == 0)
    text = lines.plan_text(plan(RolloutSpec(a_command(scattered)), "7f3a91c2"), [])
    assert "web-[000,003,006," in text
    assert ",147]" in text
    assert " more" not in text
