"""The look of the app: themes, and drawing without colours or Unicode."""

from __future__ import annotations


async def test_themes(explorer) -> None:
    folder = explorer.folder / "config" / "themes"
    folder.mkdir(parents=True)
    (folder / "broken.toml").write_text('primary = "#zzz"')
    async with explorer.open() as s:
        assert "broken.toml" in s.text
        await s.type(":theme day", "<enter>")
        assert s.app.theme == "day"
        await s.type(":theme no-such", "<enter>")
        assert "There is no theme" in s.text
        await s.type(":theme", "<enter>", "<up>", "<enter>")
        assert s.app.theme == "contrast"


async def test_a_chosen_theme_that_is_broken_is_one_notice(explorer) -> None:
    folder = explorer.folder / "config" / "themes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("primary = ")
    async with explorer.open(config={"theme": "mine"}) as s:
        assert len(s.app.notices) == 1
        assert "mine.toml" in next(iter(s.app.notices)).text


async def test_ascii_mode_draws_nothing_else(explorer, hostile, renamed) -> None:
    for scope, rows in explorer.fleet.rows.items():
        explorer.fleet.rows[scope] = [*renamed(rows, hostile), *rows[len(hostile) :]]
    async with explorer.open(ascii=True) as s:
        for keys in ((), ("?",), ("<escape>", "d"), ("<escape>", "c"), ("<escape>", "<ctrl+p>")):
            await s.type(*keys)
            assert s.text.isascii()


async def test_without_colour_the_cursor_is_still_seen(explorer, monkeypatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with explorer.open() as s:
        style = s.style_of("api-0001")
        assert style.reverse
        for strip in s.app.screen._compositor.render_strips(s.app.size):
            for segment in strip:
                if segment.style is not None:
                    assert segment.style.color is None
                    assert segment.style.bgcolor is None
