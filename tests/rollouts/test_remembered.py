"""Values and snippets are kept for a while, privately, and forgotten on demand."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.rollouts.remembered import Remembered

DAY = 86_400.0
SHELL = "AWS-RunShellScript"


@pytest.fixture
def remembered(tmp_path: Path) -> Remembered:
    return Remembered(tmp_path / "state" / "commands.json")


def test_the_last_values_of_each_document_are_kept(remembered: Remembered) -> None:
    assert remembered.values(SHELL, 0.0) == {}
    remembered.keep_values(SHELL, {"commands": ["a"]}, 1.0)
    remembered.keep_values(SHELL, {"commands": ["b", "c"]}, 2.0)
    remembered.keep_values("Other", {"x": ["1"]}, 2.0)
    assert remembered.values(SHELL, 3.0) == {"commands": ["b", "c"]}
    assert remembered.values("Other", 3.0) == {"x": ["1"]}
    assert remembered.documents(3.0) == (SHELL, "Other")
    assert remembered.documents(3.0 + 31 * DAY) == ()


def test_snippets_are_saved_by_name(remembered: Remembered) -> None:
    remembered.keep_snippet(" uptime ", "uptime", 1.0)
    remembered.keep_snippet("disk", "df -h", 1.0, SHELL)
    found = remembered.snippets(2.0)
    assert list(found) == ["disk", "uptime"]
    assert (found["disk"].script, found["disk"].document) == ("df -h", SHELL)


def test_what_is_old_is_forgotten(remembered: Remembered) -> None:
    remembered.keep_values(SHELL, {"commands": ["a"]}, 0.0)
    remembered.keep_snippet("old", "x", 0.0)
    remembered.keep_snippet("new", "y", 20 * DAY)
    assert remembered.values(SHELL, 31 * DAY) == {}
    assert list(remembered.snippets(31 * DAY)) == ["new"]
    remembered.keep_snippet("newest", "z", 31 * DAY)
    assert "old" not in (remembered._path).read_text()


def test_forgetting_on_demand(remembered: Remembered) -> None:
    remembered.keep_values(SHELL, {"commands": ["a"]}, 1.0)
    remembered.keep_snippet("s", "x", 1.0)
    remembered.forget(document=SHELL)
    assert remembered.values(SHELL, 1.0) == {}
    assert list(remembered.snippets(1.0)) == ["s"]
    remembered.forget(snippet="s")
    assert remembered.snippets(1.0) == {}
    remembered.keep_snippet("s", "x", 1.0)
    remembered.forget()
    assert remembered.snippets(1.0) == {}


def test_the_file_is_private_and_bounded(remembered: Remembered) -> None:
    for number in range(205):
        remembered.keep_snippet(f"s{number}", "x", float(number + 1))
    kept = remembered.snippets(300.0)
    assert len(kept) == 200
    assert "s0" not in kept
    assert stat.S_IMODE(remembered._path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "script", "sentence"),
    [
        ("", "x", "A snippet's name is one line"),
        ("a\nb", "x", "A snippet's name is one line"),
        ("x" * 61, "x", "of 1 to 60 characters"),
        ("x", "", "A snippet has 1 to 65,535 characters"),
    ],
)
def test_what_is_no_snippet_is_refused(
    remembered: Remembered, name: str, script: str, sentence: str
) -> None:
    with pytest.raises(ProblemError, match=sentence):
        remembered.keep_snippet(name, script, 1.0)


def test_a_damaged_file_counts_as_nothing(remembered: Remembered) -> None:
    remembered.keep_snippet("s", "x", 1.0)
    remembered._path.write_bytes(b"\xff{")
    assert remembered.snippets(1.0) == {}
    remembered.keep_snippet("t", "x", 1.0)
    assert list(remembered.snippets(1.0)) == ["t"]


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ProblemError, match="cannot be written"):
        Remembered(tmp_path / "file" / "x.json").keep_snippet("s", "x", 1.0)
