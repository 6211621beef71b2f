"""How a shell begins: the environment of a user, and bash at a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from ssmtui.simulator.shell.bash.interpreter import Bash
from ssmtui.simulator.shell.bash.parser import parse_all
from ssmtui.simulator.shell.bash.programs import PATH
from ssmtui.simulator.shell.bash.state import State
from ssmtui.simulator.shell.bash.syntax import Incomplete, ShellSyntaxError
from ssmtui.simulator.shell.invocation import Streams
from ssmtui.simulator.shell.machine.files import Folder
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.paths import join
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.machine.users import User
from ssmtui.simulator.shell.terminal.tty import Tty, TtyInput


def new_state(machine: Machine, user: User, cwd: str = "", **variables: str) -> State:
    """A fresh shell's; `cwd` is the home if it is not given."""
    state = State(user, cwd or user.home)
    if not machine.tree.exists(state.cwd, user.name):
        state.cwd = "/"
    for name, value in {
        "HOME": user.home,
        "USER": user.name,
        "LOGNAME": user.name,
        "SHELL": user.shell,
        "PATH": PATH,
        "PWD": state.cwd,
        "LANG": "en_US.UTF-8",
        "HOSTNAME": machine.hostname,
        **variables,
    }.items():
        state.set(name, value)
        state.exported.add(name)
    for name, value in {
        "UID": str(user.uid),
        "EUID": str(user.uid),
        "BASH_VERSION": "5.2.15(1)-release",
        "IFS": " \t\n",
    }.items():
        state.set(name, value)
    return state


class BashPrompt:
    """Bash as a language of a terminal."""

    def __init__(self, bash: Bash, tty: Tty) -> None:
        self._bash = bash
        self._tty = tty
        bash.interactive = True
        bash.tty = tty

    @property
    def history(self) -> Sequence[str]:
        return list(self._bash.state.history)

    @property
    def prompt(self) -> str:
        """$PS1 if somebody has set it, with the escapes that people use."""
        bash = self._bash
        state, machine = bash.state, bash.machine
        mark = "#" if state.user.name == "root" else "$"
        home = state.get("HOME") or "/"
        folder = state.cwd
        if folder == home or folder.startswith(home.rstrip("/") + "/"):
            folder = "~" + folder[len(home) :]
        last = folder if folder in ("~", "/") else folder.rpartition("/")[2]
        default = "[\\u@\\h \\W]\\$ " if machine.system.packager != "deb" else "\\u@\\h:\\w\\$ "
        text = state.get("PS1")
        text = default if text is None else text
        for escape, value in {
            "\\u": state.user.name, "\\h": machine.hostname, "\\H": machine.hostname,
            "\\w": folder, "\\W": last, "\\$": mark, "\\[": "", "\\]": "", "\\n": "\r\n",
            "\\e": "\x1b",
        }.items():  # fmt: skip
            text = text.replace(escape, value)
        return text

    @property
    def continuation(self) -> str:
        return self._bash.state.get("PS2") or "> "

    @property
    def last_status(self) -> int:
        return self._bash.state.status

    def remember(self, line: str) -> None:
        history = self._bash.state.history
        if not history or history[-1] != line:
            history.append(line)

    def incomplete(self, text: str) -> bool:
        try:
            parse_all(text)
        except Incomplete:
            return True
        except ShellSyntaxError:
            return False
        return text.endswith("\\\n")

    async def execute(self, text: str) -> int:
        bash, tty = self._bash, self._tty
        bash.streams = Streams.of(TtyInput(tty), tty, tty)
        bash.turns.waited()
        return await bash.execute(text)

    def interrupted(self, signal: int) -> None:
        self._bash.state.status = 128 + signal

    def notices(self) -> list[str]:
        lines = []
        for job in self._bash.jobs.take_done():
            ended = f"Exit {job.status}" if job.status else "Done"
            ended = "Terminated" if job.status == 143 else ended
            lines.append(f"[{job.number}]+  {ended:<22}  {job.text}")
        return lines

    def complete(self, line: str) -> Sequence[str]:
        """Files, and for the first word programs."""
        words = line.split(" ")
        word = words[-1]
        if len([one for one in words if one]) <= 1 and "/" not in word and word:
            names = [name for name in self._bash.programs.names if name.startswith(word)]
            return [name[len(word) :] + (" " if len(names) == 1 else "") for name in names]
        folder, slash, start = word.rpartition("/")
        state = self._bash.state
        try:
            path = join(state.cwd, (folder or "/") if slash else ".")
            entries = self._bash.machine.tree.folder(path, state.user.name).entries
        except FileProblem:
            return []  # nothing to complete in a folder that is not there
        found = sorted(name for name in entries if name.startswith(start))
        if len(found) == 1:
            end = "/" if isinstance(entries[found[0]], Folder) else " "
            return [found[0][len(start) :] + end]
        return [name[len(start) :] for name in found]
