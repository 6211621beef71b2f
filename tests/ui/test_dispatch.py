from __future__ import annotations


async def test_every_action_of_a_table_is_also_a_command(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":mark-all", "<enter>")
        assert "240 marked" in s.text
        await s.type(":describe", "<enter>")
        assert "Describe" in s.text


async def test_what_cannot_be_done_here_is_said(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":next-match", "<enter>")
        assert ":next-match cannot be done here and now" in " ".join(s.text.split())


async def test_every_declared_action_has_its_method(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":arm", "<enter>")
        for action in s.app.keymap.actions:
            if action.context in ("text", "log", "board", "results"):
                continue
            assert s.app.dispatcher.offers(action), action.id
        await s.type("y", "/", "api", "<enter>")
        for action in s.app.keymap.of("text"):
            assert s.app.dispatcher.offers(action), action.id


async def test_a_key_that_the_mode_forbids_says_so_and_other_keys_do_not(explorer) -> None:
    async with explorer.open() as s:
        await s.type("G", "r")
        (notice,) = s.app.notices
        assert notice.text.startswith("r (run) needs change mode, and prod is in connect mode: ")
        await s.type("Q", "j", "<escape>")
        assert len(s.app.notices) == 1


async def test_an_action_on_rows_is_judged_by_the_marks_or_the_row(explorer) -> None:
    async with explorer.open() as s:
        run = s.app.keymap.action("run")
        assert s.app.dispatcher.offers(run)  # the first row is of dev
        assert "r run" in s.text
        await s.type("G")
        assert not s.app.dispatcher.offers(run)
        assert "r run" not in s.text
        await s.type("g", "<space>", "<space>", "G")
        assert s.app.dispatcher.offers(run)
        assert "r run" in s.text
        await s.type("<space>", ":run", "<enter>")
        (notice,) = s.app.notices
        assert notice.text.startswith(":run needs change mode, and prod is in connect mode: ")
        assert "r run" not in s.text


async def test_what_takes_everything_shown_is_judged_by_that(explorer) -> None:
    async with explorer.open() as s:
        run = s.app.keymap.action("run-shown")
        assert not s.app.dispatcher.offers(run)
        await s.type("/account=111111111111", "<enter>")
        assert s.app.dispatcher.offers(run)


async def test_nothing_is_said_of_keys_that_a_dialog_or_a_line_takes(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/", "r", "<escape>", "<ctrl+p>", "r")
        assert [notice.text for notice in s.app.notices] == []
