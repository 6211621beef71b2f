"""Rollouts on disk: private, found again, forgotten, and held by one program at a time."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.journal import Sent, Turned
from ssmtui.rollouts.plan import Plan, plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import (
    CommandSpec,
    Gate,
    LogOutput,
    Notification,
    RolloutSpec,
    S3Output,
    Waves,
)
from ssmtui.rollouts.state import CallPhase, Phase
from ssmtui.rollouts.targets import GroupTarget, TagTargets
from tests.rollouts.conftest import OTHER, SCOPE, a_command, some_nodes

DAY = 86_400.0


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "state" / "rollouts")


def a_plan(rollout_id: str = "7f3a91c2", comment: str = "openssl") -> Plan:
    return plan(RolloutSpec(a_command(3, comment=comment)), rollout_id)


def test_what_was_planned_and_what_happened_is_read_again(records: Records) -> None:
    record = records.create(a_plan(), now=100.0, identity="jane", left_out=2)
    entries = (
        Turned(at=101.0, phase=Phase.RUNNING),
        Sent(at=102.0, call=0, command_id="c-0"),
    )
    record.write(*entries)
    record.take(*entries)
    record.close()
    again = records.open("7f3a91c2")
    assert again.plan == record.plan
    assert again.story == record.story
    assert again.story.call(0).phase is CallPhase.SENT
    assert (again.identity, again.created, again.left_out) == ("jane", 100.0, 2)
    again.close()


def test_every_kind_of_plan_survives(records: Records) -> None:
    nodes = (*some_nodes(60, asg=["a", "b"]), *some_nodes(3, OTHER))
    notification = Notification(
        "arn:aws:sns:eu-west-1:111122223333:t", "arn:aws:iam::111122223333:role/r", ("Failed",)
    )
    commands = [
        a_command(nodes, s3=S3Output("bucket", "p"), logs=LogOutput("/x"), alarm="a"),
        a_command(nodes, notification=notification, execution_timeout=5, version="$LATEST"),
        CommandSpec(document="Doc", targets=TagTargets({"Env": ("a", "b")}, (SCOPE, OTHER))),
        CommandSpec(document="Doc", targets=GroupTarget("group", (SCOPE,))),
    ]
    waves = Waves(canary=1, steps=(50,), spread_by=("asg",), gate=Gate(soak=5, check="true"))
    for command in commands:
        wanted = waves if command.total else Waves()
        made = plan(RolloutSpec(command, wanted, wait=5, reason="why"))
        records.create(made, now=1.0).close()
        again = records.open(made.id)
        assert again.plan == made
        again.close()


def test_files_are_private(records: Records) -> None:
    record = records.create(a_plan(), now=1.0)
    record.write(Turned(at=1.0, phase=Phase.RUNNING))
    record.close()
    assert stat.S_IMODE(records.folder.stat().st_mode) == 0o700
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in records.folder.iterdir()}
    assert modes == {".json": 0o600, ".jsonl": 0o600, ".lock": 0o600}


def test_an_id_may_be_shortened_while_it_is_the_only_one(records: Records) -> None:
    for rollout_id in ("7f3a91c2", "7f3b0000"):
        records.create(a_plan(rollout_id), now=1.0).close()
    record = records.open("7f3a")
    assert record.plan.id == "7f3a91c2"
    record.close()
    with pytest.raises(ProblemError, match="7f3 begins the ids of 2 rollouts"):
        records.open("7f3")
    with pytest.raises(ProblemError, match="There is no rollout ab on record"):
        records.open("ab")
    for wrong in ("../x", "", "XYZ", "*"):
        with pytest.raises(ProblemError, match="is not the id of a rollout"):
            records.open(wrong)


def test_the_list_is_the_latest_first_and_leaves_damaged_ones_out(records: Records) -> None:
    assert records.all() == []
    records.create(a_plan("00000001", "first"), now=1.0).close()
    record = records.create(a_plan("00000002", "second"), now=2.0)
    record.write(Turned(at=3.0, phase=Phase.DONE))
    record.close()
    (records.folder / "00000003.json").write_text("{}")
    (records.folder / "notes.json").write_text("{}")
    listed = records.all()
    assert [(each.title, each.phase, each.open) for each in listed] == [
        ("second", Phase.DONE, False),
        ("first", Phase.PLANNED, True),
    ]
    assert listed[0].scopes == ("111122223333/eu-west-1",)


def test_a_damaged_record_is_named(records: Records) -> None:
    records.create(a_plan(), now=1.0).close()
    (records.folder / "7f3a91c2.json").write_text('{"version": 1')
    with pytest.raises(ProblemError, match="is damaged, or of another version"):
        records.open("7f3a91c2")


def test_an_id_is_given_once(records: Records) -> None:
    records.create(a_plan(), now=1.0).close()
    with pytest.raises(ProblemError, match="on record already"):
        records.create(a_plan(), now=1.0)


def test_one_program_at_a_time(records: Records) -> None:
    record = records.create(a_plan(), now=1.0)
    with pytest.raises(ProblemError, match="is being run by another ssmtui"):
        records.open("7f3a91c2")
    with pytest.raises(ProblemError, match="is being run by another ssmtui"):
        records.forget("7f3a91c2")
    record.close()
    records.open("7f3a91c2").close()


def test_forgetting_takes_everything_with_it(records: Records) -> None:
    records.create(a_plan(), now=1.0).close()
    records.forget("7f3a")
    assert list(records.folder.iterdir()) == []


def test_the_retention_forgets_what_is_old_and_nobody_is_at(records: Records) -> None:
    records.create(a_plan("00000001"), now=0.0).close()
    held = records.create(a_plan("00000002"), now=0.0)
    records.create(a_plan("00000003"), now=29 * DAY).close()
    assert records.prune(30 * DAY) == 1
    held.close()
    assert {each.id for each in records.all()} == {"00000002", "00000003"}


def test_a_folder_that_cannot_be_used_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    records = Records(tmp_path / "file")
    with pytest.raises(ProblemError, match="cannot be used"):
        records.create(a_plan(), now=1.0)
