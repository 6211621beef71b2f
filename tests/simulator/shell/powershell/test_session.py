from __future__ import annotations

from typing import Any

from ssmtui.simulator.shell import Collector, Nothing
from ssmtui.simulator.shell.invocation import Streams
from ssmtui.simulator.shell.powershell.basics import ALIASES
from ssmtui.simulator.shell.powershell.session import CMDLETS, PowerShell


def test_aliases_lead_to_cmdlets() -> None:
    assert set(ALIASES.values()) <= set(CMDLETS)


async def test_what_one_text_sets_the_next_one_finds(bench: Any) -> None:
    machine = bench.machine("Windows")
    stdout, stderr = Collector(), Collector()
    streams = Streams.of(Nothing(), stdout, stderr)
    shell = PowerShell(machine, machine.users["ssm-user"], streams)
    assert await shell.execute("$x = 5; function f { $x }") == 0
    assert await shell.execute("f; $env:USERNAME") == 0
    assert await shell.execute("Get-Foo") == 1
    assert stdout.data == b"5\r\nssm-user\r\n"
    assert b"Get-Foo" in stderr.data


async def test_errors_stand_where_they_came_up(bench: Any) -> None:
    both = Collector()
    machine = bench.machine("Windows")
    shell = PowerShell(machine, machine.users["ssm-user"], Streams.of(Nothing(), both, both))
    await shell.run("'one'; Get-Foo; 'two'")
    text = both.data.decode()
    assert text.index("one") < text.index("Get-Foo") < text.index("two")
