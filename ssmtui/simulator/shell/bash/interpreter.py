"""Runs what the parser has read: lists, pipelines, loops, functions and programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.arithmetic import ArithmeticProblem, evaluate
from ssmtui.simulator.shell.bash.compound import Compounds
from ssmtui.simulator.shell.bash.conditions import ConditionProblem
from ssmtui.simulator.shell.bash.expansion import Expander, ExpansionProblem
from ssmtui.simulator.shell.bash.flow import (
    Flow,
    FunctionReturn,
    LoopBreak,
    LoopContinue,
    ShellExit,
)
from ssmtui.simulator.shell.bash.jobs import Jobs
from ssmtui.simulator.shell.bash.limits import DEEPEST, LONGEST_VALUE, Exhausted
from ssmtui.simulator.shell.bash.parser import parse
from ssmtui.simulator.shell.bash.programs import Programs
from ssmtui.simulator.shell.bash.redirection import BadDescriptor, Redirector
from ssmtui.simulator.shell.bash.running import PIPE_STATUS, as_process, guarded
from ssmtui.simulator.shell.bash.state import State
from ssmtui.simulator.shell.bash.syntax import (
    Assignment,
    Command,
    Group,
    Item,
    Pipeline,
    Program,
    ShellSyntaxError,
    Simple,
    Subshell,
)
from ssmtui.simulator.shell.invocation import Invocation, Streams
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.processes import Process, TooManyProcesses
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.streams import Closed, Collector, Nothing, Pipe, Turns, decode, encode
from ssmtui.simulator.shell.terminal.tty import Tty

_PROBLEMS = (
    ArithmeticProblem,
    BadDescriptor,
    ConditionProblem,
    Exhausted,
    ExpansionProblem,
    FileProblem,
    TooManyProcesses,
)


class Bash:
    """A shell on a machine. `programs` are what it can run besides what it does itself.

    `run` may be called again and again: what one text sets, the next one finds.
    """

    def __init__(
        self,
        machine: Machine,
        state: State,
        streams: Streams,
        programs: Programs,
        *,
        turns: Turns | None = None,
        tty: Tty | None = None,
        interactive: bool = False,
    ) -> None:
        self.machine = machine
        self.state = state
        self.streams = streams
        self.programs = programs
        self.turns = turns or Turns()
        self.tty = tty
        self.interactive = interactive
        self.jobs = Jobs()
        self.expander = Expander(self, machine.tree)
        self._line = 1
        self._substituted = 0  # the status of the last $(...) of an assignment
        self.tested = 0  # within a condition, where set -e does not count
        self._randoms = 0
        self._started = machine.now
        self._commands: dict[type, Callable[[Any, Streams], Awaitable[int]]] = {
            Simple: self._simple,
            Group: lambda command, streams: self.program(command.body, streams),
            Subshell: self._subshell,
            **Compounds(self).handlers,
        }

    # Whole texts.

    async def run(self, text: str) -> int:
        """Run a script and end: exit traps run, background jobs are ended. The exit status."""
        try:
            status = await self.execute(text)
        except ShellExit as leaving:
            status = leaving.status
        finally:
            await self.jobs.end()
        return await self.leave(status)

    async def leave(self, status: int) -> int:
        """Run the EXIT trap; the status to exit with."""
        trap = self.state.traps.pop("EXIT", None)
        if not trap:
            return status
        self.state.status = status
        try:
            await self.execute(trap)
        except ShellExit as leaving:
            return leaving.status
        return status

    async def execute(self, text: str) -> int:
        """Run a text within this shell. ShellExit passes; other ways out end here."""
        try:
            for program, line in parse(text):
                self._line = line
                await self.program(program, self.streams)
        except ShellSyntaxError as error:
            await self._say(str(error))
            self.state.status = 2
        except FunctionReturn as leaving:
            self.state.status = leaving.status
        except (LoopBreak, LoopContinue):
            pass
        return self.state.status

    async def source(self, text: str, streams: Streams) -> int:
        """Run a text as part of a command (`.`, `eval`), with that command's streams."""
        self._enter()
        try:
            for program, _ in parse(text):
                await self.program(program, streams)
        except ShellSyntaxError as error:
            await self._say(str(error), streams)
            self.state.status = 2
        finally:
            self.state.depth -= 1
        return self.state.status

    async def output_of(self, program: Program) -> str:
        """What it prints, for $(...); its status is then $?."""
        collector = Collector(LONGEST_VALUE)
        shell = self.fork(self.streams.having(stdout=collector))
        self.state.status = self._substituted = await shell.as_subshell(
            lambda: shell.program(program, shell.streams), self._process("bash")
        )
        return decode(collector.data.replace(b"\0", b""))

    def special(self, name: str) -> str | None:
        state = self.state
        match name:
            case "?":
                value: object = state.status
            case "$":
                value = state.pid
            case "!":
                value = state.background or ""
            case "-":
                value = "".join(sorted(state.options & set("eufx"))) + "hB"
            case "RANDOM":
                self._randoms += 1
                value = number(self.machine.node.id, state.pid, self._randoms) % 32768
            case "SECONDS":
                value = int(self.machine.now - self._started)
            case "LINENO":
                value = self._line
            case "COLUMNS" | "LINES" if self.tty is not None:
                value = self.tty.cols if name == "COLUMNS" else self.tty.rows
            case _:
                return None
        return str(value)

    # Lists and pipelines.

    async def program(self, program: Program, streams: Streams) -> int:
        for item in program:
            await self.turns.take()
            await self._item(item, streams)
        return self.state.status

    async def _item(self, item: Item, streams: Streams) -> None:
        if item.background:
            await self._background(item, streams)
            return
        before, self.tested = self.tested, self.tested + bool(item.operators)
        try:
            status = await self._pipeline(item.pipelines[0], streams)
            for index, operator in enumerate(item.operators):
                if (status == 0) != (operator == "&&"):
                    continue
                if index == len(item.operators) - 1:
                    self.tested = before
                status = await self._pipeline(item.pipelines[index + 1], streams)
        finally:
            self.tested = before

    async def _background(self, item: Item, streams: Streams) -> None:
        shell = self.fork(streams.having(stdin=Nothing()))
        work = Item(item.pipelines, item.operators, item.text)
        process = self._process(item.text)
        running = shell.as_subshell(lambda: shell.program([work], shell.streams), process)
        task = spawn(running, f"toy job {item.text[:40]}")
        job = self.jobs.add(task, item.text, process.pid)
        self.state.background = job.pid
        self.state.status = 0
        if self.interactive:
            await streams.stderr.write(encode(f"[{job.number}] {job.pid}\n"))

    def _process(self, command: str) -> Process:
        """A new process of this shell; TooManyProcesses."""
        return self.machine.processes.start(
            self.state.user.name,
            command[:4096],
            self.machine.now,
            parent=self.state.pid,
            tty=self.tty.name if self.tty else "?",
            state="S+",
        )

    async def _pipeline(self, pipeline: Pipeline, streams: Streams) -> int:
        self.tested += pipeline.negated
        try:
            if len(pipeline.commands) == 1:
                status = await self._command(pipeline.commands[0], streams)
            else:
                status = await self._stages(pipeline.commands, streams)
        finally:
            self.tested -= pipeline.negated
        self.state.status = int(not status) if pipeline.negated else status
        if status and not pipeline.negated and not self.tested and "e" in self.state.options:
            raise ShellExit(status)
        return self.state.status

    async def _stages(self, commands: list[Command], streams: Streams) -> int:
        """Each in a subshell of its own, with pipes between them."""
        pipes = [Pipe() for _ in commands[1:]]
        tasks = []
        for index, command in enumerate(commands):
            before = pipes[index - 1] if index else None
            after = pipes[index] if index < len(pipes) else None
            shell = self.fork(streams.having(stdin=before, stdout=after))
            work = shell.stage(command, before, after)
            tasks.append(spawn(work, "toy pipeline"))
        try:
            await asyncio.wait(tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        statuses = [task.result() for task in tasks]
        if "pipefail" in self.state.options:
            return next((status for status in reversed(statuses) if status), 0)
        return statuses[-1]

    async def stage(self, command: Command, before: Pipe | None, after: Pipe | None) -> int:
        """One stage of a pipeline, in a shell that was forked for it."""
        try:
            return await self._contained(lambda: self._command(command, self.streams))
        finally:
            if after is not None:
                after.end()
            if before is not None:
                before.abandon()

    # Subshells.

    def fork(self, streams: Streams) -> Bash:
        """A subshell."""
        shell = Bash(
            self.machine, self.state.copy(), streams, self.programs, turns=self.turns, tty=self.tty
        )
        shell.state.depth += 1
        shell._line, shell.tested = self._line, self.tested
        shell._started, shell._randoms = self._started, self._randoms + 1
        return shell

    async def as_subshell(self, work: Callable[[], Awaitable[int]], process: Process) -> int:
        """Do it as a process of its own, in a shell that was forked for it."""
        if self.state.depth > DEEPEST:
            self.machine.processes.finish(process)
            await self._say("maximum subshell level exceeded")
            return 1
        return await as_process(self._contained(work), self.machine, process)

    async def _contained(self, work: Callable[[], Awaitable[int]]) -> int:
        """Nothing but the status leaves a subshell."""
        try:
            return await work()
        except ShellExit as leaving:
            return await self.leave(leaving.status)
        except FunctionReturn as leaving:
            return leaving.status
        except (LoopBreak, LoopContinue):
            return 0
        except Closed:
            return PIPE_STATUS
        finally:
            await self.jobs.end()

    async def _subshell(self, command: Subshell, streams: Streams) -> int:
        shell = self.fork(streams)
        return await shell.as_subshell(
            lambda: shell.program(command.body, streams), self._process("bash")
        )

    # Commands.

    async def _command(self, command: Command, streams: Streams) -> int:
        """One command, with its redirections; its problems are said and become its status."""
        try:
            self._enter()
            try:
                if command.redirects:
                    streams = await self._redirector().apply(streams, command.redirects)
                return await self._commands[type(command)](command, streams)
            finally:
                self.state.depth -= 1
        except _PROBLEMS as problem:
            return await self._problem(problem, streams)

    async def _problem(self, problem: Exception, streams: Streams) -> int:
        text = str(problem)
        if isinstance(problem, TooManyProcesses):
            text = "fork: retry: Resource temporarily unavailable"
        await self._say(text, streams)
        fatal = isinstance(problem, ExpansionProblem) and not self.interactive
        self.state.status = 1
        if fatal or ("e" in self.state.options and not self.tested):
            raise ShellExit(127 if fatal and "unbound" in text else 1)
        return 1

    def _enter(self) -> None:
        self.state.depth += 1
        if self.state.depth > DEEPEST:
            self.state.depth -= 1
            raise Exhausted("maximum nesting level exceeded")

    def _redirector(self) -> Redirector:
        state = self.state
        return Redirector(self.machine, state.user.name, state.cwd, self.turns, self.expander.text)

    async def _simple(self, command: Simple, streams: Streams) -> int:
        self._line = command.line
        self.state.status, before = 0, self.state.status
        if not command.words:
            return await self._assign(command.assignments, before)
        self.state.status = before
        arguments = await self.expander.arguments(command.words)
        if not arguments:
            return await self._assign(command.assignments, 0)
        if "x" in self.state.options:
            await streams.stderr.write(encode("+ " + " ".join(arguments) + "\n"))
        extra = {one.name: await self.expander.text(one.word) for one in command.assignments}
        return await self.call(arguments, streams, extra)

    async def _assign(self, assignments: list[Assignment], status: int) -> int:
        """Variables of this shell; the status is that of the last $(...), if there is one."""
        self.state.status, self._substituted = status, 0
        for one in assignments:
            if one.name in self.state.readonly:
                raise Exhausted(f"{one.name}: readonly variable")
            value = await self.expander.text(one.word)
            before = self.state.get(one.name) or "" if one.append else ""
            self.state.set(one.name, before + value)
        if "a" in self.state.options:
            self.state.exported.update(one.name for one in assignments)
        if assignments:
            self.state.status = self._substituted
        return self.state.status

    async def call(
        self,
        arguments: list[str],
        streams: Streams,
        extra: dict[str, str] | None = None,
        *,
        functions: bool = True,
    ) -> int:
        """Run a function, a builtin or a program by its name; `extra` variables are for it alone.

        "command not found" is 127.
        """
        name, *rest = arguments
        function = self.state.functions.get(name) if functions else None
        builtin = None if function is not None else self.programs.builtin(name)
        if function is None and builtin is None:
            return await self._program(name, rest, streams, extra or {})
        before = {key: self.state.get(key) for key in extra or {}}
        for key, text in (extra or {}).items():
            self.state.set(key, text)
        try:
            if function is not None:
                return await self._function(function, rest, streams)
            if builtin is not None:
                return await guarded(builtin, self.invocation(name, rest, streams, {}))
            return 127
        finally:
            for key, value in before.items():
                self._restore(key, value)

    def _restore(self, name: str, value: str | None) -> None:
        if value is None:
            self.state.unset(name)
        else:
            self.state.set(name, value)

    async def _function(self, body: Command, args: list[str], streams: Streams) -> int:
        before, self.state.positional = self.state.positional, args
        self.state.locals.append({})
        try:
            return await self._command(body, streams)
        except FunctionReturn as leaving:
            return leaving.status
        finally:
            self.state.leave_function()
            self.state.positional = before

    async def _program(
        self, name: str, args: list[str], streams: Streams, extra: dict[str, str]
    ) -> int:
        found = self.programs.find(name, self)
        if found.program is None:
            await self._say(f"{name}: {found.problem}", streams)
            return found.status
        process = self._process(" ".join([name, *args]).strip())
        invocation = self.invocation(name, args, streams, extra)
        return await as_process(guarded(found.program, invocation), self.machine, process)

    def invocation(
        self, name: str, args: list[str], streams: Streams, extra: dict[str, str]
    ) -> Invocation:
        state = self.state
        env = {**state.environment, **extra}
        return Invocation(
            name, args, self, self.machine, state.user, state.cwd, env, streams, self.turns,
            self.tty,
        )  # fmt: skip

    def calculate(self, text: str) -> int:
        """For `let` and for numbers in [[ ]]."""
        return evaluate(text, lambda name: self.state.get(name) or "", self.state.set)

    # Words to the user.

    @property
    def label(self) -> str:
        """What bash's own messages begin with."""
        name = self.state.name.removeprefix("-")
        return name if self.interactive else f"{name}: line {self._line}"

    async def _say(self, text: str, streams: Streams | None = None) -> None:
        try:
            await (streams or self.streams).stderr.write(encode(f"{self.label}: {text}\n"))
        except Closed:
            raise ShellExit(PIPE_STATUS) from None


__all__ = ["Bash", "Flow"]
