"""What has come to an end is folded, and nothing else."""

from __future__ import annotations

from typing import Any

from ssmtui.core.folding.folder import Folder
from ssmtui.core.folding.outputs import Outcome
from ssmtui.rollouts.amounts import ALL
from ssmtui.rollouts.foldable import foldable, outcome_of
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import Bucket
from tests.rollouts.conftest import a_command
from tests.rollouts.test_ledger import a_result


def test_what_goes_on_is_left_out() -> None:
    over = [foldable([a_result(bucket=bucket)]) for bucket in Bucket]
    outcomes = [output.outcome for each in over for output in each]
    assert outcomes == [Outcome.OK, Outcome.FAILED, Outcome.NO_ANSWER, Outcome.CANCELLED]
    assert [outcome for bucket in Bucket if (outcome := outcome_of(bucket))] == outcomes


def test_everything_that_folding_asks_for_comes_along() -> None:
    [output] = foldable(
        [
            a_result(
                bucket=Bucket.FAILED,
                status="Failed",
                exit_code=3,
                stdout="out",
                stderr="err",
                stderr_cut=True,
            )
        ]
    )
    assert (output.status, output.exit_code) == ("Failed", 3)
    assert (output.stdout, output.stderr) == ("out", "err")
    assert (output.stdout_cut, output.stderr_cut) == (False, True)
    assert (output.node, output.name) == (a_result().key, "web")


async def test_a_rollout_folds(sea: Any) -> None:
    async with sea(nodes=150) as at:
        command = a_command(at.nodes(60), at_a_time=ALL, parameters={"commands": ["echo same"]})
        rollout = await at.run(RolloutSpec(command))
        folder = Folder()
        folder.add(foldable(rollout.results.values()))
        folder.drain()
        [block] = folder.blocks()
        assert len(block.nodes) == 60
        assert folder.text(block.stdout) == "same\n"
