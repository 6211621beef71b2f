from __future__ import annotations

from ssmtui.ui.widgets.footer import Footer


async def test_the_command_line_opens_on_every_page_and_leaves_it(explorer) -> None:
    async with explorer.open() as s:
        for keys in ((":ctx", "<enter>"), ("!",), ("?",), ("y",)):
            await s.type(*keys)
            assert len(s.app.screen_stack) == 2
            await s.type(":no", "<enter>")
            assert len(s.app.screen_stack) == 1


async def test_quitting_from_any_page(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d")
        await s.pilot.press("colon", "q", "enter")
        await s.pilot.pause()
        assert not s.app.is_running


async def test_the_command_line_leaves_a_search_alone(explorer) -> None:
    async with explorer.open() as s:
        await s.type("d", "/", "os", "<enter>")
        assert "/os  1 of 3" in s.text
        await s.type(":", "zone")
        s.app.screen.prompt.post_message(s.app.screen.prompt.Changed("command", "zone"))
        await s.settle()
        assert "/os  1 of 3" in s.text
        await s.type("<escape>")
        assert "/os  1 of 3" in s.text


async def test_an_action_without_keys_is_no_hint(explorer) -> None:
    async with explorer.open(config={"keys": {"why": []}}) as s:
        assert "describe" in s.text.splitlines()[-1]
        assert not [hint for hint in s.app.main.query_one(Footer).hints if hint.action_id == "why"]
        assert "nbound" not in s.text
