"""What a shell remembers: variables, functions, options, the folder it is in."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from ssmtui.simulator.shell.bash.limits import LONGEST_VALUE, MOST_VALUES, Exhausted
from ssmtui.simulator.shell.bash.syntax import Command
from ssmtui.simulator.shell.machine.users import User


@dataclass
class State:
    """A subshell has a copy of its own."""

    user: User
    cwd: str
    name: str = "bash"  # $0
    variables: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)
    readonly: set[str] = field(default_factory=set)
    functions: dict[str, Command] = field(default_factory=dict)
    positional: list[str] = field(default_factory=list)
    options: set[str] = field(default_factory=set)  # e, u, x, f, pipefail
    traps: dict[str, str] = field(default_factory=dict)
    history: deque[str] = field(default_factory=lambda: deque(maxlen=500))
    status: int = 0
    pid: int = 4242
    background: int = 0  # $!
    old_cwd: str = ""
    depth: int = 0
    locals: list[dict[str, str | None]] = field(default_factory=list)
    _size: int = 0

    def copy(self) -> State:
        """A subshell's."""
        return State(
            self.user, self.cwd, self.name, dict(self.variables), set(self.exported),
            set(self.readonly), dict(self.functions), list(self.positional), set(self.options),
            {}, self.history, self.status, self.pid, self.background, self.old_cwd, self.depth,
            [dict(frame) for frame in self.locals], self._size,
        )  # fmt: skip

    def get(self, name: str) -> str | None:
        return self.variables.get(name)

    def set(self, name: str, value: str) -> None:
        """Exhausted if it is too long, or there is too much in all."""
        size = self._size + len(value) - len(self.variables.get(name, ""))
        if len(value) > LONGEST_VALUE or size > MOST_VALUES:
            raise Exhausted(f"xrealloc: cannot allocate {len(value)} bytes")
        self._size = size
        self.variables[name] = value

    def unset(self, name: str) -> None:
        self._size -= len(self.variables.pop(name, ""))
        self.exported.discard(name)

    def make_local(self, name: str) -> None:
        """Keep the present value for the end of the function."""
        self.locals[-1].setdefault(name, self.variables.get(name))

    def leave_function(self) -> None:
        for name, value in self.locals.pop().items():
            if value is None:
                self.unset(name)
            else:
                self.set(name, value)

    @property
    def environment(self) -> dict[str, str]:
        """What a program gets."""
        return {name: self.variables[name] for name in sorted(self.exported & set(self.variables))}
