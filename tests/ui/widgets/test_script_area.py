"""Scripts in colour."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from ssmtui.ui.widgets import script_area
from ssmtui.ui.widgets.script_area import ScriptArea, spans


@pytest.mark.parametrize(
    ("code", "line", "found"),
    [
        ("shell", "if true; then", [("keyword", "if"), ("keyword", "then")]),
        ("shell", "echo \"$HOME\" # home", [("string", '"$HOME"'), ("comment", "# home")]),
        ("shell", "x=${A} y=$1", [("variable", "${A}"), ("variable", "$1")]),
        ("shell", "./if-up a#b", []),
        ("shell", "sleep 30", [("number", "30")]),
        ("powershell", "Get-Service $name", [("keyword", "Get-Service"), ("variable", "$name")]),
        ("powershell", "'it' # what", [("string", "'it'"), ("comment", "# what")]),
    ],
)  # fmt: skip
def test_the_parts_of_a_line(code: str, line: str, found: list[tuple[str, str]]) -> None:
    rules = script_area._RULES[code]
    assert [(name, line[start:end]) for name, start, end in spans(rules, line)] == found


class Area(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {
            "muted": "#777",
            "status-good": "#0f0",
            "status-warn": "#ff0",
            "status-busy": "#0ff",
        }

    def compose(self) -> ComposeResult:
        yield ScriptArea("echo 'hello' # x", code="shell", id="shell")
        yield ScriptArea("echo 'hello' # x", id="none")


async def test_only_code_is_coloured() -> None:
    app = Area()
    async with app.run_test():
        shell, none = (app.query_one(name, ScriptArea) for name in ("#shell", "#none"))
        assert len(shell.get_line(0).spans) == 2
        assert not none.get_line(0).spans
        shell.text = "'" * 5000
        assert not shell.get_line(0).spans
