"""The values of PowerShell's expressions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ssmtui.simulator.shell.powershell import dotnet
from ssmtui.simulator.shell.powershell.operators import LONGEST, member, method, operate
from ssmtui.simulator.shell.powershell.syntax import (
    Binary,
    Block,
    Expression,
    Index,
    Interpolated,
    Items,
    Literal,
    Member,
    Nested,
    Static,
    Table,
    Unary,
    Variable,
)
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Thing,
    Time,
    Value,
    many,
    number,
    single,
    text,
    truth,
)

if TYPE_CHECKING:
    from ssmtui.simulator.shell.powershell.interpreter import Interpreter


class Evaluator:
    """Evaluates for one session, whose `evaluate` counts how deep it goes."""

    def __init__(self, shell: Interpreter) -> None:
        self._shell = shell

    async def value(self, expression: Expression) -> Value:
        match expression:
            case Literal(value):
                return value
            case Variable(name):
                return self._shell.variable(name)
            case Interpolated(parts):
                return await self._interpolated(parts)
            case Nested(body, always_list):
                values = await self._shell.collect(body)
                return values if always_list else single(values)
            case Items(items):
                return [await self._shell.evaluate(item) for item in items]
            case Table(entries):
                keys = {text(await self._shell.evaluate(key)): await self._shell.evaluate(value)
                        for key, value in entries}  # fmt: skip
                return Thing("Hashtable", keys)
            case Block():
                return expression
        return await self._operation(expression)

    async def _operation(self, expression: Expression) -> Value:
        match expression:
            case Binary(operator, left, right) if operator in ("-and", "-or"):
                first = truth(await self._shell.evaluate(left))
                if first == (operator == "-or"):
                    return first
                return truth(await self._shell.evaluate(right))
            case Binary(operator, left, right):
                return operate(
                    operator, await self._shell.evaluate(left), await self._shell.evaluate(right)
                )
            case Unary(operator, operand):
                return self._unary(operator, await self._shell.evaluate(operand))
            case Member(of, name, None):
                return member(await self._shell.evaluate(of), name)
            case Member(of, name, arguments) if arguments is not None:
                return await self._method(await self._shell.evaluate(of), name, arguments)
            case Static(kind, name, arguments):
                return await self._of_type(kind, name.lower(), await self._all(arguments or ()))
            case Index(of, at):
                return _item(await self._shell.evaluate(of), await self._shell.evaluate(at))
        raise PowerShellError("The expression is not understood.")

    async def _method(self, value: Value, name: str, arguments: Sequence[Expression]) -> Value:
        given = await self._all(arguments)
        if isinstance(value, dotnet.FileStream):
            return await value.call(name.lower(), given)
        return method(value, name, given)

    async def _of_type(self, kind: str, name: str, arguments: list[Value]) -> Value:
        console = self._shell.console
        if kind == "console" and console is not None and name in ("readline", "readkey"):
            self._shell.turns.waited()
            return await (console.read_line() if name == "readline" else console.read_key())
        with suppress(KeyError):
            return dotnet.static(self._shell, kind, name, arguments)
        return self._static(kind, name, arguments)

    async def _all(self, expressions: Sequence[Expression]) -> list[Value]:
        return [await self._shell.evaluate(one) for one in expressions]

    async def _interpolated(self, parts: Sequence[Expression]) -> str:
        made: list[str] = []
        size = 0
        for part in parts:
            made.append(text(await self._shell.evaluate(part)))
            size += len(made[-1])
            if size > LONGEST:
                raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
        return "".join(made)

    def _unary(self, operator: str, value: Value) -> Value:
        match operator:
            case "-not" | "!":
                return not truth(value)
            case "-":
                return -number(value)
            case "-join":
                return "".join(map(text, many(value)))
            case "-split":
                return list[Value](text(value).split())
        return number(value)

    def _static(self, kind: str, name: str, arguments: list[Value]) -> Value:
        match kind, name:
            case "datetime", "now" | "utcnow":
                return Time(self._shell.machine.now)
            case "datetime", "today":
                return Time(self._shell.machine.now - self._shell.machine.now % 86400)
            case "environment", "machinename":
                return self._shell.machine.hostname
            case "environment", "newline":
                return "\r\n"
            case "math", "round":
                places = min(15, int(number(arguments[1]))) if len(arguments) > 1 else 0
                return round(float(number(arguments[0])), places) if arguments else 0
            case "math", "floor" | "ceiling" | "abs" | "truncate":
                amount = number(arguments[0]) if arguments else 0
                floors = {"floor": amount // 1, "ceiling": -(-amount // 1), "abs": abs(amount),
                          "truncate": int(amount)}  # fmt: skip
                return int(floors[name]) if name != "abs" else floors[name]
            case "math", "max" | "min" if len(arguments) > 1:
                pick = max if name == "max" else min
                return pick(number(arguments[0]), number(arguments[1]))
            case "string", "isnullorempty":
                return not arguments or not text(arguments[0])
        raise PowerShellError(
            f"Unable to find type [{kind[:100]}].",
            category=f"InvalidOperation: ({kind[:100]}:TypeName) [], RuntimeException",
            identifier="TypeNotFound",
        )


def _item(of: Value, at: Value) -> Value:
    if isinstance(of, Thing):
        return of.get(text(at))
    if isinstance(at, list):
        return [_item(of, one) for one in at]
    place = int(number(at))
    items: Sequence[Value] = of if isinstance(of, str) else many(of)
    return items[place] if -len(items) <= place < len(items) else None
