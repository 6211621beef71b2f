"""Programs that measure: df, free, ps, top, vmstat, pgrep, kill, lsblk, dmesg."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.commands.identity import uptime_line
from ssmtui.simulator.shell.commands.listing import human
from ssmtui.simulator.shell.commands.making import formatted, seconds
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.processes import Process
from ssmtui.simulator.shell.machine.system import disk_used
from ssmtui.simulator.shell.options import Options


def disks(machine: Machine) -> list[tuple[str, int, int, str, str]]:
    """Device, bytes in all, bytes used, where it is mounted, and its file system."""
    hardware, now = machine.hardware, machine.now
    used = disk_used(machine.node, "/", hardware.disk, now) + machine.tree.used
    if machine.system.id == "macos":
        return [("/dev/disk3s1s1", hardware.disk, min(used, hardware.disk), "/", "apfs")]
    found = [
        ("devtmpfs", 4 << 20, 0, "/dev", "devtmpfs"),
        ("tmpfs", hardware.memory // 2, 0, "/dev/shm", "tmpfs"),  # noqa: S108
        ("tmpfs", hardware.memory // 5, 660 << 10, "/run", "tmpfs"),
        ("/dev/nvme0n1p1", hardware.disk, min(used, hardware.disk), "/", "xfs"),
    ]
    if hardware.data:
        amount = disk_used(machine.node, "/data", hardware.data, now)
        found.append(("/dev/nvme1n1", hardware.data, amount, "/data", "xfs"))
    return found


async def df(call: Invocation) -> int:
    options = Options(
        call.args, "hHTkmaPi", "t", {"human-readable": "h", "print-type": "T", "output": "P"}
    )
    rows = disks(call.machine)
    if options.rest:
        entry = call.path(options.rest[0])
        call.machine.tree.find(entry, call.user.name)
        rows = [max((row for row in rows if (entry + "/").startswith(row[3].rstrip("/") + "/")),
                    key=lambda row: len(row[3]))]  # fmt: skip
    readable = "h" in options or "H" in options
    unit = 1 << (20 if "m" in options else 10)

    def show(amount: int) -> str:
        return human(amount) if readable else str(amount // unit)

    label = "Size" if readable else "1M-blocks" if "m" in options else "1K-blocks"
    kind = f" {'Type':<9}" if "T" in options else ""
    width = 5 if readable else 10
    await call.line(
        f"{'Filesystem':<15}{kind} {label:>{width}} {'Used':>{width}} "
        f"{'Avail' if readable else 'Available':>{width}} Use% Mounted on"
    )
    for device, total, used, place, system in rows:
        middle = f" {system:<9}" if "T" in options else ""
        await call.line(
            f"{device:<15}{middle} {show(total):>{width}} {show(used):>{width}} "
            f"{show(total - used):>{width}} {-(-used * 100 // total):>3}% {place}"
        )
    return 0


async def free(call: Invocation) -> int:
    options = Options(call.args, "hbkmgt", "s", {"human": "h", "mega": "m", "giga": "g"})
    memory = call.machine.memory
    shift = next((bits for letter, bits in (("b", 0), ("m", 20), ("g", 30)) if letter in options),
                 10)  # fmt: skip

    def show(amount: int) -> str:
        if "h" not in options:
            return str(amount >> shift)
        return human(amount) + ("i" if amount >= 1024 else "B")

    await call.line(
        "               total        used        free      shared  buff/cache   available"
    )
    row = (memory.total, memory.used, memory.free, 1 << 20, memory.cache, memory.available)
    await call.line("Mem:    " + "".join(f"{show(amount):>12}" for amount in row))
    await call.line("Swap:   " + "".join(f"{show(0):>12}" for _ in range(3)))
    return 0


def _percent(process: Process, machine: Machine) -> float:
    return process.memory * 1024 * 100 / machine.hardware.memory


def _cpu_time(process: Process, machine: Machine) -> int:
    return int((machine.now - process.started) * process.cpu / 100)


async def ps(call: Invocation) -> int:
    args = call.args
    letters = "".join(arg.lstrip("-") for arg in args if not arg.startswith("--"))
    machine = call.machine
    found = list(machine.processes)
    chosen = [arg for before, arg in itertools.pairwise(args) if before in ("-p", "p")]
    if chosen:
        found = [process for process in found if str(process.pid) in chosen[0].split(",")]
    elif not set(letters) & set("aAexf"):
        tty = call.tty.name if call.tty else "?"
        found = [process for process in found if process.tty == tty and tty != "?"]
    if "--sort=-%mem" in args or "--sort=-rss" in args:
        found.sort(key=lambda process: -process.memory)
    elif "--sort=-%cpu" in args or "--sort=-pcpu" in args:
        found.sort(key=lambda process: -process.cpu)
    columns = [arg for before, arg in itertools.pairwise(args) if before.endswith("o")]
    if columns:
        await _ps_columns(call, found, columns[-1].split(","))
    elif "u" in letters:
        await call.line(
            "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"
        )
        await call.lines([_ps_user(process, machine) for process in found])
    elif "f" in letters:
        await call.line("UID          PID    PPID  C STIME TTY          TIME CMD")
        await call.lines([_ps_full(process, machine) for process in found])
    else:
        await call.line("    PID TTY          TIME CMD")
        await call.lines(
            [
                f"{process.pid:>7} {process.tty:<8} {_clock(_cpu_time(process, machine))} "
                f"{process.name}"
                for process in found
            ]
        )
    return 0 if found else 1


async def _ps_columns(call: Invocation, found: list[Process], names: list[str]) -> None:
    machine = call.machine

    def value(process: Process, name: str) -> str:
        known = {
            "pid": str(process.pid), "ppid": str(process.parent), "user": process.user,
            "comm": process.name, "cmd": process.command, "args": process.command,
            "command": process.command, "rss": str(process.memory), "tty": process.tty,
            "stat": process.state, "%cpu": f"{process.cpu:.1f}", "pcpu": f"{process.cpu:.1f}",
            "%mem": f"{_percent(process, machine):.1f}",
            "pmem": f"{_percent(process, machine):.1f}",
            "etime": _clock(int(machine.now - process.started)),
            "time": _clock(_cpu_time(process, machine)),
        }  # fmt: skip
        if name not in known:
            raise Complaint('error: unknown user-defined format specifier "' + name + '"')
        return known[name]

    titles = [name.partition("=") for name in names]
    rows = [[value(process, name) for name, _, _ in titles] for process in found]
    if not all(equals for _, equals, _ in titles):
        rows.insert(0, [(title or name).upper() for name, _, title in titles])
    widths = [max((len(row[at]) for row in rows), default=0) for at in range(len(titles))]
    await call.lines(
        [" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
         for row in rows]
    )  # fmt: skip


def _ps_user(process: Process, machine: Machine) -> str:
    return (
        f"{process.user[:8]:<8} {process.pid:>7} {process.cpu:>4.1f} "
        f"{_percent(process, machine):>4.1f} {process.memory * 3:>6} {process.memory:>5} "
        f"{process.tty:<8} {process.state:<4} {_start(process, machine):>5} "
        f"{_minutes(_cpu_time(process, machine)):>6} {process.command}"
    )


def _ps_full(process: Process, machine: Machine) -> str:
    return (
        f"{process.user:<8} {process.pid:>7} {process.parent:>7} {int(process.cpu):>2} "
        f"{_start(process, machine)} {process.tty:<8} {_clock(_cpu_time(process, machine))} "
        f"{process.command}"
    )


def _start(process: Process, machine: Machine) -> str:
    moment = datetime.fromtimestamp(process.started, UTC)
    return formatted(moment, "%R" if machine.now - process.started < 86400 else "%b%d")


def _clock(amount: int) -> str:
    return f"{amount // 3600:02d}:{amount % 3600 // 60:02d}:{amount % 60:02d}"


def _minutes(amount: int) -> str:
    return f"{amount // 60}:{amount % 60:02d}"


async def top(call: Invocation) -> int:
    options = Options(call.args, "bHci", "ndpuo")
    tty = None if "b" in options else call.tty
    frames = options.number("n", 1 if tty is None else 1 << 30)
    pause = seconds(options.value("d", "3"))
    if tty is None:
        for frame in range(frames):
            await call.lines([*_top(call.machine, 1000), ""])
            if frame + 1 < frames:
                await call.machine.wait(pause)
                call.turns.waited()
        return 0
    tty.echo = tty.canonical = False
    quitting = spawn(_told_to_quit(call), "keys of top")
    try:
        for _ in range(frames):
            await call.out("\x1b[H\x1b[2J")
            lines = _top(call.machine, max(1, tty.rows - 8))
            await call.lines([line[: tty.cols] for line in lines])
            waiting = spawn(call.machine.wait(pause), "pause of top")
            try:
                await asyncio.wait({quitting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                waiting.cancel()
            call.turns.waited()
            if quitting.done():
                break
    finally:
        quitting.cancel()
    return 0


async def _told_to_quit(call: Invocation) -> None:
    while (typed := await call.streams.stdin.read()) and b"q" not in typed:
        pass


def _top(machine: Machine, rows: int) -> list[str]:
    memory = machine.memory
    processes = sorted(machine.processes, key=lambda process: (-process.cpu, process.pid))
    total = sum(process.cpu for process in processes) / machine.hardware.cpus
    mib = [amount / (1 << 20) for amount in (memory.total, memory.free, memory.used, memory.cache)]
    running = sum("R" in process.state for process in processes)
    lines = [
        f"top -{uptime_line(machine)}",
        (
            f"Tasks: {len(processes)} total,   {max(1, running)} running, "
            f"{len(processes) - max(1, running)} sleeping,   0 stopped,   0 zombie"
        ),
        (
            f"%Cpu(s): {total * 0.8:4.1f} us, {total * 0.2:4.1f} sy,  0.0 ni, "
            f"{max(0.0, 100 - total):4.1f} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st"
        ),
        (
            f"MiB Mem : {mib[0]:8.1f} total, {mib[1]:8.1f} free, {mib[2]:8.1f} used, "
            f"{mib[3]:8.1f} buff/cache"
        ),
        (
            f"MiB Swap:      0.0 total,      0.0 free,      0.0 used. "
            f"{memory.available / (1 << 20):8.1f} avail Mem"
        ),
        "",
        "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND",
    ]
    lines += [
        f"{process.pid:>7} {process.user[:8]:<8}  20   0 {process.memory * 3:>7} "
        f"{process.memory:>6} {process.memory // 3:>6} {process.state[0]} {process.cpu:>5.1f} "
        f"{_percent(process, machine):>5.1f} {_minutes(_cpu_time(process, machine)):>7}.00 "
        f"{process.name}"
        for process in processes[:rows]
    ]
    return lines


async def vmstat(call: Invocation) -> int:
    memory = call.machine.memory
    await call.line("procs -----------memory---------- ---swap-- -----io---- -system-- ----cpu----")
    await call.line(" r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa")
    await call.line(
        f" 1  0      0 {memory.free >> 10:>6} {memory.cache >> 15:>6} {memory.cache >> 10:>6}"
        "    0    0     2     9  210  340  3  1 96  0"
    )
    return 0


async def lsblk(call: Invocation) -> int:
    hardware = call.machine.hardware
    await call.line("NAME          MAJ:MIN RM  SIZE RO TYPE MOUNTPOINTS")
    await call.line(f"nvme0n1       259:0    0 {human(hardware.disk):>5}  0 disk ")
    await call.line(f"└─nvme0n1p1   259:1    0 {human(hardware.disk):>5}  0 part /")
    if hardware.data:
        await call.line(f"nvme1n1       259:2    0 {human(hardware.data):>5}  0 disk /data")
    return 0


async def dmesg(call: Invocation) -> int:
    if not call.root:
        raise Complaint("read kernel buffer failed: Operation not permitted")
    machine = call.machine
    rows = [
        (0.0, f"Linux version {machine.kernel}"),
        (0.0, "Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p1 ro"),
        (0.31, f"Memory: {machine.hardware.memory >> 10}K available"),
        (1.42, "nvme nvme0: pci function 0000:00:04.0"),
        (2.08, "ena 0000:00:05.0: Elastic Network Adapter (ENA) found"),
        (3.6, "systemd[1]: Detected virtualization amazon."),
    ]
    await call.lines([f"[{at:12.6f}] {text}" for at, text in rows])
    return 0


async def mount(call: Invocation) -> int:
    await call.lines(
        [f"{device} on {place} type {system} (rw,noatime)"
         for device, _, _, place, system in disks(call.machine)]
    )  # fmt: skip
    return 0


PROGRAMS: dict[str, Program] = {
    "df": df, "free": free, "ps": ps, "top": top, "vmstat": vmstat, "lsblk": lsblk,
    "dmesg": dmesg, "mount": mount,
}  # fmt: skip
