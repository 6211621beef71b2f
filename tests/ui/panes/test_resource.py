from __future__ import annotations

from ssmtui.ui import glyphs
from ssmtui.ui.panes import resource


async def test_the_filter_applies_while_typing_and_esc_clears_first(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/Env=prod")
        await s.wait_for(lambda: "120/240" in s.text)
        await s.type("<enter>")
        assert "Nodes ▸ Env=prod" in s.text
        await s.type("<escape>")
        assert "▸ Env" not in s.text
        assert "120/240" not in s.text


async def test_a_wrong_filter_is_one_line_with_the_position(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/((", "<enter>")
        assert "at character 2" in s.text
        assert "120/240" not in s.text


async def test_the_filter_applies_while_loading(explorer) -> None:
    explorer.fleet.gate.clear()
    async with explorer.open(wait=False) as s:
        await s.wait_for(lambda: s.app.main.is_ready)
        await s.pilot.press("slash", *"web", "enter")
        explorer.fleet.gate.set()
        await s.settle()
        assert "▸ web" in s.text


async def test_marks_survive_the_filter_and_are_counted(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<space>", "<space>")
        assert "2 marked" in s.text
        await s.type("/Env=dev", "<enter>")
        assert "2 marked (2 hidden)" in s.text


async def test_leaving_a_context_drops_its_marks(explorer) -> None:
    async with explorer.open() as s:
        await s.type("*", ":ctx dev", "<enter>")
        assert "80 marked" in s.text


async def test_modes_are_noted_and_left_by_esc(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+z>")
        assert "problems only" in s.text
        assert "24/240" in s.text
        await s.type("<escape>")
        assert "problems only" not in s.text


async def test_the_side_panel_joins_from_140_columns(explorer) -> None:
    async with explorer.open(size=(139, 30)) as s:
        assert f"{glyphs.BAR} api-0001" not in s.text
    async with explorer.open(size=(140, 30)) as s:
        assert f"{glyphs.BAR} api-0001" in s.text


async def test_hostile_rows_neither_break_nor_style_anything(explorer, hostile, renamed) -> None:
    for scope, rows in explorer.fleet.rows.items():
        explorer.fleet.rows[scope] = renamed(rows, hostile)
    seen = ""
    async with explorer.open(size=(160, 40)) as s:
        for name in hostile:
            s.app.say(name)
            await s.type("d")
            assert all(line.isprintable() for line in s.text.split("\n"))
            seen += s.text
            await s.pilot.press("escape", "j")
        await s.type("y", "<escape>", "c", "<escape>", "<ctrl+p>", "a", "<escape>", "!", "<escape>")
        assert s.app.is_running
        assert "[red]danger[/red]" in seen
        assert "a[/]b" in seen


async def test_an_alias_that_comes_late_is_waited_for(explorer) -> None:
    prod = explorer.fleet.scopes[2]
    prod.alias = None
    explorer.fleet.way.clear()
    async with explorer.open(command=":no @shop-prod", wait=False) as s:
        await s.wait_for(lambda: s.app.main.is_ready and s.app.main.pane.filter == "@shop-prod")
        explorer.fleet.way.set()
        await s.wait_for(lambda: s.app.contexts.resolved)
        assert s.app.main.pane.feed.scopes == ()
        prod.alias = "shop-prod"
        await s.wait_for(lambda: s.app.main.pane.feed.scopes == (prod,))
        await s.settle()
        assert s.text.split("\n")[1].endswith("80  0s")
        assert "▸ @shop-prod" in s.text


async def test_a_name_that_never_fits_is_said_and_taken_out(explorer, monkeypatch) -> None:
    monkeypatch.setattr(resource, "ALIAS_SECONDS", 0.001)
    explorer.fleet.scopes[2].alias = None
    explorer.fleet.way.clear()
    async with explorer.open(wait=False) as s:
        await s.wait_for(lambda: s.app.main.is_ready)
        await s.app.main.pane.set_filter("@nowhere Env=prod")
        explorer.fleet.way.set()
        await s.wait_for(lambda: s.app.main.pane.filter == "Env=prod")
        await s.settle()
        assert "There is no context @nowhere" in s.text
        assert "120/240" in s.text
