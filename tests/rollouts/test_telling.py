"""What is told of a rollout before it is begun."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.rollouts import telling
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.freezes import Calendar
from ssmtui.rollouts.plan import Plan, plan
from ssmtui.rollouts.preview import Fresh, Preview
from ssmtui.rollouts.spec import Gate, LogOutput, RolloutSpec, S3Output, Waves
from ssmtui.rollouts.targets import TagTargets
from ssmtui.rollouts.telling import Fact, Weight
from tests.rollouts.conftest import OTHER, SCOPE, a_command, some_nodes


def said(facts: Iterable[Fact]) -> str:
    return "\n".join(each.line for each in facts)


def a_plan(**given: Any) -> Plan:
    return plan(RolloutSpec(a_command(60, **given), Waves(canary=5)), "00000000")


def a_scope(key: ScopeKey, name: str = "shop", **given: Any) -> Any:
    usual = {"identity": "ops", "expires": None, "production": False}
    return SimpleNamespace(**{**usual, "key": key, "name": name, "region": key.region, **given})


def test_who_and_where_with_the_nodes_of_each_region() -> None:
    scopes = [a_scope(SCOPE, expires=600.0), a_scope(ScopeKey(SCOPE.account, "us-east-1"))]
    text = said(telling.who(scopes, {SCOPE: 60}, 0.0))
    assert text.split("\n") == [
        "as        ops@shop",
        "where     shop: eu-west-1 60, us-east-1",
        "          credentials last 10m",
    ]
    assert "credentials have expired" in said(telling.who(scopes, {}, 601.0))


def test_production_is_named() -> None:
    scopes = [a_scope(SCOPE), a_scope(OTHER, "pay", production=True)]
    assert Fact("", "production: pay", Weight.WARN) in telling.who(scopes, {}, 0.0)


def test_what_runs_at_which_rate_and_what_may_go_wrong() -> None:
    parameters = {"commands": [f"line {n}" for n in range(9)], "workingDirectory": ["/srv"]}
    facts = telling.what(a_plan(parameters=parameters), 4)
    text = said(facts)
    for words in (
        "runs      AWS-RunShellScript",
        "| line 3",
        "... 5 more lines",
        "| workingDirectory=/srv",
        "rate      50 at a time; stops after the 1st failure",
        "waves     5 first, then the rest",
        "at worst  49 nodes may still run when the budget is spent; 50 fail in all if",
    ):
        assert words in text
    assert "line 4" not in text
    assert {each.weight for each in facts if each.words.startswith("|")} == {Weight.CODE}


def test_what_nothing_stops_has_no_number_of_what_runs_on_after_it() -> None:
    everything = Amount(100, percent=True)
    text = said(telling.what(a_plan(allowed_errors=everything, at_a_time=everything), 4))
    assert "rate      all of a wave at once; never stops for failures" in text
    assert "at worst" not in text


def test_hidden_nodes_are_listed_apart() -> None:
    made = plan(RolloutSpec(a_command(6)))
    nodes = some_nodes(6)
    text = said(telling.whom(made, nodes[4:], 54))
    assert "nodes     6: web-[000-005]" in text
    assert "2 of them hidden by the filter: web-[004-005]" in text


def test_tags_are_named_as_the_service_is_asked() -> None:
    command = msgspec.structs.replace(
        a_command(), targets=TagTargets({"Role": ("web", "\x1bapi")}, (SCOPE,))
    )
    assert said(telling.whom(plan(RolloutSpec(command)), (), 54)) == (
        "nodes     the service finds them by tag:Role=web,␛api"
    )


def test_what_speaks_against_it_is_said() -> None:
    (node,) = some_nodes(1)
    preview = Preview(
        total=1,
        rate="",
        places=(),
        busy={node.key: 2},
        busy_partial=True,
        warnings=("secret!",),
        problems=(Problem(ProblemKind.DENIED, "You may not list invocations"),),
    )
    calendars = [
        Calendar("year-end", "shop", "CLOSED", 3600.0, region="eu-west-1"),
        Calendar("spring", "shop", "OPEN"),
    ]
    assert telling.trouble(preview, {node.key: node.label}, calendars, 0.0, 54) == [
        Fact("warning", "secret!", Weight.WARN),
        Fact("busy", "a command is in progress on at least 1: web-000", Weight.WARN),
        Fact("freeze", "year-end is CLOSED in shop (eu-west-1) for 1h", Weight.BAD),
        Fact("unread", "You may not list invocations.", Weight.WARN),
    ]


def test_a_calendar_that_cannot_be_read_counts_as_in_force() -> None:
    denied = Problem(ProblemKind.DENIED, "You may not list")
    calendar = Calendar("year-end", "shop", problem=denied, region="us-east-1")
    assert telling.calendar_words(calendar, 0.0) == (
        "year-end in shop (us-east-1) counts as in force: You may not list"
    )


def test_a_filter_that_nobody_can_judge_is_told_of() -> None:
    calendar = Calendar("year-end", "shop", "CLOSED", region="us-east-1", unjudged=True)
    assert telling.calendar_words(calendar, 0.0) == (
        "year-end is CLOSED in shop (us-east-1); its filter cannot be judged for targets that the "
        "service resolves, so that the whole freeze counts"
    )


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
    text = said(telling.changed(rows, fresh, 54))
    assert text.split("\n") == ["changed   1 are lost now", "changed   tags of 1: web-001"]


def test_waves_with_their_gates_and_on_request_with_every_node() -> None:
    assert telling.waves(a_plan()) == [
        "wave 1 canary: 5 nodes in 1 call; then 5 of 5 succeed",
        "wave 2 the rest: 55 nodes in 2 calls",
    ]
    scattered = tuple(node for n, node in enumerate(some_nodes(150)) if n % 3 == 0)
    whole = "\n".join(telling.waves(plan(RolloutSpec(a_command(scattered))), calls=True))
    assert "  111122223333/eu-west-1  50 at a time  web-[000,003,006," in whole
    assert ",147]" in whole
    assert " more" not in whole


@pytest.mark.parametrize(
    ("waves", "words"),
    [
        (Waves(), "one wave"),
        (Waves(spread_by=("az",)), "one wave, mixed by az"),
        (Waves(canary=5, steps=(50,)), "5 first, then to 50%, then the rest"),
        (
            Waves(steps=(100,), gate=Gate(check="true", soak=600, by_hand=True)),
            "to 100%; then a check; soaks 10m; by hand",
        ),
    ],
)
def test_waves_as_a_phrase(waves: Waves, words: str) -> None:
    assert telling.waves_in_words(waves) == words


def test_what_else_was_chosen_as_a_phrase() -> None:
    assert telling.others_in_words(a_command()) == ""
    command = a_command(
        delivery_timeout=90, s3=S3Output("outputs", "fixes/web"), logs=LogOutput(), alarm="too-hot"
    )
    assert telling.others_in_words(command) == (
        "begins within 1m, outputs to s3://outputs/fixes/web, outputs to CloudWatch Logs, "
        "stops at the alarm too-hot"
    )
    assert telling.others_in_words(a_command(s3=S3Output("outputs"))) == ("outputs to s3://outputs")
