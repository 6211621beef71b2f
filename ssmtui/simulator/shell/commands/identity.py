"""Programs that say who and what: uname, hostname, id, whoami, uptime, w, sw_vers, lscpu ..."""

from __future__ import annotations

from datetime import UTC, datetime

from ssmtui.simulator.shell.commands.making import formatted
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.system import load
from ssmtui.simulator.shell.machine.users import SSM_USER, User
from ssmtui.simulator.shell.options import Options


async def uname(call: Invocation) -> int:
    options = Options(
        call.args, "asnrvmpio",
        long={"all": "a", "kernel-name": "s", "nodename": "n", "kernel-release": "r",
              "machine": "m"},
    )  # fmt: skip
    machine = call.machine
    darwin = machine.system.id == "macos"
    arch = machine.hardware.arch
    version = (
        f"Darwin Kernel Version {machine.kernel}: root:xnu-10063/RELEASE"
        if darwin
        else "#1 SMP PREEMPT_DYNAMIC Tue Sep 30 18:14:07 UTC 2025"
    )
    facts = {
        "s": "Darwin" if darwin else "Linux", "n": machine.hostname, "r": machine.kernel,
        "v": version, "m": arch, "p": arch, "i": arch, "o": "Darwin" if darwin else "GNU/Linux",
    }  # fmt: skip
    wanted = [letter for letter in "snrvmpio" if letter in options] or ["s"]
    if "a" in options:
        wanted = list("snrvm" if darwin else "snrvmpio")
    await call.line(" ".join(facts[letter] for letter in wanted))
    return 0


async def hostname(call: Invocation) -> int:
    options = Options(call.args, "fsiIAd", long={"fqdn": "f", "short": "s", "ip-address": "i"})
    machine = call.machine
    if "i" in options or "I" in options:
        await call.line(machine.node.address)
    elif "f" in options:
        await call.line(machine.node.computer_name or machine.node.private_dns)
    elif options.rest:
        if not call.root:
            raise Complaint("you must be root to change the host name")
        machine.hostname = options.rest[0][:63]
        machine.touched = True
    else:
        await call.line(machine.hostname)
    return 0


async def hostnamectl(call: Invocation) -> int:
    machine = call.machine
    rows = {
        "Static hostname": machine.hostname,
        "Machine ID": machine.tree.text("/etc/machine-id").strip(),
        "Virtualization": "none" if machine.node.hybrid else "amazon",
        "Operating System": machine.system.pretty,
        "Kernel": f"Linux {machine.kernel}",
        "Architecture": machine.hardware.arch.replace("x86_64", "x86-64"),
    }
    await call.lines([f"{label:>17}: {value}" for label, value in rows.items()])
    return 0


async def whoami(call: Invocation) -> int:
    await call.line(call.user.name)
    return 0


async def identify(call: Invocation) -> int:
    options = Options(call.args, "ugGnr")
    name = options.rest[0] if options.rest else call.user.name
    user = call.machine.users.get(name)
    if user is None:
        raise Complaint(f"'{name}': no such user")
    if "n" in options:
        await call.line(" ".join(_groups(user)) if "G" in options else user.name)
    elif "u" in options or "g" in options or "G" in options:
        await call.line(str(user.uid))
    else:
        groups = ",".join(
            f"{user.uid if group == user.name else number(group) % 900}({group})"
            for group in _groups(user)
        )
        await call.line(f"uid={user.uid}({user.name}) gid={user.uid}({user.name}) groups={groups}")
    return 0


def _groups(user: User) -> list[str]:
    return [user.name, *user.groups]


async def groups(call: Invocation) -> int:
    await call.line(" ".join(_groups(call.user)))
    return 0


async def uptime(call: Invocation) -> int:
    machine = call.machine
    up = machine.uptime
    if "-p" in call.args:
        days, rest = divmod(int(up), 86400)
        parts = [(days, "day"), (rest // 3600, "hour"), (rest % 3600 // 60, "minute")]
        await call.line(
            "up " + ", ".join(f"{n} {unit}{'s' if n != 1 else ''}" for n, unit in parts if n)
        )
    elif "-s" in call.args:
        moment = datetime.fromtimestamp(machine.boot_time, UTC)
        await call.line(formatted(moment, "%F %T"))
    else:
        await call.line(uptime_line(machine))
    return 0


def uptime_line(machine: Machine) -> str:
    """What uptime, w and top begin with."""
    days, rest = divmod(int(machine.uptime), 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    clock = f"{hours:2d}:{minutes:02d}" if hours else f"{minutes} min"
    up = f"{days} day{'s' if days != 1 else ''}, {clock}" if days else clock
    loads = ", ".join(
        f"{one:.2f}" for one in load(machine.node, machine.hardware.cpus, machine.now)
    )
    now = formatted(datetime.fromtimestamp(machine.now, UTC), "%T")
    people = len({process.tty for process in machine.processes} - {"?"})
    return f" {now} up {up},  {people} user{'s' if people != 1 else ''},  load average: {loads}"


async def w(call: Invocation) -> int:
    await call.line(uptime_line(call.machine))
    await call.line("USER     TTY        LOGIN@   IDLE   JCPU   PCPU WHAT")
    if call.tty is not None:
        now = formatted(datetime.fromtimestamp(call.machine.now, UTC), "%R")
        await call.line(f"{call.user.name:<8} {call.tty.name:<9} {now:>7}  0.00s  0.01s  0.00s w")
    return 0


async def who(call: Invocation) -> int:
    if call.tty is not None:
        now = formatted(datetime.fromtimestamp(call.machine.now, UTC), "%F %R")
        await call.line(f"{call.user.name:<8} {call.tty.name:<12} {now}")
    return 0


async def last(call: Invocation) -> int:
    boot = formatted(datetime.fromtimestamp(call.machine.boot_time, UTC), "%a %b %e %R")
    await call.line(f"{SSM_USER} pts/0        127.0.0.1        {boot}   still logged in")
    await call.line(f"reboot   system boot  {call.machine.kernel[:16]} {boot}   still running")
    return 0


async def nproc(call: Invocation) -> int:
    await call.line(str(call.machine.hardware.cpus))
    return 0


async def arch(call: Invocation) -> int:
    await call.line(call.machine.hardware.arch)
    return 0


async def lscpu(call: Invocation) -> int:
    hardware = call.machine.hardware
    arm = hardware.arch == "aarch64"
    rows = {
        "Architecture": hardware.arch,
        "CPU(s)": str(hardware.cpus),
        "Vendor ID": "ARM" if arm else "GenuineIntel",
        "Model name": "Neoverse-N1" if arm else "Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz",
        "Hypervisor vendor": "KVM",
    }
    await call.lines([f"{label + ':':<22}{value}" for label, value in rows.items()])
    return 0


async def getent(call: Invocation) -> int:
    database, *keys = call.args or [""]
    if database not in ("passwd", "hosts"):
        raise Complaint(f"Unknown database: {database}")
    if database == "hosts":
        await call.line(f"{call.machine.node.address} {call.machine.hostname}")
        return 0
    found = [user for user in call.machine.users.values() if not keys or user.name in keys]
    await call.lines([user.line for user in found])
    return 0 if found else 2


async def sw_vers(call: Invocation) -> int:
    version = call.machine.system.version
    single = {"-productName": "macOS", "-productVersion": version, "-buildVersion": "23H222"}
    if call.args:
        await call.line(single.get("-" + call.args[0].lstrip("-"), ""))
        return 0
    await call.lines(
        [f"ProductName:\t\tmacOS\nProductVersion:\t\t{version}\nBuildVersion:\t\t23H222"]
    )
    return 0


async def lsb_release(call: Invocation) -> int:
    system = call.machine.system
    rows = {"Distributor ID": system.id.capitalize(), "Description": system.pretty,
            "Release": system.version, "Codename": system.codename or "n/a"}  # fmt: skip
    letters = set("".join(call.args))
    wanted = {"i": "Distributor ID", "d": "Description", "r": "Release", "c": "Codename"}
    shown = [label for letter, label in wanted.items() if "a" in letters or letter in letters]
    short = "s" in letters
    await call.lines([rows[label] if short else f"{label}:\t{rows[label]}" for label in shown])
    return 0


PROGRAMS: dict[str, Program] = {
    "uname": uname, "hostname": hostname, "hostnamectl": hostnamectl, "whoami": whoami,
    "id": identify, "groups": groups, "uptime": uptime, "w": w, "who": who, "last": last,
    "nproc": nproc, "arch": arch, "lscpu": lscpu, "getent": getent, "sw_vers": sw_vers,
    "lsb_release": lsb_release,
}  # fmt: skip
