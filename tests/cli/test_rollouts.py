"""`ssmtui rollouts`: what is on record, for people and for machines."""

from __future__ import annotations

import json
import time

import pytest

from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec
from tests.rollouts.conftest import a_command


@pytest.fixture
def records(tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path))
    made = Records(tmp_path / "rollouts")
    ages = {"0a1b2c3d": 3600.0, "ffffffff": 60.0, "dddddddd": 31 * 86_400.0}
    for rollout_id, age in ages.items():
        spec = RolloutSpec(a_command(1_200, comment="fix \x1b[2J"))
        made.create(plan(spec, rollout_id), now=time.time() - age, identity="ops").close()
    return made


def test_a_table_with_the_latest_first(ssmtui, records):
    result = ssmtui("rollouts")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "ID        AGE  PHASE    NODES  DOCUMENT            TITLE",
        "ffffffff  1m   planned  1,200  AWS-RunShellScript  fix ␛[2J",
        "0a1b2c3d  1h   planned  1,200  AWS-RunShellScript  fix ␛[2J",
    ]


def test_what_is_older_than_the_retention_is_forgotten(ssmtui, records):
    assert len(records.all()) == 3
    ssmtui("rollouts")
    assert [each.id for each in records.all()] == ["ffffffff", "0a1b2c3d"]


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_for_machines(ssmtui, records, form):
    text = ssmtui("rollouts", "-o", form).stdout
    rows = json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()]
    assert [row["id"] for row in rows] == ["ffffffff", "0a1b2c3d"]
    assert rows[0]["title"] == "fix \x1b[2J"
    assert (rows[0]["nodes"], rows[0]["identity"], rows[0]["phase"]) == (1_200, "ops", "planned")
    assert rows[0]["scopes"] == ["111122223333/eu-west-1"]
    assert rows[0]["created"].endswith("Z")


def test_none(ssmtui, tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path))
    assert ssmtui("rollouts").stdout == "ID  AGE  PHASE  NODES  DOCUMENT  TITLE\n"
    assert json.loads(ssmtui("rollouts", "-o", "json").stdout) == []
