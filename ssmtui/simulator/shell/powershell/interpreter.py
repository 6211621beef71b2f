"""Runs PowerShell scripts: statements, pipelines of values, and expressions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing
from ssmtui.simulator.shell.powershell.operators import LONGEST, member, method, operate
from ssmtui.simulator.shell.powershell.parser import parse
from ssmtui.simulator.shell.powershell.syntax import (
    Assign,
    Binary,
    Block,
    Expression,
    ForEach,
    Function,
    If,
    Index,
    Interpolated,
    Invoke,
    Items,
    Jump,
    Literal,
    Member,
    Nested,
    ParseError,
    Pipeline,
    Script,
    Statement,
    Static,
    Table,
    Try,
    Unary,
    Variable,
    While,
)
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Thing,
    Time,
    Value,
    many,
    not_found,
    number,
    single,
    text,
    truth,
)
from ssmtui.simulator.shell.streams import Turns

_DEEPEST = 60
_MOST_VALUES = 200_000  # kept in a variable or a list
_MOST_VARIABLES = 5_000

_COMMON = {"erroraction": False, "ea": False, "verbose": True, "debug": True, "whatif": True,
           "confirm": True, "warningaction": False, "errorvariable": False}  # fmt: skip


class Leave(Exception):
    """`exit`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Return(Exception):
    """`return`, which ends a function or the script."""

    def __init__(self, values: list[Value]) -> None:
        super().__init__("return")
        self.values = values


class _Loop(Exception):
    """`break`, or with `again` `continue`."""

    def __init__(self, *, again: bool) -> None:
        super().__init__(again)
        self.again = again


class Interpreter:
    """A session's memory and how its scripts run.

    `errors` is called with each error that does not end the script, and with the text it is about.
    """

    def __init__(
        self,
        machine: Machine,
        cmdlets: Mapping[str, Cmdlet],
        aliases: Mapping[str, str],
        errors: Callable[[PowerShellError, str], None],
        environment: dict[str, str],
    ) -> None:
        self.machine = machine
        self.turns = Turns()
        self.folder = "C:\\Windows\\system32"
        self.variables: dict[str, Value] = {"erroractionpreference": "Continue"}
        self.environment = environment
        self.succeeded = True
        self.status: int | None = None
        self.cmdlets = cmdlets
        self.aliases = aliases
        self.functions: dict[str, Function] = {}
        self._errors = errors
        self._depth = 0

    def read(self, source: str) -> Script:
        """Parse a text; PowerShellError for one that is no script."""
        try:
            return parse(source)
        except ParseError as error:
            raise PowerShellError(
                str(error),
                category="ParserError: (:) [], ParentContainsErrorRecordException",
                identifier="UnexpectedToken",
            ) from None

    # Statements.

    async def script(self, script: Script) -> Values:
        """What its statements give. Leave and PowerShellError pass through."""
        for statement in script:
            await self.turns.take()
            async for value in self._statement(statement):
                yield value

    async def top(self, script: Script) -> Values:
        """A whole script: `return` ends it."""
        try:
            async for value in self.script(script):
                yield value
        except _Return as leaving:
            for value in leaving.values:
                yield value
        except _Loop:
            return

    def _statement(self, statement: Statement) -> Values:
        match statement:
            case Pipeline():
                return self._guarded(statement)
            case If():
                return self._if(statement)
            case While():
                return self._while(statement)
            case ForEach():
                return self._foreach(statement)
            case Try():
                return self._try(statement)
        return self._silent(statement)

    async def _silent(self, statement: Statement) -> Values:
        if isinstance(statement, Function):
            self.functions[statement.name] = statement
        elif isinstance(statement, Assign):
            await self._assign(statement)
        elif isinstance(statement, Jump):
            await self._jump(statement)
        async for value in nothing():
            yield value

    async def _guarded(self, statement: Pipeline) -> Values:
        """A pipeline whose error is shown, after which the script goes on."""
        self.succeeded = True
        try:
            async for value in self.pipeline(statement):
                yield value
        except PowerShellError as error:
            self.succeeded = False
            if text(self.variables.get("erroractionpreference")).lower() == "stop":
                raise
            self.show(error, statement.text)

    def show(self, error: PowerShellError, where: str) -> None:
        self.succeeded = False
        self.variables["error"] = str(error)
        self._errors(error, where)

    async def _if(self, statement: If) -> Values:
        for condition, body in statement.branches:
            if truth(await self.value(condition)):
                async for value in self._body(body):
                    yield value
                return
        if statement.otherwise is not None:
            async for value in self._body(statement.otherwise):
                yield value

    async def _body(self, body: Script) -> Values:
        self._deeper()
        try:
            async for value in self.script(body):
                yield value
        finally:
            self._depth -= 1

    async def _while(self, statement: While) -> Values:
        while truth(await self.value(statement.condition)):
            await self.turns.take()
            try:
                async for value in self._body(statement.body):
                    yield value
            except _Loop as loop:
                if not loop.again:
                    return

    async def _foreach(self, statement: ForEach) -> Values:
        for item in many(await self.value(statement.over)):
            await self.turns.take()
            self._set(statement.name, item)
            try:
                async for value in self._body(statement.body):
                    yield value
            except _Loop as loop:
                if not loop.again:
                    return

    async def _try(self, statement: Try) -> Values:
        before = self.variables.get("erroractionpreference")
        try:
            async for value in self._body(statement.body):
                yield value
        except PowerShellError as error:
            if statement.catch is None:
                raise
            self._set("_", Thing("ErrorRecord", {"Exception": Thing("Exception", {
                "Message": str(error)}), "Name": str(error)}))  # fmt: skip
            async for value in self._body(statement.catch):
                yield value
        finally:
            self.variables["erroractionpreference"] = before
        if statement.last is not None:
            async for value in self._body(statement.last):
                yield value

    async def _jump(self, statement: Jump) -> None:
        values = await self.collect(statement.value)
        match statement.kind:
            case "exit":
                status = number(single(values)) if values else self.status or 0
                raise Leave(int(status) & 0xFFFFFFFF)
            case "return":
                raise _Return(values)
            case "throw":
                message = text(single(values)) or "ScriptHalted"
                raise PowerShellError(
                    message,
                    category=f"OperationStopped: ({message[:60]}:String) [], RuntimeException",
                    identifier=message[:60],
                )
        raise _Loop(again=statement.kind == "continue")

    async def _assign(self, statement: Assign) -> None:
        value = single([one async for one in self._bounded(self._statement(statement.value))])
        target = statement.target
        if statement.operator != "=":
            value = operate(statement.operator[0], await self.evaluate(target), value)
        if isinstance(target, Variable):
            self._set(target.name, value)
        elif isinstance(target, Member):
            thing = await self.evaluate(target.of)
            if isinstance(thing, Thing):
                thing.properties[target.name] = value
        elif isinstance(target, Index):
            await self._assign_item(target, value)

    async def _assign_item(self, target: Index, value: Value) -> None:
        of, at = await self.evaluate(target.of), await self.evaluate(target.at)
        if isinstance(of, Thing):
            of.properties[text(at)] = value
        elif isinstance(of, list) and -len(of) <= (place := int(number(at))) < len(of):
            of[place] = value
        else:
            raise PowerShellError("Index was outside the bounds of the array.")

    def _set(self, name: str, value: Value) -> None:
        scope, _, rest = name.partition(":")
        if scope == "env":
            self.environment[rest.upper()] = text(value)[:32_767]
            return
        name = rest or scope
        if len(self.variables) >= _MOST_VARIABLES and name not in self.variables:
            raise PowerShellError(f"Cannot create variable {name}: there are too many.")
        self.variables[name] = value

    # Pipelines.

    async def value(self, script: Script) -> Value:
        return single(await self.collect(script))

    async def collect(self, script: Script) -> list[Value]:
        """Everything that a script gives."""
        self._deeper()
        try:
            return [value async for value in self._bounded(self.script(script))]
        finally:
            self._depth -= 1

    async def _bounded(self, values: Values) -> Values:
        count = 0
        async for value in values:
            count += 1
            if count > _MOST_VALUES:
                raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
            yield value

    def pipeline(self, pipeline: Pipeline) -> Values:
        values: Values = nothing()
        for index, stage in enumerate(pipeline.stages):
            if isinstance(stage, Invoke):
                values = self._invoke(stage, values)
            elif index == 0:
                values = self._expression(stage)
            else:
                raise PowerShellError(
                    "Expressions are only allowed as the first element of a pipeline."
                )
        return values

    async def _expression(self, expression: Expression) -> Values:
        for value in many(await self.evaluate(expression)):
            await self.turns.take()
            yield value

    async def _invoke(self, stage: Invoke, values: Values) -> Values:
        name = await self.evaluate(stage.name)
        if isinstance(name, Block):
            async for value in self._body(name.body):
                yield value
            return
        found = self._run(text(name), stage, values)
        silent = False
        for redirect in stage.redirects:
            target = None if redirect.target is None else text(await self.evaluate(redirect.target))
            silent = silent or redirect.stream in ("2", "*")
            if redirect.stream in ("1", "*") and target not in ("", "$null", None):
                found = self._to_file(found, target or "", append=redirect.append)
            elif redirect.stream in ("1", "*") and redirect.target is not None:
                found = _dropped(found)
        try:
            async for value in found:
                yield value
        except PowerShellError:
            if not silent:
                raise
            self.succeeded = False

    async def _to_file(self, values: Values, target: str, *, append: bool) -> Values:
        cmdlet = self.cmdlets["out-file"]
        call = Call("Out-File", {"filepath": target, "append": append}, [], self, self.machine)
        async for value in cmdlet.run(call, values):
            yield value

    async def _run(self, name: str, stage: Invoke, values: Values) -> Values:
        function = self.functions.get(name.casefold())
        if function is not None:
            async for value in self._function(function, stage):
                yield value
            return
        key = name.casefold().removesuffix(".exe")
        cmdlet = self.cmdlets.get(self.aliases.get(key, key))
        if cmdlet is None:
            raise not_found(name)
        call = await self._bind(cmdlet, stage)
        action = call.text("erroraction") or call.text("ea")
        try:
            async for value in cmdlet.run(call, values):
                yield value
        except PowerShellError as error:
            if action.lower() in ("silentlycontinue", "ignore", "0"):
                self.succeeded = False
                return
            error.source = error.source or cmdlet.name
            if action.lower() == "stop":  # then it ends the script, too
                self.variables["erroractionpreference"] = "Stop"
            raise

    async def _bind(self, cmdlet: Cmdlet, stage: Invoke) -> Call:
        """Arguments to parameters: by name, which may be shortened, then by position."""
        names = {**cmdlet.names, **_COMMON}
        named: dict[str, Value] = {}
        positional: list[Value] = []
        waiting: str | None = None
        for argument in stage.arguments:
            value = None if argument.value is None else await self.evaluate(argument.value)
            if not argument.name:
                if waiting is not None:
                    named[waiting] = value
                    waiting = None
                else:
                    positional.append(value)
                continue
            if waiting is not None:
                raise self._missing(cmdlet, waiting)
            full = self._parameter(cmdlet, argument.name, names)
            if names[full]:
                named[full] = True if argument.value is None else truth(value)
            elif argument.value is not None:
                named[full] = value
            else:
                waiting = full
        if waiting is not None:
            raise self._missing(cmdlet, waiting)
        free = [name for name in cmdlet.positions if name not in named]
        named.update(zip(free, positional, strict=False))
        return Call(cmdlet.name, named, positional[len(free) :], self, self.machine)

    def _missing(self, cmdlet: Cmdlet, name: str) -> PowerShellError:
        return PowerShellError(
            f"Missing an argument for parameter '{name}'. Specify a parameter and try again.",
            source=cmdlet.name,
            category=f"InvalidArgument: (:) [{cmdlet.name}], ParameterBindingException",
            identifier="MissingArgument",
        )

    def _parameter(self, cmdlet: Cmdlet, name: str, names: Mapping[str, bool]) -> str:
        found = [one for one in names if one.startswith(name)]
        if name in names:
            return name
        own = [one for one in found if one in cmdlet.names]
        if len(own or found) != 1:
            raise PowerShellError(
                f"A parameter cannot be found that matches parameter name '{name}'.",
                source=cmdlet.name,
                category=f"InvalidArgument: (:) [{cmdlet.name}], ParameterBindingException",
                identifier="NamedParameterNotFound",
            )
        return (own or found)[0]

    async def _function(self, function: Function, stage: Invoke) -> Values:
        """Its parameters are variables while it runs; so is $args."""
        self._deeper()
        before = dict(self.variables)
        arguments = [await self.evaluate(one.value) for one in stage.arguments if one.value]
        self.variables["args"] = arguments[len(function.parameters) :]
        for index, name in enumerate(function.parameters):
            self._set(name.casefold(), arguments[index] if index < len(arguments) else None)
        try:
            async for value in self.script(function.body):
                yield value
        except _Return as leaving:
            for value in leaving.values:
                yield value
        finally:
            self._depth -= 1
            self.variables = before

    async def block(self, block: Block, item: Value) -> list[Value]:
        """Run a script block with $_ set, for Where-Object and ForEach-Object."""
        before = self.variables.get("_")
        self.variables["_"] = item
        try:
            return await self.collect(block.body)
        finally:
            self.variables["_"] = before

    # Expressions.

    async def evaluate(self, expression: Expression) -> Value:
        self._deeper()
        try:
            return await self._evaluate(expression)
        finally:
            self._depth -= 1

    async def _evaluate(self, expression: Expression) -> Value:
        match expression:
            case Literal(value):
                return value
            case Variable(name):
                return self._variable(name)
            case Interpolated(parts):
                return await self._interpolated(parts)
            case Nested(body, always_list):
                values = await self.collect(body)
                return values if always_list else single(values)
            case Items(items):
                return [await self.evaluate(item) for item in items]
            case Table(entries):
                keys = {text(await self.evaluate(key)): await self.evaluate(value)
                        for key, value in entries}  # fmt: skip
                return Thing("Hashtable", keys)
            case Block():
                return expression
        return await self._operation(expression)

    async def _operation(self, expression: Expression) -> Value:
        match expression:
            case Binary(operator, left, right) if operator in ("-and", "-or"):
                first = truth(await self.evaluate(left))
                if first == (operator == "-or"):
                    return first
                return truth(await self.evaluate(right))
            case Binary(operator, left, right):
                return operate(operator, await self.evaluate(left), await self.evaluate(right))
            case Unary(operator, operand):
                return self._unary(operator, await self.evaluate(operand))
            case Member(of, name, None):
                return member(await self.evaluate(of), name)
            case Member(of, name, arguments) if arguments is not None:
                value = await self.evaluate(of)
                return method(value, name, await self._all(arguments))
            case Static(kind, name, arguments):
                return self._static(kind, name.lower(), await self._all(arguments or ()))
            case Index(of, at):
                return _item(await self.evaluate(of), await self.evaluate(at))
        raise PowerShellError("The expression is not understood.")

    async def _all(self, expressions: Sequence[Expression]) -> list[Value]:
        return [await self.evaluate(one) for one in expressions]

    async def _interpolated(self, parts: Sequence[Expression]) -> str:
        made: list[str] = []
        size = 0
        for part in parts:
            made.append(text(await self.evaluate(part)))
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

    def _variable(self, name: str) -> Value:
        scope, _, rest = name.partition(":")
        if scope == "env":
            return self.environment.get(rest.upper())
        constants: dict[str, Value] = {
            "true": True, "false": False, "null": None, "?": self.succeeded,
            "lastexitcode": self.status, "pwd": self.folder, "pid": 4242,
            "home": "C:\\Users\\ssm-user",
            "host": Thing("ConsoleHost", {"Name": "ConsoleHost", "Version": "5.1.20348.2849"}),
            "psversiontable": Thing("Hashtable", {
                "PSVersion": "5.1.20348.2849", "PSEdition": "Desktop",
                "BuildVersion": "10.0.20348.2849", "CLRVersion": "4.0.30319.42000"}),
        }  # fmt: skip
        name = rest or scope
        return constants[name] if name in constants else self.variables.get(name)

    def _static(self, kind: str, name: str, arguments: list[Value]) -> Value:
        match kind, name:
            case "datetime", "now" | "utcnow":
                return Time(self.machine.now)
            case "datetime", "today":
                return Time(self.machine.now - self.machine.now % 86400)
            case "environment", "machinename":
                return self.machine.hostname
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

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._depth -= 1
            raise PowerShellError(
                "The script failed due to call depth overflow.",
                category="InvalidOperation: (0:Int32) [], RuntimeException",
                identifier="CallDepthOverflow",
            )


def _item(of: Value, at: Value) -> Value:
    if isinstance(of, Thing):
        return of.get(text(at))
    if isinstance(at, list):
        return [_item(of, one) for one in at]
    place = int(number(at))
    items: Sequence[Value] = of if isinstance(of, str) else many(of)
    return items[place] if -len(items) <= place < len(items) else None


async def _dropped(values: AsyncIterator[Value]) -> Values:
    async for _ in values:
        pass
    async for value in nothing():
        yield value
