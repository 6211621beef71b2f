from __future__ import annotations

from ssmtui.ui.screens.dialogs import Confirm


async def asked(s, dialog: Confirm) -> list[bool]:
    answers: list[bool] = []
    s.app.push_screen(dialog, answers.append)
    await s.settle()
    return answers


async def test_the_focus_is_on_cancel(explorer) -> None:
    async with explorer.open() as s:
        answers = await asked(s, Confirm("Deregister", ["a[/]b"], "Deregister"))
        assert "a[/]b" in s.text
        await s.type("<enter>")
        assert answers == [False]
        answers = await asked(s, Confirm("Deregister", [], "Deregister"))
        await s.type("<escape>")
        assert answers == [False]


async def test_the_other_button_by_tab(explorer) -> None:
    async with explorer.open() as s:
        answers = await asked(s, Confirm("Deregister", [], "Deregister"))
        await s.type("<tab>", "<enter>")
        assert answers == [True]


async def test_in_production_the_alias_must_be_typed(explorer) -> None:
    async with explorer.open() as s:
        dialog = Confirm("Stop", [], "Stop", word="shop-prod", asks_for="the account's alias")
        answers = await asked(s, dialog)
        assert dialog.query_one("#do").disabled
        s.app.screen.set_focus(dialog.query_one("Input"))
        await s.type("shop-pro")
        assert dialog.query_one("#do").disabled
        await s.type("d")
        assert not dialog.query_one("#do").disabled
        await s.type("<enter>", "<tab>", "<enter>")
        assert answers == [True]
