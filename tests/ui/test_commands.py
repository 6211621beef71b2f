from __future__ import annotations

import pytest

from ssmtui.core.actions import Action
from ssmtui.core.problem import ProblemError
from ssmtui.ui.commands import Go, Run, Vocabulary

THEME = Action("theme", (), "theme", "Choose", argument="NAME")
QUIT = Action("quit", (), "quit", "Quit")


@pytest.fixture
def words(fleet) -> Vocabulary:
    return Vocabulary(
        resources=[fleet.resource()],
        actions=[THEME, QUIT],
        aliases={"prod": "no Env=prod", "nodes": "nodes @prod"},
        contexts=lambda: ["prod-eu", "dev", "eu-west-1"],
        arguments={"theme": lambda: ["night", "day"]},
    )


@pytest.mark.parametrize(
    ("line", "filter_"),
    [
        (":no", ""),
        ("node", ""),
        (" no  Env=prod Role=web ", "Env=prod Role=web"),
        (":no /web", "web"),
        (":no/web", "web"),
        (":no @prod-eu", "@prod-eu"),
        (":no@prod-eu Env=dev", "@prod-eu Env=dev"),
        (":prod", "Env=prod"),
        (":prod Role=web", "Env=prod Role=web"),
        (":nodes", "@prod"),
        (":no since 08:00", "seen>=08:00"),
        (":no since 2h Env=prod", "seen<2h Env=prod"),
        (":no since 1h30m", "seen<1h30m"),
        (":no since 1y", "seen<1y"),
        (':no since "2026-11-01 08:00" web', 'seen>="2026-11-01 08:00" web'),
        (":no since 2h seen=never", "seen<2h seen=never"),  # wrong where it was typed
        (":no sincere", "sincere"),
    ],
)
def test_going_to_a_resource(words: Vocabulary, line: str, filter_: str) -> None:
    command = words.parse(line)
    assert isinstance(command, Go)
    assert command.resource.name == "nodes"
    assert command.filter == filter_


@pytest.mark.parametrize("moment", ["25:99", "yesterday", "2026-13-01", "30", "08:00)", '"08:00'])
def test_a_moment_that_is_none_is_answered_in_the_words_that_were_typed(
    words: Vocabulary, moment: str
) -> None:
    with pytest.raises(ProblemError) as caught:
        words.parse(f":no since {moment} Env=prod")
    assert caught.value.problem.sentence == (
        "since wants a duration (30m), a date (2026-11-01) or a time of today (08:00), "
        f"not “{moment}”."
    )


@pytest.mark.parametrize("line", [":q", "q!", ":quit", "exit", "qa"])
def test_every_way_to_quit(words: Vocabulary, line: str) -> None:
    assert words.parse(line) == Run(QUIT)


def test_an_action_with_what_it_takes(words: Vocabulary) -> None:
    assert words.parse(":theme night") == Run(THEME, "night")
    with pytest.raises(ProblemError, match="takes nothing"):
        words.parse(":q now")


def test_an_unknown_command_names_what_is_near(words: Vocabulary) -> None:
    with pytest.raises(ProblemError, match=r"no command :nodse\. Did you mean :nodes"):
        words.parse(":nodse")
    with pytest.raises(ProblemError, match="See"):
        words.parse(":zzzzzz")
    with pytest.raises(ProblemError) as caught:
        words.parse(":\x1b[31m")
    assert "\x1b" not in caught.value.problem.sentence


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("the", ["theme"]),
        ("theme n", ["theme night"]),
        ("theme night d", []),
        ("no @", ["no @prod-eu", "no @dev", "no @eu-west-1"]),
        ("no Env=prod @d", ["no Env=prod @dev"]),
        ("no pin", ["no ping="]),
        ("no !pin", ["no !ping="]),
        ("no ", []),
        ("quit x", []),
        ("prod pin", ["prod ping="]),
    ],
)
def test_completion(words: Vocabulary, line: str, lines: list[str]) -> None:
    assert words.complete(line) == lines


def test_completions_begin_with_what_was_typed(words: Vocabulary) -> None:
    for line in ("", "n", "no ", "no a", "no x a", "theme "):
        assert all(done.startswith(line) for done in words.complete(line))
