from __future__ import annotations

import stat
from datetime import UTC, datetime

import pytest

from ssmtui.aws.audit import Audit, Deed
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError

DEED = Deed(
    scope=ScopeKey("111122223333", "eu-west-1"),
    identity="jane",
    profile="shop",
    operation="ssm:DeregisterManagedInstance",
    op_class="change",
    intent="deregister 1 node",
    command="aws ssm deregister-managed-instance --instance-id mi-1",
)


def _audit(path, **more):
    return Audit(path, now=lambda: datetime(2026, 11, 21, 9, 30, tzinfo=UTC), **more)


async def test_intent_and_outcome_are_two_lines_of_one_deed(audit_file, audited):
    audit = _audit(audit_file)
    await audit.intend(DEED)
    audit.conclude(DEED, "done", request_id="r-1")
    common = {
        "time": "2026-11-21T09:30:00.000Z",
        "id": DEED.id,
        "account": "111122223333",
        "region": "eu-west-1",
        "profile": "shop",
        "identity": "jane",
        "operation": "ssm:DeregisterManagedInstance",
        "class": "change",
        "command": DEED.command,
    }
    assert audited() == [
        {**common, "event": "intent", "intent": "deregister 1 node"},
        {**common, "event": "outcome", "outcome": "done", "request_id": "r-1"},
    ]


async def test_the_file_is_nobody_elses_business(audit_file):
    await _audit(audit_file).intend(DEED)
    assert stat.S_IMODE(audit_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(audit_file.parent.stat().st_mode) == 0o700


async def test_the_file_is_rotated_by_size(audit_file):
    audit = _audit(audit_file, max_bytes=900)
    for _ in range(3):
        await audit.intend(DEED)
    assert len(list(audit_file.parent.iterdir())) > 1
    assert audit_file.stat().st_size <= 900


async def test_what_cannot_be_recorded_is_not_done(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(ProblemError, match="was not sent") as caught:
        await _audit(blocked / "audit.jsonl").intend(DEED)
    assert caught.value.problem.remedy


async def test_without_a_path_nothing_is_recorded(monkeypatch):
    written = []
    monkeypatch.setattr("ssmtui.local.files.append_private", lambda *call: written.append(call))
    audit = _audit(None)
    await audit.intend(DEED)
    audit.conclude(DEED, "done")
    assert written == []


def test_each_deed_has_its_own_id():
    from msgspec.structs import asdict

    fields = asdict(DEED)
    del fields["id"]
    assert Deed(**fields).id != Deed(**fields).id
