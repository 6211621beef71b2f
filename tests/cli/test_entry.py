"""From the script to the explorer, or to what its arguments ask for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ssmtui import __version__
from ssmtui.cli.entry import main
from ssmtui.cli.options import Options


@pytest.fixture
def asked(monkeypatch) -> list[tuple[Options, str]]:
    """What the explorer was opened with."""
    wishes: list[tuple[Options, str]] = []
    monkeypatch.setattr("ssmtui.cli.explore.explore", lambda *wish: wishes.append(wish) or 0)
    return wishes


def exit_code_of(monkeypatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr("sys.argv", ["ssmtui", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code


def test_without_arguments_the_explorer_opens(monkeypatch, asked) -> None:
    assert exit_code_of(monkeypatch) == 0
    assert asked == [(Options(), "")]


def test_arguments_are_parsed(monkeypatch, asked) -> None:
    assert exit_code_of(monkeypatch, "--ascii", "-c", ":no /web") == 0
    assert asked == [(Options(ascii=True), ":no /web")]


def test_a_shell_that_completes_gives_no_arguments(monkeypatch, asked, capsys) -> None:
    monkeypatch.setenv("_SSMTUI_COMPLETE", "bash_source")
    assert exit_code_of(monkeypatch) == 0
    assert "_SSMTUI_COMPLETE" in capsys.readouterr().out
    assert asked == []


def test_an_interrupt_is_said_and_no_traceback(monkeypatch, capsys) -> None:
    def interrupted(*_wish: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("ssmtui.cli.explore.explore", interrupted)
    assert exit_code_of(monkeypatch) == 130
    assert capsys.readouterr().err == "ssmtui: interrupted\n"


def test_the_parser_is_imported_only_where_there_is_something_to_parse() -> None:
    code = "import sys, ssmtui.cli.entry as e; sys.argv[1:] = []\n"
    code += "try: e.main()\nexcept SystemExit: print('click' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert "needs a terminal" in done.stderr


def test_the_module_runs() -> None:
    command = [sys.executable, "-m", "ssmtui", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert __version__ in done.stdout
