from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, nothing, shown_path
from ssmtui.simulator.shell.powershell.interpreter import Interpreter
from ssmtui.simulator.shell.powershell.values import PowerShellError


@pytest.fixture
def call(bench: Any) -> Call:
    machine = bench.machine("Windows")
    shell = Interpreter(machine, {}, {}, lambda error, where: None, {})
    return Call("Get-X", {"n": "5", "many": [1, 2], "on": True}, [], shell, machine)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("C:\\Windows\\System32", "/C:/Windows/System32"),
        ("c:/windows/SYSTEM32", "/C:/Windows/System32"),
        ("\\Temp", "/C:/Temp"),
        ("..", "/C:/Windows"),
        ("..\\..\\..\\..", "/C:"),
        ("C:\\New\\Thing", "/C:/New/Thing"),
    ],
)
def test_paths(call: Call, path: str, found: str) -> None:
    assert call.tree_path(path) == found


def test_how_paths_are_shown() -> None:
    assert shown_path("/C:/Windows") == "C:\\Windows"
    assert shown_path("/C:") == "C:\\"


def test_parameters(call: Call) -> None:
    assert call.count("n", 0) == 5
    assert call.count("none", 7) == 7
    assert call.texts("many") == ["1", "2"]
    assert call.has("on")
    assert not call.has("off")
    assert call.block("n") is None


def test_what_is_not_there(call: Call) -> None:
    with pytest.raises(PowerShellError, match=r"Cannot find path 'C:.nope'"):
        call.entry("C:\\nope")
    with pytest.raises(PowerShellError, match="is denied"):
        call.file("C:\\Windows")


async def test_a_cmdlet_knows_its_parameters() -> None:
    async def run(call: Call, values: Any) -> Any:
        async for value in values:
            yield value

    cmdlet = Cmdlet("Get-X", ("Path", "[Depth]", "Recurse?"), run)
    assert cmdlet.names == {"path": False, "depth": False, "recurse": True}
    assert cmdlet.positions == ["path"]
    assert [value async for value in nothing()] == []
