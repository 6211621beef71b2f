"""What opens in front of the main screen."""

from __future__ import annotations

from ssmtui.core.problem import Problem, ProblemKind


async def test_contexts_are_narrowed_by_name_and_widened_by_0(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":ctx dev", "<enter>")
        assert s.text.split("\n")[1].endswith("80  0s")
        assert "PROD" not in s.text
        await s.type("0")
        assert s.text.split("\n")[1].endswith("240  0s")


async def test_the_palette_finds_and_runs(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+p>", "wide")
        await s.wait_for(lambda: "Show all columns" in s.text)
        await s.pilot.press("enter")
        await s.wait_for(lambda: s.app.main.pane.table.wide)


async def test_without_any_context_ctx_says_how_to_get_one(explorer) -> None:
    wrong = Problem(ProblemKind.INPUT, "There is no profile nope")
    explorer.fleet.unresolved = {scope.key: wrong for scope in explorer.fleet.scopes}
    async with explorer.open(wait=False) as s:
        await s.wait_for(lambda: s.app.contexts.resolved)
        assert "wrong setting" in s.text
        await s.app.dispatcher.execute(":ctx dev")
        assert "--profile NAME" in next(iter(s.app.notices)).text


async def test_every_page_opens_once_and_is_left(explorer) -> None:
    async with explorer.open() as s:
        for command, words in (
            (":forwards", "Forwards"),
            (":copies", "Copies"),
            (":rollouts", "Rollouts"),
            (":help", "On nodes"),
            (":notices", "Errors and notices"),
            (":theme", "Theme"),
        ):
            await s.app.dispatcher.execute(command)
            await s.settle()
            assert words in s.text, command
            s.app.show_main()
            await s.settle()
            assert s.app.screen is s.app.main


async def test_a_page_that_is_open_is_not_opened_over_itself(explorer) -> None:
    async with explorer.open() as s:
        for command in (":forwards", ":copies"):
            for _ in range(2):
                await s.app.dispatcher.execute(command)
                await s.settle()
            assert len(s.app.screen_stack) == 2
            s.app.leave_page()
            await s.settle()
        s.app.leave_page()  # the main screen stays
        assert s.app.screen is s.app.main
