"""The toy machine of a node: everything that a shell on it can see and change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from ssmtui.simulator.clock import Clock
from ssmtui.simulator.outside import Outside
from ssmtui.simulator.shell.machine import applogs, layout, processes, system, users, windows
from ssmtui.simulator.shell.machine import services as services_of
from ssmtui.simulator.shell.machine.applogs import app_format, syslog
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.packages import Packages
from ssmtui.simulator.shell.machine.processes import ProcessTable
from ssmtui.simulator.shell.machine.series import Record
from ssmtui.simulator.shell.machine.services import Services
from ssmtui.simulator.shell.machine.tree import Tree
from ssmtui.simulator.shell.streams import wake
from ssmtui.simulator.world import Node

# Logs do not go back further than this, however long a machine has been up.
OLDEST_LOGS = 3 * 86400.0


@dataclass(frozen=True)
class Memory:
    """Bytes of memory, as `free` shows them."""

    total: int
    used: int
    free: int
    cache: int

    @property
    def available(self) -> int:
        return self.free + self.cache * 9 // 10


class Machine:
    """Made from a node: the same for the same node and time.

    What is done on it stays with it (files, packages, services). It knows no time but the world's
    clock. `on_reboot` is called when somebody reboots it; it is up again at once, its sessions
    (`on_down`) are not.
    """

    def __init__(
        self,
        node: Node,
        clock: Clock,
        *,
        programs: Collection[str] = (),
        on_reboot: Callable[[Machine], None] | None = None,
        outside: Outside | None = None,
    ) -> None:
        self.node = node
        self.clock = clock
        self.windows = node.platform.windows
        self.system = system.distribution(node)
        self.hardware = system.hardware(node)
        self.level = system.patch_level(node, clock.now)
        self.hostname = (node.computer_name or node.private_dns).partition(".")[0]
        self.reboots = 0
        self.touched = False  # whether a program has run that does more than look
        self.outside = outside
        self._on_reboot = on_reboot
        self._rebooted = 0.0
        self._down: list[Callable[[], None]] = []
        self.tree = Tree(lambda: self.now)
        self.packages = Packages(
            self.system,
            role=node.role,
            arch=self.hardware.arch,
            level=self.level,
            agent=lambda: node.agent_version,
        )
        self.hot_fixes = windows.hot_fixes(node.id, self.level, self.built)
        self._start(programs)

    def _start(self, programs: Collection[str]) -> None:
        node, began = self.node, max(self.boot_time, self.now - OLDEST_LOGS)
        units = (
            windows.units(node.role)
            if self.windows
            else services_of.units(node.role, self.system.packager)
        )
        self.users = users.users(
            self.system.admin,
            sorted({unit.user for unit in units} - {"root", "SYSTEM"}),
            darwin=self.system.id == "macos",
        )
        journal = applogs.journal([unit.name for unit in units], node.id, began)
        self.journal = (journal, syslog(self.hostname))
        self.app_log = (applogs.app_series(node.id, began), app_format)
        self.access_log = (applogs.access_series(node.id, began), applogs.access_format)
        self.agent_log = (
            applogs.journal([services_of.SSM_AGENT], f"{node.id} agent", began),
            applogs.agent_format,
        )
        self.firehose = (applogs.firehose_series(node.id, began), app_format)
        self.event_logs = windows.event_logs(node.id, began)
        self.processes = ProcessTable(1500 + number(node.id, "pid") % 900)
        self.services = Services(units, self.processes, journal, lambda: self.now, node.id)
        self._boot()
        layout.furnish(self, programs)

    @property
    def now(self) -> float:
        """Simulated seconds since the epoch."""
        return self.clock.now

    @property
    def fresh(self) -> bool:
        """Whether it is as it came, with nobody on it: another one would be the same."""
        touched = self.touched or self.tree.touched or self.windows or self.reboots
        return not (touched or self._down or self.journal[0].count or self.processes.started)

    @property
    def boot_time(self) -> float:
        return max(self.node.launched, self._rebooted)

    @property
    def uptime(self) -> float:
        return max(0.0, self.now - self.boot_time)

    @property
    def built(self) -> float:
        """When its image was made, which is how old its files are."""
        return self.node.launched - 86400.0 * (5 + number(self.node.id, "image") % 60)

    @property
    def kernel(self) -> str:
        """What `uname -r` says: a new kernel runs only after a reboot."""
        return self._kernel

    @property
    def memory(self) -> Memory:
        total = self.hardware.memory
        used = system.memory_used(self.node, total, self.now)
        cache = (total - used) * (30 + number(self.node.id, "cache") % 50) // 100
        return Memory(total, used, total - used - cache, cache)

    async def wait(self, seconds: float) -> None:
        """Let simulated time pass."""
        passed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        timer = self.clock.after(max(0.0, seconds), partial(wake, passed))
        try:
            await passed
        finally:
            timer.cancel()

    def log(self, unit: str, text: str) -> None:
        """Write a line to the journal."""
        self.journal[0].write(Record(self.now, unit, text))

    def on_down(self, action: Callable[[], None]) -> Callable[[], None]:
        """Call `action` when the machine goes down; what is given back takes that back."""
        self._down.append(action)

        def forget() -> None:
            if action in self._down:
                self._down.remove(action)

        return forget

    def reboot(self) -> None:
        """Go down, which ends every session, and boot anew."""
        self.reboots += 1
        self._rebooted = self.now
        going, self._down = self._down, []
        for action in going:
            action()
        self.log("systemd", "Reached target reboot.target - System Reboot.")
        for process in list(self.processes):
            self.processes.remove(process)
        for service in self.services.all():
            service.process = None
        self._boot()
        if self._on_reboot is not None:
            self._on_reboot(self)

    async def restart(self) -> None:
        """Reboot from within: whoever asks for it is not there afterwards."""
        self.reboot()
        await asyncio.sleep(0)

    def _boot(self) -> None:
        kernel = self.packages.kernel
        arch = self.hardware.arch
        self._kernel = f"{kernel}.{arch}" if self.system.packager == "rpm" else kernel
        if self.windows:
            windows.boot(self.processes, self.boot_time)
        else:
            init = "/sbin/launchd" if self.system.id == "macos" else "/usr/lib/systemd/systemd"
            processes.boot(self.processes, self.boot_time, init)
        self.services.boot(self.boot_time)
