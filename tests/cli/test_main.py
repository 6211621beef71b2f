"""The command group: verbs are lazy, options may stand on either side."""

import pytest

from ssmtui import __version__
from ssmtui.cli.entry import main
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


def test_an_interrupt_while_a_verb_is_imported_is_ours(monkeypatch, capsys):
    def interrupted(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("sys.argv", ["ssmtui", "get", "nodes"])
    monkeypatch.setattr("ssmtui.cli.main.importlib.import_module", interrupted)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130
    assert "Aborted" not in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["gett"], 2), (["--no"], 2)])
def test_the_script_keeps_the_exit_codes_of_click(monkeypatch, arguments, code):
    monkeypatch.setattr("sys.argv", ["ssmtui", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["gett"],
            "ssmtui: There is no command gett. Did you mean get or forget. See ssmtui --help.\n",
        ),
        (["get"], "ssmtui: get needs RESOURCE. See ssmtui get --help.\n"),
        (
            ["info", "--region", "x", "--all-regions"],
            "ssmtui: --region and --all-regions contradict each other. See ssmtui info --help.\n",
        ),
    ],
)
def test_what_is_called_wrongly_is_one_sentence(monkeypatch, capsys, arguments, said):
    monkeypatch.setattr("sys.argv", ["ssmtui", *arguments])
    with pytest.raises(SystemExit):
        main()
    assert capsys.readouterr().err == said
