"""What is particular to a toy machine that runs Windows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.processes import Process, ProcessTable
from ssmtui.simulator.shell.machine.series import ERROR, INFO, WARNING, Series, Stream, seed
from ssmtui.simulator.shell.machine.services import Unit

_FOLDER = "C:\\Windows\\System32\\"

UNITS = (
    Unit("AmazonSSMAgent", "Amazon SSM Agent",
         "C:\\Program Files\\Amazon\\SSM\\amazon-ssm-agent.exe", "SYSTEM", memory=41_000),
    Unit("Dnscache", "DNS Client", _FOLDER + "svchost.exe", "NETWORK SERVICE", memory=11_000),
    Unit("EventLog", "Windows Event Log", _FOLDER + "svchost.exe", "LOCAL SERVICE", memory=18_000),
    Unit("LanmanServer", "Server", _FOLDER + "svchost.exe", "SYSTEM", 445, 9_000),
    Unit("Spooler", "Print Spooler", _FOLDER + "spoolsv.exe", "SYSTEM", memory=14_000),
    Unit("TermService", "Remote Desktop Services", _FOLDER + "svchost.exe", "NETWORK SERVICE",
         3389, 21_000),
    Unit("W32Time", "Windows Time", _FOLDER + "svchost.exe", "LOCAL SERVICE", memory=7_000),
    Unit("WinRM", "Windows Remote Management (WS-Management)", _FOLDER + "svchost.exe",
         "NETWORK SERVICE", 5985, 16_000),
    Unit("W3SVC", "World Wide Web Publishing Service", _FOLDER + "inetsrv\\w3wp.exe", "SYSTEM",
         80, 187_000),
)  # fmt: skip


def units(role: str) -> list[Unit]:
    """Its services, in the order in which they start."""
    return [unit for unit in UNITS if unit.name != "W3SVC" or role == "app"]


_PROCESSES = (
    "System", "Registry", "smss", "csrss", "wininit", "services", "lsass", "winlogon", "dwm",
    "svchost", "svchost", "fontdrvhost", "MsMpEng", "conhost",
)  # fmt: skip


def boot(table: ProcessTable, started: float) -> None:
    """The processes that are there before the first service."""
    for at, name in enumerate(_PROCESSES):
        memory = 4_000 + number(name, at) % 90_000
        table.place(Process(4 + 4 * at * at, 0, "SYSTEM", name, started, memory, cpu=at / 2))


class HotFix(NamedTuple):
    """An update as Get-HotFix lists it. `installed` is in epoch seconds."""

    id: str
    description: str
    installed: float


_MONTHLY = (
    ("KB5034127", "Update", 2024, 1), ("KB5036896", "Security Update", 2024, 4),
    ("KB5040430", "Security Update", 2024, 7), ("KB5044277", "Security Update", 2024, 10),
    ("KB5050008", "Security Update", 2025, 1), ("KB5055519", "Security Update", 2025, 4),
    ("KB5062557", "Security Update", 2025, 7), ("KB5066586", "Security Update", 2025, 10),
    ("KB5073379", "Security Update", 2026, 1), ("KB5082123", "Security Update", 2026, 4),
    ("KB5089544", "Security Update", 2026, 10),
)  # fmt: skip


def hot_fixes(node_id: str, level: int, built: float) -> list[HotFix]:
    """What is installed: the lower the patch level, the more of the latest are missing."""
    kept = _MONTHLY[: len(_MONTHLY) - (2 - level) * 2]
    found = []
    for name, description, year, month in kept:
        published = datetime(year, month, 8, tzinfo=UTC).timestamp()
        days = 2 + number(node_id, name) % 12
        found.append(HotFix(name, description, max(published + days * 86400.0, built)))
    return found


_EVENTS = (
    ("Service Control Manager", 7036, INFO, "The Windows Update service entered the {} state."),
    ("Microsoft-Windows-Kernel-General", 16, INFO, "The access history in hive {} was cleared."),
    ("Microsoft-Windows-WindowsUpdateClient", 19, INFO,
     "Installation Successful: Windows successfully installed the following update: {}"),
    ("DCOM", 10016, WARNING,
     "The application-specific permission settings do not grant Local Activation permission {}."),
    ("Service Control Manager", 7031, ERROR, "The Print Spooler service terminated unexpectedly."),
    ("Microsoft-Windows-Time-Service", 35, INFO, "The time service is now synchronizing with {}."),
)  # fmt: skip
_WHAT = ("running", "stopped", "2026-10 Cumulative Update", "0x9 (169.254.169.123:123)", "DEFAULT")


def _event(bits: int, when: float) -> tuple[str, str]:
    """`provider|id|message`, and how bad it is."""
    provider, event, level, message = _EVENTS[bits % len(_EVENTS)]
    return f"{provider}|{event}|{message.format(_WHAT[(bits >> 8) % len(_WHAT)])}", level


def event_logs(node_id: str, began: float) -> dict[str, Series]:
    """The event logs by name; the records' texts are `provider|id|message`."""
    return {
        name: Series({name: Stream(name, seed(node_id, name), interval, _event)}, began)
        for name, interval in (("System", 300.0), ("Application", 420.0), ("Security", 45.0))
    }
