"""What is said of a verb that was called wrongly."""

import click
import pytest

from ssmtui.cli.main import VERBS, cli
from ssmtui.cli.usage import usage_words


def said(*arguments):
    with pytest.raises(click.UsageError) as caught:
        cli.main(list(arguments), prog_name="ssmtui", standalone_mode=False)
    assert caught.value.exit_code == 2
    return usage_words(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("gett nodes", "There is no command gett. Did you mean get or forget. See ssmtui --help."),
        ("info EXTRA", "info has no use for EXTRA. Leave it out, or see ssmtui info --help."),
        ("cp a b c d", "cp has no use for c d. Leave them out, or see ssmtui cp --help."),
        ("get nodes --demoo", "get has no option --demoo. Did you mean --demo or --mode."),
        ("info --wat", "info has no option --wat. See ssmtui info --help."),
        ("--regoin x", "ssmtui has no option --regoin. Did you mean"),
        ("why", "why needs NAME. See ssmtui why --help."),
        ("completion", "completion needs bash|zsh|fish. See ssmtui completion --help."),
        ("get nodes -o jsn", "--output: 'jsn' is not one of 'table', "),
        ("proxy a b", "PORT: 'b' is not a whole number. See ssmtui proxy --help."),
        ("proxy a 99999", "PORT: 99999 is not in the range"),
        ("tail", "Say which PATH, --unit or --event-log to follow. See ssmtui tail --help."),
    ],
)
def test_one_sentence_and_its_remedy(arguments, words):
    told = said(*arguments.split())
    assert told.startswith(words)
    assert told.endswith(".")
    assert "\n" not in told


@pytest.mark.parametrize("verb", VERBS)
def test_an_option_that_no_verb_has_is_said_by_every_verb(verb):
    assert said(verb, "--no-such-thing").startswith(f"{verb} has no option --no-such-thing. ")


def test_what_was_typed_is_shown_harmlessly():
    assert "\x1b" not in said("\x1b[31mred")
    assert "\x1b" not in said("info", "\x1b[31mred")


def test_without_anything_near_all_verbs_are_named():
    assert all(verb in said("qqq") for verb in VERBS)
