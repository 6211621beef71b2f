"""The command group: verbs are lazy, options may stand on either side."""

import subprocess
import sys

import pytest

from ssmtui import __version__
from ssmtui.cli.main import VERBS


def test_version(ssmtui):
    assert __version__ in ssmtui("--version").stdout


def test_help_lists_every_verb(ssmtui):
    result = ssmtui("--help")
    assert result.exit_code == 0
    for verb in VERBS:
        assert verb in result.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(ssmtui, verb):
    assert ssmtui(verb, "--help").exit_code == 0


def test_an_unknown_verb(ssmtui):
    result = ssmtui("gett")
    assert result.exit_code == 2
    assert "gett" in result.stderr


def test_the_explorer_needs_a_terminal(ssmtui):
    result = ssmtui()
    assert result.exit_code == 2
    assert "needs a terminal" in result.stderr


def test_a_command_goes_with_the_explorer_only(ssmtui):
    result = ssmtui("-c", ":no", "info")
    assert result.exit_code == 2


def test_the_module_runs():
    done = subprocess.run(
        [sys.executable, "-m", "ssmtui", "--version"], capture_output=True, text=True, check=True
    )
    assert __version__ in done.stdout
