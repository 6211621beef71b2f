from __future__ import annotations

from typing import Any


def test_powershell_runs_on_windows_only(desk: Any) -> None:
    (windows,) = desk.nodes(platform="Windows")
    command = desk.send([windows], "Write-Output hello", document="AWS-RunPowerShellScript")
    desk.after(command)
    assert command.invocations[windows.id].plugins[0].stdout.text == "hello\r\n"
    (linux,) = desk.nodes()
    command = desk.send([linux], "Write-Output hello", document="AWS-RunPowerShellScript")
    desk.after(command)
    (result,) = command.invocations[linux.id].plugins
    assert (result.code, "pwsh" in result.stderr.text) == (1, True)


def test_scripts_are_roots(desk: Any) -> None:
    assert desk.on(desk.nodes()[0], "whoami").plugins[0].stdout.text == "root\n"


def test_what_a_script_does_stays_on_the_machine(desk: Any) -> None:
    (node,) = desk.nodes()
    desk.on(node, "echo kept > /root/file")
    assert desk.on(node, "cat /root/file").plugins[0].stdout.text == "kept\n"
