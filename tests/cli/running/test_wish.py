"""What can be judged before AWS is asked is judged then, in one sentence each."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.cli.running.wish import Wish
from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.spec import Gate, LogOutput, S3Output
from ssmtui.rollouts.targets import Frozen, Target


def wish(**given: Any) -> Wish:
    given.setdefault("words", ("uptime",))
    return Wish(**given)


def nodes(*platforms: str) -> Frozen:
    return Frozen(
        tuple(
            Target(account="1", region="r", id=f"i-{number}", platform=platform)
            for number, platform in enumerate(platforms)
        )
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"words": ()}, "nothing to run"),
        ({"at_a_time": "0"}, "no amount of nodes"),
        ({"at_a_time": "101%"}, "no amount of nodes"),
        ({"allowed_errors": "-1"}, "no amount of nodes"),
        ({"delivery_timeout": 29}, "out of bounds"),
        ({"execution_timeout": 0}, "out of bounds"),
        ({"canary": -1}, "canary"),
        ({"waves": "10%,x"}, "“x” is no share"),
        ({"waves": "50%,10%"}, "no steps of a rollout"),
        ({"waves": "0%"}, "no steps of a rollout"),
        ({"gate": "true"}, "between two waves"),
        ({"soak": 5.0}, "between two waves"),
        ({"gate_successes": "90%"}, "between two waves"),
        ({"gate_by_hand": True}, "between two waves"),
        ({"canary": 1, "gate_successes": "most"}, "no amount of nodes"),
        ({"sns_per_node": True}, "No topic"),
        ({"targets": ("resource-groups:Name=a b",)}, "name of a resource group"),
        ({"targets": ("resource-groups:Name=a", "tag:B=c")}, "the name of one resource group"),
        ({"targets": ("resource-groups:Name=a",), "waves": "50%"}, "Waves need a list of nodes"),
        ({"canary": 1, "soak": -1.0}, "not negative"),
        ({"comment": "x" * 80}, "79 characters"),
        ({"s3": "No_Bucket"}, "S3 bucket"),
        ({"logs": "a group"}, "log group"),
        ({"sns_role": "arn:aws:iam::1:role/x"}, "No topic"),
        ({"sns": "topic"}, "ARN of a SNS topic"),
        (
            {
                "sns": "arn:aws:sns:r:1:t",
                "sns_role": "arn:aws:iam::1:role/x",
                "sns_events": "Never",
            },
            "no event",
        ),
        ({"parameters": ("x",)}, "not a parameter"),
        ({"parameters": ("commands=ls",)}, "given twice"),
        ({"document": "a b"}, "name of a document"),
        ({"version": "newest"}, "no version"),
        ({"targets": ("Role=web",)}, "no tag target"),
        ({"targets": tuple(f"tag:K{n}=v" for n in range(6))}, "6 tag keys are more than the 5"),
        ({"targets": ("tag:Role=web",), "canary": 2}, "Waves need a list of nodes"),
    ],
)
def test_what_is_wrong(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ProblemError, match=said) as caught:
        wish(**given).check()
    assert caught.value.problem.remedy


def test_what_is_right() -> None:
    full = wish(
        words=("echo", "hi"),
        at_a_time="10%",
        allowed_errors="2",
        canary=2,
        waves="60%, 100",
        spread_by="asg, az",
        gate="true",
        gate_successes="90%",
        gate_by_hand=True,
        soak=60.0,
        sns="arn:aws:sns:r:1:t",
        sns_role="arn:aws:iam::1:role/x",
        sns_per_node=True,
        s3="s3://outputs/some/where/",
        logs="",
        alarm="hot",
    )
    full.check()
    spec = full.rollout(nodes("linux"), "AWS-RunShellScript", "a reason")
    assert spec.command.parameters == {"commands": ["echo hi"]}
    assert str(spec.command.at_a_time) == "10%"
    assert spec.command.allowed_errors.value == 2
    assert (spec.waves.canary, spec.waves.steps) == (2, (60, 100))
    assert spec.waves.spread_by == ("asg", "az")
    assert spec.waves.gate == Gate(Amount(90, percent=True), "true", 60.0, by_hand=True)
    notification = spec.command.request["NotificationConfig"]
    assert notification["NotificationType"] == "Invocation"
    assert spec.command.s3 == S3Output("outputs", "some/where")
    assert spec.command.logs == LogOutput("")
    assert spec.reason == "a reason"


def test_names_are_taken_once_each() -> None:
    assert wish(nodes=("a, b", "b,,c")).node_names == ("a", "b", "c")


@pytest.mark.parametrize(
    ("platforms", "document"),
    [
        (("linux", "macos", ""), "AWS-RunShellScript"),
        (("windows", "windows"), "AWS-RunPowerShellScript"),
    ],
)
def test_the_shell_is_the_platforms(platforms: tuple[str, ...], document: str) -> None:
    assert wish().document_for(nodes(*platforms)) == document


def test_one_command_is_not_for_two_kinds_of_shell() -> None:
    with pytest.raises(ProblemError, match="1 of 3 nodes have Windows"):
        wish().document_for(nodes("linux", "windows", "linux"))
    named = wish(document="AWS-RunShellScript")
    assert named.document_for(nodes("linux", "windows")) == "AWS-RunShellScript"
