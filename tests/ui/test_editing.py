"""Which editor is taken, and what becomes of the text."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.ui.editing import edit, editor


def an_editor(folder: Path, script: str) -> str:
    path = folder / "my-editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


@contextmanager
def nothing() -> Any:
    yield


async def lend(work: Any, name: str) -> Any:
    return await work


APP: Any = SimpleNamespace(
    suspend=nothing,
    batch_update=nothing,
    ignore_keys=lambda seconds: None,
    unseen=nothing,
    lend=lend,
)


def test_visual_goes_before_editor_and_may_have_options(tmp_path: Path) -> None:
    path = an_editor(tmp_path, "true")
    assert editor({"VISUAL": f"{path} -f", "EDITOR": "vi"}) == [path, "-f"]
    assert editor({"EDITOR": path, "VISUAL": "no-such-editor"}) == [path]


def test_without_one_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ProblemError, match="no editor"):
        editor({"EDITOR": "no-such-editor"})


async def test_the_text_comes_back_edited(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, 'stat -c %a "$1" >>"$1"'))
    assert await edit(APP, "echo one", ".sh") == "echo one\n600"


async def test_what_was_not_changed_is_none(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "true"))
    assert await edit(APP, "echo one", ".sh") is None


async def test_an_editor_that_fails_is_one_sentence(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("EDITOR", an_editor(tmp_path, "exit 3"))
    with pytest.raises(ProblemError, match="failed"):
        await edit(APP, "echo one", ".sh")
