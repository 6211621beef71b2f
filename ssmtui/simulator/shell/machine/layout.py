"""The files of a fresh machine. Their content is made when somebody reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from ssmtui.simulator.shell.machine.files import Device, Folder, Kept, Link, Live, Stock
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.logfile import LogFile
from ssmtui.simulator.shell.machine.paths import TMP
from ssmtui.simulator.shell.machine.system import load
from ssmtui.simulator.world.catalogue import WINDOWS_2016

if TYPE_CHECKING:
    from ssmtui.simulator.shell.machine.machine import Machine

HOUR = 3600.0
DAY = 24 * HOUR

BINARIES = "/usr/bin"


def furnish(machine: Machine, programs: Collection[str]) -> None:
    """Put everything into its tree; `programs` are the names in /usr/bin."""
    for path, text in _texts(machine).items():
        _place(machine, path, text)
    _folders(machine)
    _devices(machine)
    if machine.windows:
        _place_windows(machine)
        return
    for path, make in _live(machine).items():
        machine.tree.place(path, Live(make, mode=0o444, modified=machine.boot_time))
    _logs(machine)
    built = machine.built
    version = machine.system.kernels[machine.level]
    stock = Stock(programs, lambda name: Kept(_program(name, version), mode=0o755, modified=built))
    machine.tree.place(BINARIES, Folder(mode=0o755, modified=built, entries=stock))
    for link in ("bin", "sbin"):
        machine.tree.place(f"/{link}", Link(mode=0o777, modified=built, target="usr/bin"))
    machine.tree.find("/etc/shadow").mode = 0o600


def _place(machine: Machine, path: str, text: Callable[[], str]) -> None:
    owner = "root"
    if path.startswith("/home/"):
        owner = path.split("/")[2]
    machine.tree.place(path, Kept(text, owner=owner, group=owner, modified=machine.built))


@lru_cache(maxsize=4096)
def _program(name: str, version: str) -> Callable[[], str]:
    """What stands for an executable: enough for `ls -l`, `file` and checksums to differ."""

    def make() -> str:
        return f"\x7fELF\x02\x01\x01\0 {name} {version} {number(name, version):x}\n" * 400

    return make


def _texts(machine: Machine) -> dict[str, Callable[[], str]]:
    if machine.windows:
        return {}
    host, system = machine.hostname, machine.system
    admin = machine.users[system.admin]
    texts: dict[str, Callable[[], str]] = {
        "/etc/hostname": lambda: f"{host}\n",
        "/etc/hosts": lambda: (
            f"127.0.0.1   localhost localhost.localdomain\n::1         localhost6\n"
            f"{machine.node.address}   {host}\n"
        ),
        "/etc/passwd": lambda: "".join(f"{user.line}\n" for user in machine.users.values()),
        "/etc/group": lambda: "".join(
            f"{user.name}:x:{user.uid}:\n" for user in machine.users.values()
        ),
        "/etc/shadow": lambda: "".join(
            f"{user.name}:*LOCK*:19700:0:99999:7:::\n" for user in machine.users.values()
        ),
        "/etc/os-release": lambda: _os_release(machine),
        "/etc/resolv.conf": lambda: (
            f"search {machine.node.region}.compute.internal\nnameserver 169.254.169.253\n"
        ),
        "/etc/fstab": lambda: "/dev/nvme0n1p1 / xfs defaults,noatime 1 1\n",
        "/etc/machine-id": lambda: f"{number(machine.node.id, 'machine'):016x}" * 2 + "\n",
        "/etc/ssh/sshd_config": lambda: (
            "Port 22\nPermitRootLogin no\nPasswordAuthentication no\nX11Forwarding yes\n"
        ),
        "/etc/crontab": lambda: "SHELL=/bin/bash\n01 * * * * root run-parts /etc/cron.hourly\n",
        "/etc/amazon/ssm/amazon-ssm-agent.json": lambda: (
            '{\n    "Profile": {"ShareCreds": true},\n    "Mds": {"CommandWorkersLimit": 5},\n'
            '    "Agent": {"Region": "' + machine.node.region + '"}\n}\n'
        ),
        f"{admin.home}/.bashrc": lambda: "# .bashrc\nexport EDITOR=vim\nalias ll='ls -l'\n",
        f"{admin.home}/notes.txt": lambda: "reboot after the kernel update\nask Jane about certs\n",
        "/root/.bashrc": lambda: "# .bashrc\n",
        "/etc/motd": lambda: f"Welcome to {system.pretty}\n",
    }
    if "app" in {service.name for service in machine.services.all()}:
        texts["/etc/app/app.conf"] = lambda: (
            f"[server]\nlisten = 0.0.0.0:8080\nworkers = {machine.hardware.cpus}\n"
            f"env = {machine.node.tags.get('Env', 'unknown')}\n\n[log]\npath = /var/log/app.log\n"
            f"level = info\n"
        )
        texts["/opt/app/VERSION"] = lambda: f"4.{machine.node.launched // DAY % 40:.0f}.1\n"
    if machine.services.get("nginx"):
        texts["/etc/nginx/nginx.conf"] = lambda: (
            "user nginx;\nworker_processes auto;\nevents { worker_connections 1024; }\n"
            "http {\n    access_log /var/log/nginx/access.log;\n    server {\n"
            "        listen 80;\n        location / { proxy_pass http://127.0.0.1:8080; }\n"
            "    }\n}\n"
        )
    return texts


def _os_release(machine: Machine) -> str:
    system = machine.system
    name = system.pretty.split(system.version.split(".")[0])[0].strip()
    lines = [
        f'NAME="{name}"', f'VERSION="{system.version}"', f'ID="{system.id}"',
        f'ID_LIKE="{system.like}"', f'VERSION_ID="{system.version}"',
        f'PRETTY_NAME="{system.pretty}"',
    ]  # fmt: skip
    if system.codename:
        lines.append(f"VERSION_CODENAME={system.codename}")
    return "\n".join(lines) + "\n"


def _folders(machine: Machine) -> None:
    tree, built = machine.tree, machine.built
    if machine.windows:
        return
    for user in machine.users.values():
        if user.home.startswith(("/home", "/Users", "/root", "/var/root")):
            _folder(machine, user.home, user.name, 0o700)
    for path in ("/mnt", "/srv", "/boot", "/run", "/usr/local/bin", "/var/lib", "/var/tmp"):  # noqa: S108
        if not tree.exists(path):
            tree.place(path, Folder(mode=0o755, modified=built))
    tree.place(TMP, Folder(mode=0o1777, modified=machine.boot_time))
    tree.place(f"{machine.users['root'].home}/.ssh", Folder(mode=0o700, modified=built))
    if machine.hardware.data:
        _folder(machine, "/data/pgsql", "postgres", 0o700)


def _folder(machine: Machine, path: str, owner: str, mode: int) -> None:
    tree = machine.tree
    if not tree.exists(path):
        tree.place(path, Folder(modified=machine.built))
    folder = tree.find(path)
    folder.owner = folder.group = owner
    folder.mode = mode


def _devices(machine: Machine) -> None:
    for name in ("null", "zero", "random", "urandom"):
        machine.tree.place(f"/dev/{name}", Device(name, modified=machine.boot_time))


def _place_windows(machine: Machine) -> None:
    """Drives are folders of the tree's root: C:\\Windows is /C:/Windows."""
    built = machine.built
    files = {
        "/C:/Windows/System32/drivers/etc/hosts": "127.0.0.1       localhost\r\n",
        "/C:/ProgramData/Amazon/SSM/Logs/errors.log": "",
        "/C:/Windows/win.ini": "; for 16-bit app support\r\n[fonts]\r\n[extensions]\r\n",
        "/C:/Users/Administrator/Desktop/readme.txt": "Patched by Systems Manager.\r\n",
    }
    if machine.node.platform.version != WINDOWS_2016.version:  # the others have brought it along
        files["/C:/Windows/System32/tar.exe"] = "MZ"
    for path, text in files.items():
        machine.tree.place(path, Kept(text.encode(), modified=built))
    for path in ("/C:/Temp", "/C:/Users/ssm-user", "/C:/inetpub/wwwroot", "/C:/Program Files"):
        machine.tree.place(path, Folder(mode=0o777, modified=built))
    _log(machine, "/C:/ProgramData/Amazon/SSM/Logs/amazon-ssm-agent.log", machine.journal, 6 * HOUR)
    _log(machine, "/C:/inetpub/logs/app.log", machine.app_log, 6 * HOUR)


def _logs(machine: Machine) -> None:
    syslog = "syslog" if machine.system.packager == "deb" else "messages"
    syslog = "system.log" if machine.system.id == "macos" else syslog
    _log(machine, f"/var/log/{syslog}", machine.journal, 6 * HOUR)
    _log(machine, "/var/log/app.log", machine.app_log, 6 * HOUR)
    _log(machine, "/var/log/amazon/ssm/amazon-ssm-agent.log", machine.agent_log, DAY)
    _log(machine, "/var/log/firehose.log", machine.firehose, 10.0)
    if machine.services.get("nginx"):
        _log(machine, "/var/log/nginx/access.log", machine.access_log, HOUR)


def _log(machine: Machine, path: str, log: tuple[object, object], rotation: float) -> None:
    series, line = log
    file = LogFile(
        series, lambda: machine.now, line, rotation, modified=machine.boot_time,  # type: ignore[arg-type]
        owner="root", mode=0o640 if "amazon" in path else 0o644,
    )  # fmt: skip
    machine.tree.place(path, file)


def _live(machine: Machine) -> dict[str, Callable[[], str]]:
    """/proc."""
    if machine.system.id == "macos":
        return {}

    def cpuinfo() -> str:
        model = "Neoverse-N1" if machine.hardware.arch == "aarch64" else "Intel(R) Xeon(R) 8375C"
        return "".join(
            f"processor\t: {cpu}\nmodel name\t: {model}\ncpu MHz\t\t: 2900.0\n\n"
            for cpu in range(machine.hardware.cpus)
        )

    def meminfo() -> str:
        memory = machine.memory
        rows = {
            "MemTotal": memory.total, "MemFree": memory.free, "MemAvailable": memory.available,
            "Buffers": memory.cache // 20, "Cached": memory.cache, "SwapTotal": 0, "SwapFree": 0,
        }  # fmt: skip
        return "".join(f"{name + ':':<16}{amount >> 10:>8} kB\n" for name, amount in rows.items())

    def loadavg() -> str:
        one, five, fifteen = load(machine.node, machine.hardware.cpus, machine.now)
        return f"{one:.2f} {five:.2f} {fifteen:.2f} 1/{len(list(machine.processes))} 4242\n"

    return {
        "/proc/cpuinfo": cpuinfo,
        "/proc/meminfo": meminfo,
        "/proc/loadavg": loadavg,
        "/proc/uptime": lambda: f"{machine.uptime:.2f} {machine.uptime * 0.93:.2f}\n",
        "/proc/version": lambda: f"Linux version {machine.kernel} (mockbuild@builder) (gcc 11)\n",
        "/proc/cmdline": lambda: "BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p1 ro\n",
        "/proc/mounts": lambda: "/dev/nvme0n1p1 / xfs rw,noatime 0 0\nproc /proc proc rw 0 0\n",
        "/proc/filesystems": lambda: "nodev\ttmpfs\nnodev\tproc\n\txfs\n\text4\n",
        "/proc/sys/kernel/hostname": lambda: f"{machine.hostname}\n",
    }
