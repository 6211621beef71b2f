from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.problem import input_problem
from ssmtui.ui.screens.ask_log import AskLog

SUGGESTED = ["/var/log/app.log", "/var/log/messages", "unit nginx"]


def judge(text: str) -> None:
    if "nowhere" in text:
        raise input_problem("There is no such thing here")


@pytest.fixture
async def asked(explorer: Any) -> Any:
    answers: list[str | None] = []
    async with explorer.open(size=(80, 24)) as s:

        async def ask(suggestions: list[str] = SUGGESTED) -> Any:
            s.app.push_screen(AskLog("web[/]", suggestions, judge), answers.append)
            await s.wait_for(lambda: "Follow a log on web[/]" in s.text)
            return s

        s.ask, s.answers = ask, answers
        yield s


async def test_enter_takes_what_was_followed_last(asked: Any) -> None:
    s = await asked.ask()
    assert "unit nginx" in s.text
    await s.type("<enter>")
    assert asked.answers == ["/var/log/app.log"]


async def test_typing_narrows_what_is_suggested_and_enter_takes_what_was_typed(asked: Any) -> None:
    s = await asked.ask()
    await s.type("<ctrl+u>", "log/m")
    assert "/var/log/messages" in s.text
    assert "unit nginx" not in s.text
    await s.type("<enter>")
    assert asked.answers == ["log/m"]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["<down>", "<enter>"], "/var/log/messages"),
        (["<up>", "<enter>"], "unit nginx"),
        (["<down>", "<down>", "<tab>", "2", "<enter>"], "unit nginx2"),
        (["<ctrl+u>", "mess", "<tab>", "<enter>"], "/var/log/messages"),
        (["<ctrl+u>", "mess", "<down>", "<enter>"], "/var/log/messages"),
        (["<escape>"], None),
    ],
)
async def test_suggestions_are_chosen_by_keys(asked: Any, keys: list[str], answer: Any) -> None:
    s = await asked.ask()
    await s.type(*keys)
    assert asked.answers == [answer]


async def test_what_cannot_be_followed_is_said_and_the_line_stays(asked: Any) -> None:
    s = await asked.ask()
    await s.type("<ctrl+u>", "nowhere", "<enter>")
    assert "There is no such thing here" in s.text
    assert asked.answers == []
    await s.type("<ctrl+u>", "here")
    assert "no such thing" not in s.text
    await s.type("<enter>")
    assert asked.answers == ["here"]


async def test_without_suggestions_one_types(asked: Any) -> None:
    s = await asked.ask([])
    await s.type("<down>", "<tab>", "/a", "<enter>")
    assert asked.answers == ["/a"]
