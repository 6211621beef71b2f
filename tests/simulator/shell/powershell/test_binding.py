from __future__ import annotations

import pytest

from ssmtui.simulator.shell.powershell.binding import bind
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values
from ssmtui.simulator.shell.powershell.values import PowerShellError, Value


async def nothing(call: Call, values: Values) -> Values:
    async for value in values:
        yield value


CMDLET = Cmdlet("Get-X", ("Path", "Filter", "[Depth]", "Recurse?", "Raw?"), nothing)
Arguments = list[tuple[str, Value, bool]]


@pytest.mark.parametrize(
    ("arguments", "named", "rest"),
    [
        ([("", "a", False)], {"path": "a"}, []),
        ([("filter", "f", False), ("", "a", False)], {"filter": "f", "path": "a"}, []),
        ([("depth", None, True), ("", 3, False)], {"depth": 3}, []),
        ([("rec", None, True), ("", "a", False)], {"recurse": True, "path": "a"}, []),
        ([("recurse", False, False)], {"recurse": False}, []),
        ([("", 1, False), ("", 2, False), ("", 3, False)], {"path": 1, "filter": 2}, [3]),
        ([("erroraction", "Stop", False)], {"erroraction": "Stop"}, []),
    ],
)
def test_binding(arguments: Arguments, named: dict[str, Value], rest: list[Value]) -> None:
    assert bind(CMDLET, arguments) == (named, rest)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([("nope", None, True)], "matches parameter name 'nope'"),
        ([("r", None, True)], "matches parameter name 'r'"),
        ([("path", None, True)], "Missing an argument for parameter 'path'"),
        ([("path", None, True), ("raw", None, True)], "Missing an argument"),
    ],
)
def test_mistakes(arguments: Arguments, message: str) -> None:
    with pytest.raises(PowerShellError, match=message):
        bind(CMDLET, arguments)
