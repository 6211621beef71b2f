"""Cmdlets and programs of the system: processes, services, updates, events, network, identity."""

from __future__ import annotations

from ssmtui.simulator.shell.commands.network import mac_address
from ssmtui.simulator.shell.machine.hashing import number as hashed
from ssmtui.simulator.shell.machine.services import Service
from ssmtui.simulator.shell.machine.system import disk_used
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing
from ssmtui.simulator.shell.powershell.objects import kept
from ssmtui.simulator.shell.powershell.operators import like, styled
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Span,
    Thing,
    Time,
    Value,
    many,
    short_time,
    text,
)

_LEVELS = {"info": "Information", "warning": "Warning", "err": "Error"}
_ON_SERVICES = ("Start-Service", "Stop-Service", "Restart-Service")


async def processes(call: Call, values: Values) -> Values:
    names = call.texts("name")
    ids = [text(one) for one in many(call.named.get("id"))]
    found = False
    for process in sorted(call.machine.processes, key=lambda one: one.command.casefold()):
        name = process.command.rpartition("\\")[2].removesuffix(".exe").split(" ")[0]
        if names and not any(like(name, pattern) for pattern in names):
            continue
        if ids and str(process.pid) not in ids:
            continue
        found = True
        yield Thing("Process", {
            "Handles": 120 + hashed(process.pid, "handles") % 900, "NPM": process.memory // 900,
            "PM": process.memory, "WSK": process.memory + 4_000,
            "CPU": round((call.machine.now - process.started) * process.cpu / 100, 2),
            "Id": process.pid, "SI": 0, "ProcessName": name, "Name": name,
            "WS": (process.memory + 4_000) * 1024, "StartTime": Time(process.started),
            "Path": process.command if "\\" in process.command else None,
        })  # fmt: skip
    if names and not found and not any("*" in name for name in names):
        raise call.error(
            f'Cannot find a process with the name "{names[0]}". Verify the process name and call '
            "the cmdlet again.",
            f"ObjectNotFound: ({names[0]}:String) [Get-Process], ProcessCommandException",
            "NoProcessFoundForGivenName,Microsoft.PowerShell.Commands.GetProcessCommand",
        )


async def stop_process(call: Call, values: Values) -> Values:
    wanted = {text(one) for one in many(call.named.get("id"))}
    wanted |= {text(one.get("Id")) for one in await kept(values) if isinstance(one, Thing)}
    names = call.texts("name")
    for process in list(call.machine.processes):
        name = process.command.rpartition("\\")[2].removesuffix(".exe")
        if (str(process.pid) in wanted or any(like(name, one) for one in names)) and process.end:
            process.end(9)
    async for value in nothing():
        yield value


def _service(service: Service) -> Thing:
    return Thing("ServiceController", {
        "Status": "Running" if service.active == "active" else "Stopped",
        "Name": service.name, "DisplayName": service.unit.description,
        "StartType": "Automatic" if service.enabled else "Disabled",
        "ServiceName": service.name,
    })  # fmt: skip


def _services(call: Call, names: list[str]) -> list[Service]:
    """Those of these names or patterns; PowerShellError for a name that there is not."""
    everything = sorted(call.machine.services.all(), key=lambda one: one.name.casefold())
    found = [
        one
        for one in everything
        if not names or any(like(one.name, name) or like(one.unit.description, name)
                            for name in names)
    ]  # fmt: skip
    for name in names:
        if "*" not in name and not any(like(one.name, name) or like(one.unit.description, name)
                                       for one in found):  # fmt: skip
            raise call.error(
                f"Cannot find any service with service name '{name}'.",
                f"ObjectNotFound: ({name}:String) [{call.name}], ServiceCommandException",
                "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands."
                f"{call.name.replace('-', '')}Command",
            )
    return found


async def services(call: Call, values: Values) -> Values:
    for service in _services(call, call.texts("name") or call.texts("displayname")):
        yield _service(service)


async def change_service(call: Call, values: Values) -> Values:
    names = call.texts("name")
    if not names:
        names = [text(one.get("Name")) for one in await kept(values) if isinstance(one, Thing)]
    for service in _services(call, names) if names else []:
        if call.name == "Start-Service":
            call.machine.services.start(service)
        elif call.name == "Stop-Service":
            call.machine.services.stop(service)
        else:
            call.machine.services.restart(service)
        if call.has("passthru"):
            yield _service(service)


async def set_service(call: Call, values: Values) -> Values:
    for service in _services(call, call.texts("name")):
        start = call.text("startuptype").lower()
        service.enabled = start != "disabled" if start else service.enabled
        match call.text("status").lower():
            case "running":
                call.machine.services.start(service)
            case "stopped":
                call.machine.services.stop(service)
    async for value in nothing():
        yield value


async def hot_fixes(call: Call, values: Values) -> Values:
    wanted = call.texts("id")
    found = [one for one in call.machine.hot_fixes if not wanted or one.id in wanted]
    if wanted and not found:
        raise call.error(
            "Cannot find the requested hotfix on the 'localhost' computer. Verify the input and "
            "run the command again.",
            "ObjectNotFound: (:) [Get-HotFix], ArgumentException",
            "GetHotFixNoEntriesFound,Microsoft.PowerShell.Commands.GetHotFixCommand",
        )
    for one in found:
        yield Thing("HotFix", {
            "Source": call.machine.hostname, "Description": one.description, "HotFixID": one.id,
            "InstalledBy": "NT AUTHORITY\\SYSTEM", "InstalledOn": Time(one.installed),
        })  # fmt: skip


async def events(call: Call, values: Values) -> Values:
    """Get-WinEvent and Get-EventLog: the newest first."""
    name = call.text("logname") or "System"
    table = call.named.get("filterhashtable")
    if isinstance(table, Thing):
        name = text(table.get("LogName")) or name
    logs = {log.casefold(): series for log, series in call.machine.event_logs.items()}
    series = logs.get(name.casefold())
    if series is None:
        raise call.error(
            f'There is not an event log on the localhost computer that matches "{name}".',
            f"ObjectNotFound: ({name}:String) [{call.name}], Exception",
            "NoMatchingLogsFound,Microsoft.PowerShell.Commands.GetWinEventCommand",
        )
    most = max(1, min(call.count("maxevents", call.count("newest", 256)), 10_000))
    records = series.last(most, call.machine.boot_time, call.machine.now)
    if not records:
        raise call.error("No events were found that match the specified selection criteria.")
    for record in reversed(records):
        provider, number, message = record.text.split("|", 2)
        yield Thing("EventLogRecord", {
            "TimeCreated": Time(record.when), "Id": int(number),
            "LevelDisplayName": _LEVELS.get(record.level, "Information"), "Message": message,
            "ProviderName": provider, "LogName": name, "MachineName": call.machine.hostname,
        })  # fmt: skip


async def computer_info(call: Call, values: Values) -> Values:
    machine = call.machine
    facts: dict[str, Value] = {
        "WindowsProductName": machine.system.pretty.removeprefix("Microsoft "),
        "WindowsVersion": machine.system.version,
        "OsName": machine.system.pretty,
        "OsVersion": machine.system.version,
        "OsArchitecture": "64-bit",
        "OsLastBootUpTime": Time(machine.boot_time),
        "OsUptime": Span(machine.uptime),
        "CsName": machine.hostname,
        "CsManufacturer": "Amazon EC2" if not machine.node.hybrid else "Dell Inc.",
        "CsModel": machine.node.instance_type or "PowerEdge R650",
        "CsNumberOfLogicalProcessors": machine.hardware.cpus,
        "CsTotalPhysicalMemory": machine.hardware.memory,
        "TimeZone": "(UTC) Coordinated Universal Time",
    }
    names = call.texts("property")
    if names:
        facts = {name: value for name, value in facts.items()
                 if any(like(name, one) for one in names)}  # fmt: skip
    yield Thing("ComputerInfo", facts)


async def instance(call: Call, values: Values) -> Values:
    """Get-CimInstance and Get-WmiObject, of the classes that scripts ask for."""
    machine = call.machine
    disk = machine.hardware.disk
    used = disk_used(machine.node, "/", disk, machine.now)
    match call.text("classname").lower() or call.text("class").lower():
        case "win32_operatingsystem":
            yield Thing("Win32_OperatingSystem", {
                "Caption": machine.system.pretty, "Version": machine.system.version,
                "LastBootUpTime": Time(machine.boot_time), "CSName": machine.hostname,
                "FreePhysicalMemory": machine.memory.available >> 10,
                "TotalVisibleMemorySize": machine.memory.total >> 10,
            })  # fmt: skip
        case "win32_computersystem":
            yield Thing("Win32_ComputerSystem", {
                "Name": machine.hostname, "Domain": "WORKGROUP", "Manufacturer": "Amazon EC2",
                "Model": machine.node.instance_type, "TotalPhysicalMemory": machine.hardware.memory,
            })  # fmt: skip
        case "win32_logicaldisk":
            yield Thing("Win32_LogicalDisk", {
                "DeviceID": "C:", "DriveType": 3, "Size": disk, "FreeSpace": disk - used,
                "VolumeName": "",
            })  # fmt: skip
        case "win32_service":
            for service in machine.services.all():
                yield _service(service)
        case name:
            raise call.error(
                "Invalid class ", f"NotSpecified: (root/cimv2:{name[:100]}) [], CimException",
                "HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets",
            )  # fmt: skip


async def drive(call: Call, values: Values) -> Values:
    """Get-PSDrive and Get-Volume."""
    disk = call.machine.hardware.disk
    used = disk_used(call.machine.node, "/", disk, call.machine.now)
    yield Thing("PSDriveInfo", {"Name": "C", "Used (GB)": round(used / (1 << 30), 2),
                                "Free (GB)": round((disk - used) / (1 << 30), 2),
                                "Root": "C:\\"})  # fmt: skip


async def date(call: Call, values: Values) -> Values:
    now = Time(call.machine.now)
    if "format" in call.named:
        yield styled(now, call.text("format"))
    elif "uformat" in call.named:
        yield f"{call.machine.now:.0f}" if call.text("uformat") == "%s" else short_time(now)
    else:
        yield now


async def addresses(call: Call, values: Values) -> Values:
    yield Thing("NetIPAddress", {"IPAddress": call.machine.node.address,
                                 "InterfaceAlias": "Ethernet", "PrefixLength": 20})  # fmt: skip
    yield Thing("NetIPAddress", {"IPAddress": "127.0.0.1",
                                 "InterfaceAlias": "Loopback Pseudo-Interface 1",
                                 "PrefixLength": 8})  # fmt: skip


async def test_connection(call: Call, values: Values) -> Values:
    port = call.count("port", 0)
    near = call.text("computername", "localhost") in ("localhost", "127.0.0.1", "::1")
    open_ = near and (not port or call.machine.services.listening(port) is not None)
    yield Thing("TestNetConnectionResult", {
        "ComputerName": call.text("computername", "localhost"), "RemotePort": port,
        "InterfaceAlias": "Loopback", "TcpTestSucceeded": open_,
        "SourceAddress": call.machine.node.address,
    })  # fmt: skip


async def restart_computer(call: Call, values: Values) -> Values:
    await call.machine.restart()
    async for value in nothing():
        yield value


# Programs, which are not cmdlets: their arguments are words.


async def hostname(call: Call, values: Values) -> Values:
    yield call.machine.hostname


async def whoami(call: Call, values: Values) -> Values:
    yield f"{call.machine.hostname.lower()}\\ssm-user"


async def ipconfig(call: Call, values: Values) -> Values:
    machine = call.machine
    gateway = machine.node.address.rpartition(".")[0] + ".1"
    domain = f"{machine.node.region}.compute.internal"
    lines = [
        "", "Windows IP Configuration", "", "", "Ethernet adapter Ethernet:", "",
        f"   Connection-specific DNS Suffix  . : {domain}",
    ]  # fmt: skip
    if any(text(one).lower() == "/all" for one in call.rest):
        mac = mac_address(machine).replace(":", "-").upper()
        lines.append(f"   Physical Address. . . . . . . . . : {mac}")
    lines += [
        f"   IPv4 Address. . . . . . . . . . . : {machine.node.address}",
        "   Subnet Mask . . . . . . . . . . . : 255.255.240.0",
        f"   Default Gateway . . . . . . . . . : {gateway}",
    ]
    for line in lines:
        yield line


async def systeminfo(call: Call, values: Values) -> Values:
    machine = call.machine
    for label, value in (
        ("Host Name", machine.hostname), ("OS Name", machine.system.pretty),
        ("OS Version", machine.system.version),
        ("System Boot Time", short_time(Time(machine.boot_time))),
        ("Total Physical Memory", f"{machine.hardware.memory >> 20:,} MB"),
        ("Hotfix(s)", f"{len(machine.hot_fixes)} Hotfix(s) Installed."),
    ):  # fmt: skip
        yield f"{label + ':':<26} {value}"


async def tasklist(call: Call, values: Values) -> Values:
    yield f"{'Image Name':<25} {'PID':>8} {'Mem Usage':>12}"
    yield f"{'=' * 25} {'=' * 8} {'=' * 12}"
    for process in call.machine.processes:
        name = process.command.rpartition("\\")[2]
        yield f"{name[:25]:<25} {process.pid:>8} {process.memory:>10,} K"


async def netstat(call: Call, values: Values) -> Values:
    yield "  Proto  Local Address          Foreign Address        State"
    for service in call.machine.services.all():
        if service.unit.port and service.active == "active":
            local = f"0.0.0.0:{service.unit.port}"
            yield f"  TCP    {local:<22} {'0.0.0.0:0':<22} LISTENING"


async def shutdown(call: Call, values: Values) -> Values:
    words = {text(one).lower() for one in call.rest} | set(call.named)
    if not words & {"/r", "r"}:
        raise PowerShellError("a simulated machine can only be rebooted from within (shutdown /r)")
    await call.machine.restart()
    async for value in nothing():
        yield value


async def command_line(call: Call, values: Values) -> Values:
    """cmd /c and powershell -Command, of simple commands."""
    words = [text(one) for one in call.rest]
    while words and words[0].lower() in ("/c", "-command", "-noprofile", "-noninteractive"):
        words.pop(0)
    if words == ["ver"]:
        yield f"\nMicrosoft Windows [Version {call.machine.system.version}]"
        return
    async for value in call.shell.top(call.shell.read(call.text("command") or " ".join(words))):
        yield value


CMDLETS = (
    Cmdlet("Get-Process", ("Name", "[Id]"), processes),
    Cmdlet("Stop-Process", ("Id", "[Name]", "Force?"), stop_process),
    Cmdlet("Get-Service", ("Name", "[DisplayName]"), services),
    *(Cmdlet(name, ("Name", "Force?", "PassThru?"), change_service) for name in _ON_SERVICES),
    Cmdlet("Set-Service", ("Name", "[StartupType]", "[Status]"), set_service),
    Cmdlet("Get-HotFix", ("Id",), hot_fixes),
    Cmdlet("Get-WinEvent", ("LogName", "[MaxEvents]", "[FilterHashtable]"), events),
    Cmdlet("Get-EventLog", ("LogName", "[Newest]", "[EntryType]"), events),
    Cmdlet("Get-ComputerInfo", ("Property",), computer_info),
    Cmdlet("Get-CimInstance", ("ClassName", "[Filter]"), instance),
    Cmdlet("Get-WmiObject", ("Class", "[Filter]"), instance),
    Cmdlet("Get-PSDrive", ("Name",), drive),
    Cmdlet("Get-Volume", ("DriveLetter",), drive),
    Cmdlet("Get-Date", ("Date", "[Format]", "[UFormat]"), date),
    Cmdlet("Get-NetIPAddress", ("IPAddress",), addresses),
    Cmdlet("Test-NetConnection", ("ComputerName", "[Port]"), test_connection),
    Cmdlet("Restart-Computer", ("Force?",), restart_computer),
    Cmdlet("hostname", (), hostname),
    Cmdlet("whoami", (), whoami),
    Cmdlet("ipconfig", (), ipconfig),
    Cmdlet("systeminfo", (), systeminfo),
    Cmdlet("tasklist", (), tasklist),
    Cmdlet("netstat", ("ano?", "an?"), netstat),
    Cmdlet("shutdown", ("r?", "[t]", "f?"), shutdown),
    Cmdlet("cmd", (), command_line),
    Cmdlet("powershell", ("[ExecutionPolicy]", "[Command]", "NoProfile?", "NonInteractive?"),
           command_line),
)  # fmt: skip
