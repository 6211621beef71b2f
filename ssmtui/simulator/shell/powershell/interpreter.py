"""Runs PowerShell scripts: statements, pipelines of values, and expressions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.powershell.binding import bind
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing
from ssmtui.simulator.shell.powershell.dotnet import Console
from ssmtui.simulator.shell.powershell.evaluator import Evaluator
from ssmtui.simulator.shell.powershell.operators import operate
from ssmtui.simulator.shell.powershell.parser import parse
from ssmtui.simulator.shell.powershell.syntax import (
    Assign,
    Block,
    Expression,
    ForEach,
    Function,
    If,
    Index,
    Invoke,
    Jump,
    Member,
    ParseError,
    Pipeline,
    Script,
    Statement,
    Try,
    Variable,
    While,
)
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Thing,
    Thrown,
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
        self.console: Console | None = None
        self.succeeded = True
        self._failed = False
        self.status: int | None = None
        self.cmdlets = cmdlets
        self.aliases = aliases
        self.functions: dict[str, Function] = {}
        self._errors = errors
        self._depth = 0
        self._evaluator = Evaluator(self)

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
            async with self._surviving(statement.text):
                await self._assign(statement)
        elif isinstance(statement, Jump):
            await self._jump(statement)
        async for value in nothing():
            yield value

    async def _guarded(self, statement: Pipeline) -> Values:
        async with self._surviving(statement.text):
            async for value in self.pipeline(statement):
                yield value

    @asynccontextmanager
    async def _surviving(self, where: str) -> AsyncIterator[None]:
        """An error within is shown, after which the script goes on; $? knows of it."""
        self._failed = False
        try:
            yield
        except Thrown:
            self.succeeded = False
            raise
        except PowerShellError as error:
            if text(self.variables.get("erroractionpreference")).lower() == "stop":
                self.succeeded = False
                raise
            self.show(error, where)
        self.succeeded = not self._failed

    def show(self, error: PowerShellError, where: str) -> None:
        self.succeeded, self._failed = False, True
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
                raise Thrown(
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
            self._failed = True

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
        folder, _, program = key.rpartition("\\")
        if folder:  # a program that is called by its path has to be there
            path = Call(name, {}, [], self, self.machine).tree_path(name)
            key = program if self.machine.tree.exists(path) else ""
        cmdlet = self.cmdlets.get(self.aliases.get(key, key))
        if cmdlet is None:
            raise not_found(name)
        arguments = [
            (
                one.name,
                None if one.value is None else await self.evaluate(one.value),
                one.value is None,
            )
            for one in stage.arguments
        ]
        named, rest = bind(cmdlet, arguments)
        call = Call(cmdlet.name, named, rest, self, self.machine)
        action = call.text("erroraction") or call.text("ea")
        try:
            async for value in cmdlet.run(call, values):
                yield value
        except PowerShellError as error:
            if action.lower() in ("silentlycontinue", "ignore", "0"):
                self._failed = True
                return
            error.source = error.source or cmdlet.name
            if action.lower() == "stop":
                raise Thrown(
                    str(error),
                    source=error.source,
                    category=error.category,
                    identifier=error.identifier,
                ) from None
            raise

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
            return await self._evaluator.value(expression)
        finally:
            self._depth -= 1

    def variable(self, name: str) -> Value:
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

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._depth -= 1
            raise PowerShellError(
                "The script failed due to call depth overflow.",
                category="InvalidOperation: (0:Int32) [], RuntimeException",
                identifier="CallDepthOverflow",
            )


async def _dropped(values: AsyncIterator[Value]) -> Values:
    async for _ in values:
        pass
    async for value in nothing():
        yield value
