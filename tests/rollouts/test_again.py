"""Running again takes the nodes that are named by what became of them."""

from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.again import FAILED, NO_ANSWER, again
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.state import Bucket, Result
from ssmtui.rollouts.targets import Frozen, TagTargets
from tests.rollouts.conftest import SCOPE, a_command, some_nodes

NODES = some_nodes(4)
RESULTS = {
    node.key: Result(key=node.key, name=node.name, call=0, wave=0, bucket=bucket)
    for node, bucket in zip(
        NODES, (Bucket.OK, Bucket.FAILED, Bucket.NO_ANSWER, Bucket.UNKNOWN), strict=True
    )
}
PLAN = plan(RolloutSpec(a_command(NODES, comment="openssl"), reason="an emergency"))


def test_on_what_failed() -> None:
    spec = again(PLAN, RESULTS, buckets=FAILED)
    assert spec.command.targets == Frozen(NODES[1:2])
    assert spec.command.comment == "openssl"
    # A reason is given anew, or a freeze holds.
    assert spec.reason == ""


def test_on_what_never_answered_and_on_what_is_named() -> None:
    assert again(PLAN, RESULTS, buckets=NO_ANSWER).command.targets == Frozen(NODES[2:3])
    assert again(PLAN, RESULTS, keys=[NODES[3].key]).command.targets == Frozen(NODES[3:])


def test_on_nothing_is_a_sentence() -> None:
    with pytest.raises(ProblemError, match="No node is cancelled"):
        again(PLAN, RESULTS, buckets={Bucket.CANCELLED})
    with pytest.raises(ProblemError, match="No node is chosen"):
        again(PLAN, RESULTS)


def test_what_the_service_found_is_a_list_the_second_time() -> None:
    command = CommandSpec(document="Doc", targets=TagTargets({"Env": ("prod",)}, (SCOPE,)))
    spec = again(plan(RolloutSpec(command)), RESULTS, buckets=FAILED)
    assert isinstance(spec.command.targets, Frozen)
    assert [node.id for node in spec.command.targets.nodes] == [NODES[1].id]
