"""The words of `ssmtui run`: what contradicts itself is said before anything else is done."""

from __future__ import annotations

import pytest

from ssmtui.cli.run_command import complete_rollouts
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec
from tests.rollouts.conftest import a_command

ID = "0a1b2c3d"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "one of --on, --nodes and --targets"),
        (("--", "ls"), "one of --on, --nodes and --targets"),
        (("--on", "a=b", "--nodes", "x", "--", "ls"), "one of --on, --nodes and --targets"),
        (("--targets", "tag:A=b", "--nodes", "x", "--", "ls"), "one of"),
        (("--nodes", "x"), "There is nothing to run"),
        (("--nodes", "x", "--wait", "0", "--", "ls"), "--wait"),
        (("--nodes", "x", "--max-concurrency", "0", "--", "ls"), "no amount of nodes"),
        (("--nodes", "x", "-o", "yaml", "--", "ls"), "yaml"),
        (("--nodes", "x", "--", "ls"), "Nobody can be asked off a terminal"),
        (("--nodes", "x", "--gate-by-hand", "--", "ls"), "stands between two waves"),
        (("--nodes", "x", "--gate-successes", "5", "--", "ls"), "stands between two waves"),
        (("--nodes", "x", "--sns-per-node", "--", "ls"), "No topic is named"),
        (("--attach", ID, "--gate-by-hand"), "--gate-by-hand is on record already"),
        (("--attach", ID, "--", "ls"), "COMMAND is on record already"),
        (("--attach", ID, "--on", "a=b"), "--on is on record already"),
        (("--attach", ID, "--max-errors", "3"), "--max-errors is on record already"),
        (("--attach", ID), f"There is no rollout {ID} on record"),
        (("--attach", "xyz"), "not the id of a rollout"),
    ],
)
def test_what_is_wrong(ssmtui, words, said):
    result = ssmtui("run", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_help_names_every_exit_code(ssmtui):
    result = ssmtui("run", "--help")
    assert result.exit_code == 0
    for code in ("0;", "1 some", "2 input", "3 it is", "124 the", "130"):
        assert code in " ".join(result.stdout.split())


def test_rollouts_that_can_be_taken_up_again_are_completed(tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path))
    records = Records(tmp_path / "rollouts")
    for rollout_id in (ID, "ffffffff"):
        spec = RolloutSpec(a_command(2, comment="fix\x1b"))
        records.create(plan(spec, rollout_id), now=1_790_000_000.0).close()
    found = complete_rollouts(None, None, "0a")
    assert [(each.value, each.help) for each in found] == [(ID, "fix␛")]
    assert {each.value for each in complete_rollouts(None, None, "")} == {ID, "ffffffff"}
