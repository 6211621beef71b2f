from __future__ import annotations

from pathlib import Path

import pytest

from ssmtui.ui.history import KEPT, LineHistory, Recall


def test_lines_are_kept_without_repeats(tmp_path: Path) -> None:
    history = LineHistory(tmp_path / "sub" / "lines.json")
    for line in ("a", "b", " a ", ""):
        history.add(line)
    history.save()
    again = LineHistory(tmp_path / "sub" / "lines.json")
    again.load()
    assert again.lines == ("b", "a")


def test_it_is_bounded() -> None:
    history = LineHistory()
    for number in range(KEPT + 3):
        history.add(str(number))
    assert len(history.lines) == KEPT
    assert history.lines[-1] == str(KEPT + 2)


@pytest.mark.parametrize("content", ["", "{", '{"a": 1}', "[1, 2]", "\x00"])
def test_a_broken_file_is_an_empty_history(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lines.json"
    path.write_text(content)
    history = LineHistory(path)
    history.load()
    assert history.lines == ()


def test_lines_typed_while_reading_stay(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    old = LineHistory(path, ["old"])
    old.save()
    history = LineHistory(path)
    history.add("new")
    history.load()
    assert history.lines == ("old", "new")


def test_recall_walks_back_and_forth_to_the_draft() -> None:
    recall = Recall(LineHistory(lines=["one", "two"]))
    assert recall.older("") == "two"
    assert recall.older("two") == "one"
    assert recall.older("one") == "one"
    assert recall.newer() == "two"
    assert recall.newer() == ""


def test_recall_keeps_to_the_prefix() -> None:
    recall = Recall(LineHistory(lines=["no a", "ctx", "no b"]))
    assert recall.older("no") == "no b"
    assert recall.older("no b") == "no a"
    assert recall.newer() == "no b"
    assert recall.newer() == "no"
