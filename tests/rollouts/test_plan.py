"""Plans reach every node once, keep to the concurrency, and mix groups."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.keys import RowKey
from ssmtui.core.secret import MASK
from ssmtui.resources.commands.marker import Marked, read_marker
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.plan import check_calls, gate_words, needed, plan, send_request
from ssmtui.rollouts.spec import CommandSpec, Gate, RolloutSpec, Waves
from ssmtui.rollouts.targets import GroupTarget, TagTargets
from tests.rollouts.conftest import OTHER, SCOPE, a_command, some_nodes


def test_a_canary_comes_first_and_the_steps_are_reached_one_by_one() -> None:
    made = plan(RolloutSpec(a_command(200), Waves(canary=5, steps=(25, 60))))
    assert [(wave.title, wave.size) for wave in made.waves] == [
        ("canary", 5),
        ("to 25%", 45),
        ("to 60%", 70),
        ("the rest", 80),
    ]


def test_a_canary_larger_than_all_is_all() -> None:
    made = plan(RolloutSpec(a_command(3), Waves(canary=5, steps=(50,))))
    assert [(wave.title, wave.size) for wave in made.waves] == [("canary", 3)]


def test_calls_have_at_most_fifty_ids_of_one_scope_and_the_scopes_take_turns() -> None:
    nodes = (*some_nodes(120, SCOPE), *some_nodes(60, OTHER))
    made = plan(RolloutSpec(a_command(nodes)))
    assert [(call.scope, len(call.ids)) for call in made.calls] == [
        (SCOPE, 50),
        (OTHER, 50),
        (SCOPE, 50),
        (OTHER, 10),
        (SCOPE, 20),
    ]
    assert [call.number for call in made.calls] == [0, 1, 2, 3, 4]


@given(st.integers(1, 400), st.integers(0, 20), st.integers(1, 500), st.sets(st.integers(1, 100)))
def test_every_node_is_reached_exactly_once(
    count: int, canary: int, at_a_time: int, steps: set[int]
) -> None:
    waves = Waves(canary=canary, steps=tuple(sorted(steps))[:20])
    made = plan(RolloutSpec(a_command(count, at_a_time=Amount(at_a_time)), waves))
    reached = Counter(node_id for call in made.calls for node_id in call.ids)
    assert reached == Counter(node.id for node in some_nodes(count))
    assert all(call.at_a_time.value <= max(1, at_a_time) for call in made.calls)
    assert [call.number for call in made.calls] == list(range(len(made.calls)))
    assert all(call.wave == number for number, wave in enumerate(made.waves) for call in wave.calls)


def test_groups_are_mixed_in_every_wave() -> None:
    nodes = (
        *some_nodes(90, SCOPE, asg=["blue"]),
        *some_nodes(30, OTHER, asg=["green"]),
    )
    made = plan(RolloutSpec(a_command(nodes), Waves(canary=4, steps=(50,), spread_by=("asg",))))
    for wave in made.waves:
        by_scope = Counter[str]()
        for call in wave.calls:
            by_scope[call.scope.region] += len(call.ids)
        assert wave.size
        assert abs(by_scope["eu-west-1"] - wave.size * 0.75) <= 1


def test_without_spreading_the_order_is_kept() -> None:
    made = plan(RolloutSpec(a_command(120)))
    assert [node_id for call in made.calls for node_id in call.ids] == [
        node.id for node in some_nodes(120)
    ]


def test_groups_that_may_be_hit_at_once_are_named() -> None:
    nodes = some_nodes(20, asg=["blue", "green"])
    made = plan(RolloutSpec(a_command(nodes), Waves(spread_by=("asg", "az"))))
    assert made.notes == (
        "All nodes of asg blue, green may be hit at once",
        "20 nodes have no az",
    )
    made = plan(RolloutSpec(a_command(nodes), Waves(canary=2, steps=(50,), spread_by=("asg",))))
    assert made.notes == ()


def test_what_may_go_wrong_at_worst_is_known_before() -> None:
    made = plan(RolloutSpec(a_command(400, allowed_errors=Amount(5))))
    assert (made.overshoot, made.most_failures) == (49, 5 * (5 + 10))


@pytest.mark.parametrize(
    ("script", "title"),
    [
        ("uptime", "uptime"),
        ("#!/bin/sh\n\n  # why\nset -eu\n\tsystemctl   restart nginx\nexit\n",
         "systemctl restart nginx"),
        ("# nothing\n\n", "AWS-RunShellScript"),
        ("", "AWS-RunShellScript"),
        ("x" * 61, "x" * 57 + "..."),
        ("x" * 60, "x" * 60),
        ("# " + "long " * 10_000 + "\nuptime", "AWS-RunShellScript"),
        ("echo \x1b[31m", "echo ␛[31m"),
        ("DB_PASSWORD=hunter2hunter2 migrate", f"DB_PASSWORD={MASK} migrate"),
    ],
)  # fmt: skip
def test_without_a_comment_a_rollout_is_called_by_what_its_script_begins_with(
    script: str, title: str
) -> None:
    parameters = {"commands": [script]}
    assert plan(RolloutSpec(a_command(3, parameters=parameters))).title == title
    said = a_command(3, parameters=parameters, comment="openssl fix")
    assert plan(RolloutSpec(said)).title == "openssl fix"


def test_a_document_without_a_script_gives_its_name() -> None:
    command = a_command(3, parameters={"Operation": ["Install"]})
    assert plan(RolloutSpec(command)).title == "AWS-RunShellScript"


def test_tags_go_as_one_call_a_scope() -> None:
    targets = TagTargets({"Env": ("prod",)}, (SCOPE, OTHER))
    command = CommandSpec(document="Doc", targets=targets, at_a_time=Amount(5))
    made = plan(RolloutSpec(command), "7f3a91c2")
    assert [(call.scope, str(call.at_a_time)) for call in made.calls] == [
        (SCOPE, "3"),
        (OTHER, "2"),
    ]
    assert send_request(made, made.calls[1]) == {
        "DocumentName": "Doc",
        "TimeoutSeconds": 600,
        "Targets": [{"Key": "tag:Env", "Values": ["prod"]}],
        "MaxConcurrency": "2",
        "MaxErrors": "0",
        "Comment": "ssmtui 7f3a91c2-0001",
    }
    assert (made.total, made.overshoot, made.most_failures) == (None, None, None)


def test_percentages_of_groups_are_left_to_the_service() -> None:
    command = CommandSpec(
        document="Doc",
        targets=GroupTarget("web", (SCOPE, OTHER)),
        at_a_time=Amount(10, percent=True),
        allowed_errors=Amount(5, percent=True),
    )
    made = plan(RolloutSpec(command))
    request = send_request(made, made.calls[0])
    assert (request["MaxConcurrency"], request["MaxErrors"]) == ("10%", "5%")
    assert (made.whole, made.allowed) == (None, None)


def test_a_call_is_sent_with_its_marker_its_share_and_what_is_left_of_the_budget() -> None:
    command = a_command(120, comment="openssl", allowed_errors=Amount(10, percent=True))
    made = plan(RolloutSpec(command), "7f3a91c2")
    request = send_request(made, made.calls[2], allowed=4)
    assert request["Comment"] == "ssmtui 7f3a91c2-0002 openssl"
    assert (request["MaxConcurrency"], request["MaxErrors"]) == ("16", "4")
    assert len(request["InstanceIds"]) == 20
    assert send_request(made, made.calls[0])["MaxErrors"] == "12"
    assert send_request(made, made.calls[0], allowed=-3)["MaxErrors"] == "0"


def test_a_gate_asks_for_all_but_the_errors_that_are_allowed() -> None:
    assert needed(Gate(), 20, 3) == 17
    assert needed(Gate(successes=Amount(90, percent=True)), 5, 3) == 5
    assert needed(Gate(successes=Amount(50)), 20, 0) == 20
    words = gate_words(Gate(check="curl -f localhost", soak=600, by_hand=True), 5, 0)
    assert words == "5 of 5 succeed, the check passes, 600 s of soaking, by hand"
    made = plan(RolloutSpec(a_command(200), Waves(canary=5)))
    assert made.gate_words(0) == "5 of 5 succeed"
    assert made.gate_words(1) == ""
    command = a_command(200, allowed_errors=Amount(5))
    allowing = plan(RolloutSpec(command, Waves(canary=4, steps=(50,))))
    assert [allowing.gate_words(wave) for wave in range(3)] == [
        "4 of 4 succeed",
        "91 of 96 succeed",
        "",
    ]


def test_a_check_goes_to_the_nodes_of_each_platform_with_its_own_document() -> None:
    made = plan(RolloutSpec(a_command(5), Waves(canary=2, gate=Gate(check="true"))), "7f3a91c2")
    nodes = [(RowKey(*SCOPE, f"i-{number}"), "AWS-RunShellScript") for number in range(60)]
    nodes.append((RowKey(*SCOPE, "i-w"), "AWS-RunPowerShellScript"))
    calls = check_calls(made, 0, 7, nodes)
    assert [(call.number, len(call.ids), call.check) for call in calls] == [
        (7, 50, True),
        (8, 10, True),
        (9, 1, True),
    ]
    request = send_request(made, calls[2])
    assert request["DocumentName"] == "AWS-RunPowerShellScript"
    assert request["Parameters"] == {"commands": ["true"]}
    assert (request["MaxErrors"], request["MaxConcurrency"]) == ("0", "100%")


def test_a_calls_comment_is_known_as_the_rollouts() -> None:
    made = plan(RolloutSpec(a_command(3, comment="openssl fix")))
    comment = send_request(made, made.calls[0])["Comment"]
    assert read_marker(comment) == Marked(made.id, made.calls[0].number, "openssl fix")
