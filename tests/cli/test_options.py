from __future__ import annotations

from click.testing import CliRunner

from ssmtui.cli.main import cli
from ssmtui.cli.options import Options


def test_they_are_what_a_command_line_without_arguments_asks_for(monkeypatch) -> None:
    asked = []
    monkeypatch.setattr("ssmtui.cli.explore.explore", lambda *wish: asked.append(wish) or 0)
    assert CliRunner().invoke(cli, []).exit_code == 0
    assert asked == [(Options(), "")]
