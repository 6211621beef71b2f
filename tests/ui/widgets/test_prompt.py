from __future__ import annotations


async def test_tab_completes_as_far_as_the_candidates_agree(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":no @pr", "<tab>")
        assert ":no @prod" in s.text
        await s.type("<escape>", ":not", "<tab>", "<enter>")
        assert "Nothing has gone wrong" in s.text


async def test_history_with_the_arrows(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":no Env=prod", "<enter>", ":no Env=dev", "<enter>", ":")
        await s.type("<up>")
        assert ":no Env=dev" in s.text
        await s.type("<up>")
        assert ":no Env=prod" in s.text
        await s.type("<down>", "<down>")
        assert s.app.main.prompt.line.value == ""


async def test_esc_leaves_a_command_and_does_nothing(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/Env=prod", "<enter>", ":q", "<escape>")
        assert s.app.is_running
        assert "▸ Env=prod" in s.text
        assert not s.app.main.prompt.is_open


async def test_losing_the_terminal_s_focus_does_not_close_it(explorer) -> None:
    from textual import events

    async with explorer.open() as s:
        await s.type("/Env")
        s.app.post_message(events.AppBlur())
        await s.settle()
        assert s.app.main.prompt.is_open
