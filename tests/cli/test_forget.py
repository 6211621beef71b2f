"""`ssmtui forget`: rollouts, values and snippets leave this machine."""

from __future__ import annotations

import time

import pytest

from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.remembered import Remembered
from ssmtui.rollouts.spec import RolloutSpec
from tests.rollouts.conftest import a_command


class Kept:
    """Two of everything."""

    def __init__(self, folder):
        self.folder = folder
        self.records = Records(folder / "rollouts")
        self.remembered = Remembered(folder / "commands.json")
        for rollout_id in ("0a1b2c3d", "ffffffff"):
            made = plan(RolloutSpec(a_command(2)), rollout_id)
            self.records.create(made, now=time.time()).close()
        for name in ("one", "two"):
            self.remembered.keep_values(f"Document-{name}", {"a": ["b"]}, time.time())
            self.remembered.keep_snippet(name, "ls", time.time())

    @property
    def ids(self):
        return sorted(each.id for each in self.records.all())

    @property
    def documents(self):
        return self.remembered.documents(time.time())

    @property
    def snippets(self):
        return tuple(self.remembered.snippets(time.time()))


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path))
    return Kept(tmp_path)


def test_one_of_each(ssmtui, kept):
    assert ssmtui("forget", "rollouts", "0a1b").exit_code == 0
    assert ssmtui("forget", "values", "Document-one").exit_code == 0
    assert ssmtui("forget", "snippets", "two").exit_code == 0
    assert (kept.ids, kept.documents, kept.snippets) == (
        ["ffffffff"],
        ("Document-two",),
        ("one",),
    )


@pytest.mark.parametrize("kind", ["rollouts", "values", "snippets"])
def test_all_of_a_kind(ssmtui, kept, kind):
    assert ssmtui("forget", kind).exit_code == 0
    left = {"rollouts": kept.ids, "values": kept.documents, "snippets": kept.snippets}
    assert not left.pop(kind)
    assert all(len(each) == 2 for each in left.values())


def test_everything(ssmtui, kept):
    result = ssmtui("forget", "everything")
    assert result.exit_code == 0
    assert (kept.ids, kept.documents, kept.snippets) == ([], (), ())
    assert "0a1b2c3d" not in "".join(path.name for path in kept.folder.rglob("*"))


@pytest.mark.parametrize("kind", ["rollouts", "values", "snippets"])
def test_what_is_not_there_is_said_and_the_rest_is_forgotten(ssmtui, kept, kind):
    known = {"rollouts": "ffffffff", "values": "Document-one", "snippets": "one"}[kind]
    result = ssmtui("forget", kind, "99", known)
    assert result.exit_code == 1
    assert "99" in result.stderr
    assert f"{known} is forgotten" in result.stderr


def test_one_under_way_is_kept(ssmtui, kept):
    held = kept.records.open("ffffffff")
    try:
        result = ssmtui("forget", "rollouts")
    finally:
        held.close()
    assert result.exit_code == 1
    assert "is being run by another ssmtui" in result.stderr
    assert kept.ids == ["ffffffff"]


def test_wrong_words(ssmtui, kept):
    assert ssmtui("forget", "history").exit_code == 2
    assert ssmtui("forget", "everything", "one").exit_code == 2
    assert len(kept.ids) == 2
