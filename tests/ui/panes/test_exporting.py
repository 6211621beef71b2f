"""Ctrl-S: what a pane shows, written to a file."""

from __future__ import annotations

import csv

import pytest


async def test_export_of_what_is_shown_never_overwrites_silently(explorer, tmp_path) -> None:
    path = tmp_path / "shown.csv"

    async def export(s) -> None:
        await s.type("<ctrl+s>")
        s.app.screen.query_one("Input").value = str(path)
        await s.type("<enter>")

    async with explorer.open() as s:
        await s.type("/Env=dev", "<enter>")
        await export(s)
        rows = list(csv.DictReader(path.read_text().splitlines()))
        assert len(rows) == 120
        assert path.stat().st_mode & 0o077 == 0
        path.write_text("mine")
        await export(s)
        assert "exists already" in s.text
        await s.type("<enter>")  # the focus is on Cancel
        assert path.read_text() == "mine"
        await export(s)
        await s.type("<tab>", "<enter>")
        assert path.read_text() != "mine"


@pytest.mark.parametrize(
    ("name", "words"),
    [("x.exe", "does not end in one of"), ("no/such/x.csv", "There is no folder")],
)
async def test_a_wrong_export_is_one_sentence(explorer, tmp_path, name, words) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+s>")
        s.app.screen.query_one("Input").value = str(tmp_path / name)
        await s.type("<enter>")
        assert words in " ".join(s.text.replace("▌", " ").split())
