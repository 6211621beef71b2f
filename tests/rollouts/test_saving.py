"""What is saved is whole, private and named so that files can be."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.saving import file_name, save, text_of
from ssmtui.rollouts.spec import RolloutSpec
from tests.rollouts.conftest import a_command
from tests.rollouts.test_ledger import a_result


async def test_a_rollout_is_saved_as_a_file_a_node_and_a_summary(sea: Any, tmp_path: Path) -> None:
    async with sea(nodes=80) as at:
        nodes = at.nodes(4)
        command = a_command(nodes, parameters={"commands": ["hostname; echo no >&2; exit 4"]})
        rollout = await at.run(RolloutSpec(command))
        place = await save(tmp_path, rollout.plan, rollout.state, rollout.results.values())
        assert place == tmp_path / f"ssmtui-{rollout.id}"
        summary = json.loads((place / "summary.json").read_text())
        assert summary["rollout"] == rollout.id
        assert summary["parameters"] == {"commands": ["hostname; echo no >&2; exit 4"]}
        ran = [node for node in summary["nodes"] if node["exit_code"] is not None]
        assert ran
        for node in summary["nodes"]:
            path = place / node["file"]
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert {node["exit_code"] for node in ran} == {4}
        text = (place / ran[0]["file"]).read_text()
        assert "\n----------ERROR-------\nno" in text
        assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_files_are_named_as_files_can_be() -> None:
    name = file_name(a_result(name="../../etc/passwd\n\x1b[31m"))
    assert name == "etc_passwd_31m-111122223333-eu-west-1-i-1.txt"
    assert file_name(a_result(name="")) == "111122223333-eu-west-1-i-1.txt"
    assert len(file_name(a_result(name="x" * 999))) < 200


def test_stderr_stands_behind_awss_own_line() -> None:
    both = a_result(stdout="out", stderr="err")
    assert text_of(both) == "out\n----------ERROR-------\nerr"
    assert text_of(msgspec.structs.replace(both, stdout="")) == "----------ERROR-------\nerr"
    assert text_of(msgspec.structs.replace(both, stderr="")) == "out"


async def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path, sea: Any) -> None:
    (tmp_path / "file").write_text("")
    async with sea(nodes=20) as at:
        rollout = await at.run(RolloutSpec(a_command(at.nodes(1))))
        with pytest.raises(ProblemError, match="The outputs cannot be saved in"):
            await save(tmp_path / "file", rollout.plan, rollout.state, rollout.results.values())


async def test_what_no_file_can_hold_is_replaced(tmp_path: Path, sea: Any) -> None:
    async with sea(nodes=20) as at:
        rollout = await at.run(RolloutSpec(a_command(at.nodes(1))))
        odd = a_result(stdout="\ud800 \x1b[2J")
        place = await save(tmp_path, rollout.plan, rollout.state, [odd])
        assert (place / file_name(odd)).read_bytes() == b"? \x1b[2J"
