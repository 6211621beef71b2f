from __future__ import annotations

from typing import Any

import pytest


async def test_processes(bench: Any) -> None:
    printed = await bench.windows("Get-Process")
    assert "Handles  NPM(K)    PM(K)      WS(K)     CPU(s)      Id  SI ProcessName" in printed
    assert "amazon-ssm-agent" in printed
    assert (
        await bench.windows("(Get-Process -Name lsass).ProcessName; (ps -Id 4).Name")
        == "lsass\nSystem\n"
    )
    await bench.run("Stop-Process -Name spoolsv", "Windows")
    assert await bench.windows("(Get-Service Spooler).Status") == "Stopped\n"


async def test_services(bench: Any) -> None:
    assert "Running  Spooler            Print Spooler" in await bench.windows("Get-Service")
    script = "Stop-Service Spooler; (gsv spooler).Status; Start-Service Spooler -PassThru | % Status; Restart-Service Spooler; (gsv Spooler).Status"
    assert await bench.windows(script) == "Stopped\nRunning\nRunning\n"
    script = "gsv Spooler | Stop-Service; Set-Service Spooler -StartupType Disabled -Status Running; (gsv Spooler).StartType"
    assert await bench.windows(script) == "Disabled\n"
    assert bench.machine("Windows").services.get("Spooler").active == "active"


async def test_updates(bench: Any) -> None:
    machine = bench.machine("Windows")
    printed = await bench.windows("Get-HotFix")
    assert all(fix.id in printed for fix in machine.hot_fixes)
    assert await bench.windows("(Get-HotFix -Id KB5034127).Description") == "Update\n"


async def test_events(bench: Any) -> None:
    printed = await bench.windows("Get-WinEvent -LogName System -MaxEvents 3")
    assert printed.count("2026") == 3
    assert await bench.windows("(Get-EventLog Security -Newest 5).Count") == "5\n"
    assert (
        await bench.windows(
            "(Get-WinEvent -FilterHashtable @{LogName='Application'} -MaxEvents 1).LogName"
        )
        == "Application\n"
    )
    newest, older = (
        await bench.windows("(Get-WinEvent System -MaxEvents 2).TimeCreated | % Hour")
    ).split()
    assert int(newest) >= int(older)


async def test_the_computer(bench: Any) -> None:
    machine = bench.machine("Windows")
    assert machine.system.version in await bench.windows("Get-ComputerInfo; systeminfo")
    script = "(Get-CimInstance Win32_OperatingSystem).Caption; (gwmi Win32_ComputerSystem).Name; hostname"
    assert (
        await bench.windows(script)
        == f"{machine.system.pretty}\n{machine.hostname}\n{machine.hostname}\n"
    )
    assert (
        await bench.windows("(Get-CimInstance Win32_LogicalDisk).DeviceID; (Get-PSDrive).Name")
        == "C:\nC\n"
    )
    assert machine.node.address in await bench.windows("ipconfig; Get-NetIPAddress")
    assert "ssm-user" in await bench.windows("whoami")
    assert "LISTENING" in await bench.windows("netstat -ano; tasklist; ipconfig /all; Get-Volume")
    assert (
        await bench.windows("(Get-CimInstance Win32_Service | ? Name -eq WinRM).Status")
        == "Running\n"
    )


async def test_dates(bench: Any) -> None:
    assert (
        await bench.windows("Get-Date -Format 'yyyy-MM-dd'; Get-Date -UFormat %s")
        == "2026-11-02\n1793606400\n"
    )


async def test_connections(bench: Any) -> None:
    script = "(Test-NetConnection localhost -Port 3389).TcpTestSucceeded; (tnc example.com -Port 443).TcpTestSucceeded"
    assert await bench.windows(script) == "True\nFalse\n"


@pytest.mark.parametrize("script", ["Restart-Computer -Force", "shutdown /r /t 0"])
async def test_restarting(bench: Any, script: str) -> None:
    result = await bench.run(f"'going'; {script}; 'never'", "Windows")
    assert result.stdout == "going\r\n"
    assert bench.machine("Windows").reboots == 1


async def test_other_shells(bench: Any) -> None:
    assert await bench.windows("powershell -Command 'Write-Output hi'") == "hi\n"
    assert "Microsoft Windows [Version" in await bench.windows("cmd /c ver")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("Get-Process nope", 'Cannot find a process with the name "nope"'),
        ("Get-Service nope", "Cannot find any service with service name 'nope'"),
        ("Restart-Service nope", "Cannot find any service"),
        ("Get-HotFix KB1", "Cannot find the requested hotfix"),
        ("Get-WinEvent Nope", "There is not an event log"),
        ("Get-CimInstance Nope", "Invalid class"),
        ("shutdown /s", "only be rebooted"),
    ],
)
async def test_problems(bench: Any, script: str, message: str) -> None:
    assert message in (await bench.run(script, "Windows")).stderr
