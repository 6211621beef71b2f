from __future__ import annotations

import pytest

from ssmtui.ui.screens.dialogs import Confirm, Menu


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


COPIES = [
    ("id", "id", "i-0001"),
    ("address", "address", "10.0.0.1"),
    ("arn", "ARN", "arn:aws:ec2"),
    ("row", "row as JSON", ""),
]


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["3"], "arn"),
        (["r"], "row"),
        (["I"], "id"),
        (["j", "<enter>"], "address"),
        (["a", "<enter>"], "address"),
        (["a", "a", "<enter>"], "arn"),
        (["a", "a", "a", "<enter>"], "address"),
        (["9", "z", "<enter>"], "id"),
        (["q"], None),
        (["<escape>"], None),
    ],
)
async def test_digits_and_first_letters_choose(
    explorer, keys: list[str], chosen: str | None
) -> None:
    async with explorer.open() as s:
        answers: list[str | None] = []
        s.app.push_screen(Menu("Copy", COPIES), answers.append)
        await s.settle()
        assert "3 ARN" in s.text
        await s.type(*keys)
        assert answers == [chosen]


async def test_choices_from_the_tenth_on_have_no_digit_and_stand_under_the_others(explorer) -> None:
    async with explorer.open() as s:
        names = [f"theme {letter}" for letter in "abcdefghijk"]
        s.app.push_screen(Menu("Theme", [(name, name, "") for name in names]))
        await s.settle()
        lines = s.text.split("\n")
        (ninth,) = (line for line in lines if "theme i" in line)
        (tenth,) = (line for line in lines if "theme j" in line)
        assert "9 theme i" in ninth
        assert ninth.index("theme") == tenth.index("theme")
        assert "0 theme" not in tenth
