"""Runs compound commands: if, loops, case, functions' definitions, [[ ]] and (( ))."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ssmtui.simulator.shell.bash.conditions import condition
from ssmtui.simulator.shell.bash.flow import (
    LoopBreak,
    LoopContinue,
)
from ssmtui.simulator.shell.bash.syntax import (
    Calculation,
    Case,
    Condition,
    CountingFor,
    For,
    Function,
    If,
    Loop,
    Program,
)
from ssmtui.simulator.shell.invocation import Streams

if TYPE_CHECKING:
    from ssmtui.simulator.shell.bash.interpreter import Bash


class Compounds:
    """Those of one shell."""

    def __init__(self, shell: Bash) -> None:
        self._shell = shell
        self.handlers: dict[type, Callable[[Any, Streams], Awaitable[int]]] = {
            If: self._if,
            Loop: self._loop,
            For: self._for,
            CountingFor: self._counting_for,
            Case: self._case,
            Function: self._define,
            Condition: self._condition,
            Calculation: self._calculation,
        }

    async def _test(self, program: Program, streams: Streams) -> bool:
        self._shell.tested += 1
        try:
            return await self._shell.program(program, streams) == 0
        finally:
            self._shell.tested -= 1

    async def _if(self, command: If, streams: Streams) -> int:
        for tested, body in command.branches:
            if await self._test(tested, streams):
                return await self._shell.program(body, streams)
        if command.otherwise is not None:
            return await self._shell.program(command.otherwise, streams)
        return 0

    async def _loop(self, command: Loop, streams: Streams) -> int:
        status = 0
        while await self._test(command.condition, streams) != command.until:
            done, status = await self._body(command.body, streams)
            if done:
                break
        return status

    async def _for(self, command: For, streams: Streams) -> int:
        values = (
            list(self._shell.state.positional)
            if command.words is None
            else await self._shell.expander.arguments(command.words)
        )
        status = 0
        for value in values:
            self._shell.state.set(command.name, value)
            done, status = await self._body(command.body, streams)
            if done:
                break
        return status

    async def _counting_for(self, command: CountingFor, streams: Streams) -> int:
        status = 0
        await self._shell.expander.number(command.start)
        unlimited = not command.condition or not await self._shell.expander.text(command.condition)
        while unlimited or await self._shell.expander.number(command.condition):
            await self._shell.turns.take()
            done, status = await self._body(command.body, streams)
            if done:
                break
            await self._shell.expander.number(command.step)
        return status

    async def _body(self, body: Program, streams: Streams) -> tuple[bool, int]:
        """One round of a loop: whether it was the last, and its status."""
        await self._shell.turns.take()
        try:
            return False, await self._shell.program(body, streams)
        except LoopBreak as leaving:
            if leaving.levels > 1:
                raise LoopBreak(leaving.levels - 1) from None
            return True, 0
        except LoopContinue as going_on:
            if going_on.levels > 1:
                raise LoopContinue(going_on.levels - 1) from None
            return False, 0

    async def _case(self, command: Case, streams: Streams) -> int:
        value = await self._shell.expander.text(command.word)
        for patterns, body in command.clauses:
            for pattern in patterns:
                if (await self._shell.expander.pattern(pattern)).matches(value):
                    self._shell.state.status = 0
                    return await self._shell.program(body, streams)
        return 0

    async def _define(self, command: Function, streams: Streams) -> int:
        self._shell.state.functions[command.name] = command.body
        return 0

    async def _condition(self, command: Condition, streams: Streams) -> int:
        return int(not await condition(command.words, self._shell.expander, self._shell))

    async def _calculation(self, command: Calculation, streams: Streams) -> int:
        return int(not await self._shell.expander.number(command.word))
