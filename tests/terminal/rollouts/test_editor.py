"""A script in the user's own editor, which has the terminal meanwhile: whatever comes between."""

from __future__ import annotations

import os
import signal

import pytest


@pytest.fixture
async def editing(explorer, tmp_path, monkeypatch):
    """The form for a command, with its script in an editor that leaves the terminal raw."""
    editor = tmp_path / "my-editor"
    editor.write_text(
        f"#!/bin/sh\nstty raw -echo\necho $$ > {tmp_path}/pid\necho editing\nexec sleep 1000\n"
    )
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))
    await explorer.open()
    console = explorer.console
    at = len(console.written)
    console.type(b"r")
    at = await console.shows(b"AWS-RunShellScript", after=at)
    console.type(b"\r")
    at = await console.shows(b"Ctrl-E $EDITOR", after=at)
    console.type(b"\x05")  # Ctrl-E
    await console.shows(b"editing", after=at)
    return explorer


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_the_program_is_told_to_end(editing, number, tmp_path):
    editing.console.kill(number)
    await editing.leaves(128 + number)
    with pytest.raises(ProcessLookupError):  # the editor has ended, too
        os.kill(int((tmp_path / "pid").read_text()), 0)
