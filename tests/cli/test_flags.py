"""Options before and behind the verb."""

import click
import pytest

from ssmtui.cli.flags import keep_options, shared_options
from ssmtui.cli.options import Options


@click.command()
@shared_options
@click.pass_context
def probe(ctx, **given):
    ctx.obj = keep_options(ctx, given)


def given(*arguments, before=None):
    ctx = probe.make_context("probe", list(arguments), obj=before)
    with ctx:
        probe.invoke(ctx)
    return ctx.obj


def test_repeatable():
    options = given("--profile", "a", "--profile", "b", "--region", "eu-west-1")
    assert options.profiles == ("a", "b")
    assert options.regions == ("eu-west-1",)


def test_behind_the_verb_wins():
    before = Options(profiles=("a",), mode="connect", demo=True)
    options = given("--profile", "b", before=before)
    assert options.profiles == ("b",)
    assert options.mode == "connect"
    assert options.demo


def test_read_only_is_look():
    assert given("--read-only").mode == "look"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--read-only", "--mode", "change"),
        ("--region", "eu-west-1", "--all-regions"),
        ("--mode", "destroy"),
    ],
)
def test_contradictions(arguments):
    with pytest.raises(click.UsageError):
        given(*arguments)
