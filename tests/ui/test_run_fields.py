"""From what is typed to the wish, and back."""

from __future__ import annotations

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.spec import Gate, LogOutput, Notification, S3Output, Waves
from ssmtui.rollouts.targets import Frozen, GroupTarget, TagTargets
from ssmtui.ui import run_fields as fields
from tests.rollouts.conftest import some_nodes

NODES = Frozen(some_nodes(10))
SCOPES = [ScopeKey("111122223333", "eu-west-1")]


def wish(**values: str):
    typed = {f"run:{name.replace('_', '-')}": (value,) for name, value in values.items()}
    command = fields.command_of("AWS-RunShellScript", {"commands": ["true"]}, typed, NODES)
    return fields.rollout_of(command, typed)


def test_nothing_said_is_the_usual() -> None:
    spec = wish()
    assert spec.command.rate == "all at once; stops after the 1st failure"
    assert spec.waves == Waves()
    assert spec.wait is None


def test_everything_said_comes_back_as_it_was() -> None:
    spec = wish(
        at_once="20%", errors="2", comment="openssl fix", canary="2", steps="30, 60%",
        spread="az, Team", successes="90%", check="true", soak="10m", by_hand="true",
        delivery="90s", wait="1h", version="$LATEST", bucket="logs-1", prefix="p", logs="true",
        group="/x", topic="arn:aws:sns:eu-west-1:111122223333:t",
        role="arn:aws:iam::111122223333:role/r", events="Failed, TimedOut", per_node="true",
        alarm="too-hot",
    )  # fmt: skip
    command = spec.command
    assert (command.at_a_time, command.allowed_errors) == (Amount(20, percent=True), Amount(2))
    assert (command.delivery_timeout, spec.wait) == (90, 3600.0)
    assert (command.s3, command.logs) == (S3Output("logs-1", "p"), LogOutput("/x"))
    assert isinstance(command.notification, Notification)
    assert command.notification.events == ("Failed", "TimedOut")
    assert spec.waves == Waves(
        2, (30, 60), ("az", "Team"), Gate(Amount(90, percent=True), "true", 600.0, True)
    )
    again = fields.values_of(spec)
    assert (
        fields.rollout_of(
            fields.command_of("AWS-RunShellScript", {"commands": ["true"]}, again, NODES), again
        )
        == spec
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("at_once", "0", "no amount of nodes"),
        ("errors", "-1", "no amount of nodes"),
        ("canary", "few", "no number of nodes"),
        ("steps", "50, 10", "no steps"),
        ("soak", "soon", "no time"),
        ("delivery", "5s", "out of bounds"),
        ("bucket", "A_B", "not the name of an S3 bucket"),
        ("prefix", "p", "needs a bucket"),
        ("topic", "mine", "not the ARN"),
    ],
)
def test_a_wrong_value_is_one_sentence(name: str, value: str, words: str) -> None:
    with pytest.raises(ProblemError, match=words):
        wish(**{name: value})


def test_a_field_judges_what_is_typed_into_it() -> None:
    (rate, *_) = fields.usual_fields({})
    assert rate.problem(("ten",)).startswith("“ten” is no amount")
    assert rate.problem(("10%",)) == ""
    assert rate.problem(()) == ""


def test_targets_may_be_found_by_the_service() -> None:
    def targets(text: str):
        return fields.targets_of({fields.TARGETS: (text,)}, (), SCOPES)

    assert targets("tag:Env=prod,test tag:Role=web") == TagTargets(
        {"Env": ("prod", "test"), "Role": ("web",)}, tuple(SCOPES)
    )
    assert targets("group shop-web") == GroupTarget("shop-web", tuple(SCOPES))
    with pytest.raises(ProblemError, match="no tag target"):
        targets("everything")


@pytest.mark.parametrize(("text", "seconds"), [("90", 90), ("90s", 90), ("10m", 600), ("1h", 3600)])
def test_times_are_read(text: str, seconds: int) -> None:
    assert fields.duration(text) == seconds
