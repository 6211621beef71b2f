"""The form of a rollout: judged while it is typed, said in words, scripts from anywhere."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest


async def test_the_rate_is_said_in_words_and_a_wrong_one_in_a_sentence(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:10])
        await f.fills("true", "R")
        await f.sees("10 nodes: all at once; stops after the 1st failure", "one wave")
        entry = next(e for e in f.app.screen.query("FieldEntry") if e.field.name == "run:at-once")
        entry.take_focus()
        await f.type("0")
        await f.sees("no amount of nodes")
        await f.type("<backspace>", "20%")
        await f.sees(r"2 at a time \(20%\)")


async def test_an_empty_form_is_no_mistake_until_something_is_typed_or_tried(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.type("r")
        await f.sees("Run on", "AWS-RunShellScript")
        await f.type("<enter>")
        await f.sees("commands", "Nothing is sent yet")
        assert "has to be given" not in f.text
        await f.type("<ctrl+s>")
        await f.sees("commands has to be given", "Correct the value")
        assert f.text.count("Correct the value") == 1
        f.app.screen.query_one("ScriptArea").text = "true"
        await f.sees("1 node: all at once")
        f.app.screen.query_one("ScriptArea").text = ""
        await f.sees("commands has to be given. Correct the value")


async def test_waves_are_a_page_of_their_own(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:10])
        await f.fills("true", "R")
        await f.type("<ctrl+o>", "1")
        await f.sees("Waves and gates", "Canary")
        await f.type("2", "<ctrl+s>")
        await f.sees("2 first, then the rest", "10 nodes: all of a wave at once; stops")


async def test_a_script_comes_from_a_file_and_goes_into_a_snippet(
    live: Any, tmp_path: Path
) -> None:
    script = tmp_path / "fix.sh"
    script.write_text("#!/bin/sh\necho from a file\n")
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.fills("true")
        await f.type("<ctrl+l>")
        await f.sees("Load a script from")
        f.app.screen.query_one("Input").value = str(script)
        await f.type("<enter>")
        await f.sees("echo from a file")
        await f.type("<ctrl+t>")
        await f.sees("Save this script as a snippet")
        await f.type("<enter>")
        await f.sees("Save as")
        await f.type("fix", "<enter>")
        await f.s.wait_for(lambda: f.app.rolling.remembered.snippets(f.world.clock.now))
        f.app.screen.query_one("ScriptArea").text = "other"
        await f.type("<ctrl+t>")
        await f.sees(r"fix +#!/bin/sh")
        await f.type("<enter>")
        await f.sees("echo from a file")


async def test_a_file_that_is_none_is_one_sentence(live: Any, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.fills("true")
        for name, words in (("nowhere", "There is no file"), ("binary", "is not UTF-8 text")):
            await f.type("<ctrl+l>")
            await f.sees("Load a script from")
            f.app.screen.query_one("Input").value = str(tmp_path / name)
            await f.type("<enter>")
            await f.s.wait_for(lambda words=words: words in " ".join(f.text.split()))


async def test_without_a_terminal_the_editor_is_refused_in_a_sentence(
    live: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nexit 0\n")
    editor.chmod(stat.S_IRWXU)
    monkeypatch.setenv("EDITOR", str(editor))
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.fills("true")
        await f.type("<ctrl+e>")
        await f.s.wait_for(lambda: "cannot be handed over" in " ".join(f.text.split()))


async def test_values_are_remembered_but_nothing_that_looks_like_a_secret(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.runs("export DB_PASSWORD=hunter2hunter2")
        await f.sees("DONE")
        kept = f.app.rolling.remembered.values("AWS-RunShellScript", f.world.clock.now)
        assert "commands" not in kept
        assert kept["executionTimeout"] == ["3600"]
