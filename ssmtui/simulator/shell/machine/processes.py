"""The processes of a toy machine: those of the system and its services, and those people start."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST_STARTED = 256  # processes that people may have running at once: more is refused, as by ulimit


@dataclass(eq=False, slots=True)
class Process:
    """`cpu` is in percent, `memory` in KiB. `end` ends it with a signal; None: nothing can."""

    pid: int
    parent: int
    user: str
    command: str
    started: float
    memory: int = 4096
    cpu: float = 0.0
    tty: str = "?"
    state: str = "S"
    end: Callable[[int], None] | None = None

    @property
    def name(self) -> str:
        """As `ps -e` shows it: the program's name without folder and arguments."""
        if self.command.startswith("["):
            return self.command.strip("[]")
        return self.command.split(" ", 1)[0].rpartition("/")[2].rstrip(":")


class TooManyProcesses(Exception):
    """fork(2) would say EAGAIN."""


class ProcessTable:
    def __init__(self, first: int) -> None:
        self._next = first
        self._by_pid: dict[int, Process] = {}
        self._started = 0

    @property
    def started(self) -> int:
        """How many processes of persons there are."""
        return self._started

    def __iter__(self) -> Iterator[Process]:
        return iter(sorted(self._by_pid.values(), key=lambda process: process.pid))

    def get(self, pid: int) -> Process | None:
        return self._by_pid.get(pid)

    def named(self, name: str) -> list[Process]:
        return [process for process in self if process.name == name]

    def place(self, process: Process) -> Process:
        """One that is there from the start, with its own pid."""
        self._by_pid[process.pid] = process
        return process

    def spawn(
        self,
        user: str,
        command: str,
        now: float,
        *,
        parent: int = 1,
        memory: int = 4096,
        cpu: float = 0.0,
        tty: str = "?",
        state: str = "S",
        end: Callable[[int], None] | None = None,
    ) -> Process:
        """A new process of the machine itself."""
        self._next += 1
        process = Process(self._next, parent, user, command, now, memory, cpu, tty, state, end)
        self._by_pid[process.pid] = process
        return process

    def start(
        self, user: str, command: str, now: float, *, parent: int, tty: str, state: str
    ) -> Process:
        """A new process of a person; TooManyProcesses if they have enough."""
        if self._started >= MOST_STARTED:
            raise TooManyProcesses
        self._started += 1
        return self.spawn(user, command, now, parent=parent, tty=tty, state=state)

    def finish(self, process: Process) -> None:
        """One that a person had started is gone."""
        if self._by_pid.pop(process.pid, None) is not None:
            self._started -= 1

    def remove(self, process: Process) -> None:
        """One of the machine itself is gone."""
        self._by_pid.pop(process.pid, None)


KERNEL = (
    "[kthreadd]", "[pool_workqueue_release]", "[kworker/R-rcu_g]", "[kworker/0:0H-events_highpri]",
    "[mm_percpu_wq]", "[rcu_tasks_kthread]", "[ksoftirqd/0]", "[rcu_preempt]", "[migration/0]",
    "[kdevtmpfs]", "[kauditd]", "[khungtaskd]", "[oom_reaper]", "[writeback]", "[kcompactd0]",
    "[khugepaged]", "[kswapd0]", "[nvme-wq]", "[xfsaild/nvme0n1p1]",
)  # fmt: skip


def boot(table: ProcessTable, started: float, init: str) -> None:
    """The processes that are there before the first service."""
    table.place(Process(1, 0, "root", init, started, memory=17_000))
    for pid, name in enumerate(KERNEL, 2):
        table.place(Process(pid, 0 if pid == 2 else 2, "root", name, started, 0, state="I"))
