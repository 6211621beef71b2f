"""Cmdlets that work on any values: Where-Object, Select-Object, Sort-Object, Format-Table ..."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import aclosing

from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing
from ssmtui.simulator.shell.powershell.dotnet import ByteArray
from ssmtui.simulator.shell.powershell.operators import compare, member, operate, regex
from ssmtui.simulator.shell.powershell.syntax import Block
from ssmtui.simulator.shell.powershell.values import (
    PowerShellError,
    Span,
    Thing,
    Time,
    Value,
    many,
    number,
    short_time,
    single,
    text,
    truth,
)
from ssmtui.simulator.shell.powershell.views import Column, Shown, as_list, render, table, things

_MOST_KEPT = 100_000
_DEEPEST_JSON = 5
_COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le", "like", "notlike", "match", "notmatch",
                "contains", "in")  # fmt: skip


async def kept(values: Values) -> list[Value]:
    """All of the input; PowerShellError if that is too much."""
    found = []
    async for value in values:
        found.append(value)
        if len(found) > _MOST_KEPT:
            raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
    return found


async def where(call: Call, values: Values) -> Values:
    block = call.block("filterscript")
    if block is not None:
        async for value in values:
            if truth(single(await call.shell.block(block, value))):
                yield value
        return
    name = call.text("property") or call.text("filterscript")
    operator = next((one for one in _COMPARISONS if one in call.named), "")
    async for value in values:
        found = member(value, name)
        if not operator:
            if truth(found):
                yield value
        elif operator in ("contains", "in"):
            if truth(operate(f"-{operator}", found, call.named[operator])):
                yield value
        elif truth(compare(f"-{operator}", found, call.named[operator])):
            yield value


async def each(call: Call, values: Values) -> Values:
    block = call.block("process")
    async for value in values:
        if block is None:
            name = call.text("process")
            yield member(value, name)
            continue
        for made in await call.shell.block(block, value):
            yield made


async def select(call: Call, values: Values) -> Values:
    names = [text(one) for one in many(call.named.get("property")) if not isinstance(one, Block)]
    expand = call.text("expandproperty")
    first = call.count("first", _MOST_KEPT * 100) if "first" in call.named else None
    if "last" in call.named or call.has("unique"):
        found = await kept(values)
        if call.has("unique"):
            found = _unique(found)
        wanted = call.count("last", len(found))
        source: Sequence[Value] = found[max(0, len(found) - wanted) :] if wanted else []
        values = _from(source)
    skip = call.count("skip", 0)
    given = 0
    if first == 0:
        return
    async with aclosing(values) as flow:  # type: ignore[type-var]
        async for value in flow:
            if skip > 0:
                skip -= 1
                continue
            if expand:
                for one in many(member(value, expand)):
                    yield one
            else:
                yield _picked(value, names) if names and names != ["*"] else value
            given += 1
            if first is not None and given >= first:
                return


async def _from(values: Sequence[Value]) -> Values:
    for value in values:
        yield value


def _unique(values: list[Value]) -> list[Value]:
    seen: dict[str, Value] = {}
    for value in values:
        seen.setdefault(text(value), value)
    return list(seen.values())


def _picked(value: Value, names: list[str]) -> Thing:
    return Thing("PSCustomObject", {name: member(value, name) for name in names})


async def sort(call: Call, values: Values) -> Values:
    found = await kept(values)
    names = call.texts("property")

    def key(value: Value) -> tuple[tuple[int, float, str], ...]:
        return tuple(_key(member(value, name)) for name in names) if names else (_key(value),)

    found.sort(key=key, reverse=call.has("descending"))
    for value in _unique(found) if call.has("unique") else found:
        yield value


def _key(value: Value) -> tuple[int, float, str]:
    if isinstance(value, Time):
        return 0, value.at, ""
    if isinstance(value, int | float | Span):
        return 0, float(number(value)), ""
    return 1, 0.0, text(value).casefold()


async def group(call: Call, values: Values) -> Values:
    groups: dict[str, list[Value]] = {}
    name = call.text("property")
    for value in await kept(values):
        groups.setdefault(text(member(value, name) if name else value), []).append(value)
    for label, members in groups.items():
        yield Thing("GroupInfo", {"Count": len(members), "Name": label, "Group": members})


async def measure(call: Call, values: Values) -> Values:
    found = await kept(values)
    name = call.text("property")
    if call.has("line") or call.has("word") or call.has("character"):
        texts = [text(value) for value in found]
        yield Thing("TextMeasureInfo", {
            "Lines": len(texts), "Words": sum(len(one.split()) for one in texts),
            "Characters": sum(map(len, texts)), "Property": None})  # fmt: skip
        return
    if name:
        found = [one for one in (member(value, name) for value in found) if one is not None]
    numbers = [number(value) for value in found] if any(
        call.has(one) for one in ("sum", "average", "maximum", "minimum")) else []  # fmt: skip
    yield Thing("MeasureInfo", {
        "Count": len(found),
        "Average": sum(numbers) / len(numbers) if call.has("average") and numbers else None,
        "Sum": sum(numbers) if call.has("sum") else None,
        "Maximum": max(numbers, default=None) if call.has("maximum") else None,
        "Minimum": min(numbers, default=None) if call.has("minimum") else None,
        "Property": name or None,
    })  # fmt: skip


async def format_table(call: Call, values: Values) -> Values:
    found = await kept(values)
    names = call.texts("property")
    rows = [value for value in found if isinstance(value, Thing)]
    if not rows:
        for value in found:
            yield value
    elif names and names != ["*"]:
        lines = table(rows, [Column(name, name) for name in names])
        yield Shown([line for at, line in enumerate(lines)
                     if not (call.has("hidetableheaders") and 0 < at < 3)])  # fmt: skip
    else:
        yield Shown(things(rows))


async def format_list(call: Call, values: Values) -> Values:
    rows = [value for value in await kept(values) if isinstance(value, Thing)]
    names = call.texts("property")
    if rows:
        chosen = names if names and names != ["*"] else list(rows[0].properties)
        yield Shown(as_list(rows, chosen))


async def out_string(call: Call, values: Values) -> Values:
    lines = [line async for line in render(values)]
    if call.has("stream"):
        for line in lines:
            yield line
    else:
        yield "\n".join(lines) + "\n"


async def out_null(call: Call, values: Values) -> Values:
    async for _ in values:
        pass
    async for value in nothing():
        yield value


async def out_default(call: Call, values: Values) -> Values:
    async for value in values:
        yield value


async def select_string(call: Call, values: Values) -> Values:
    """Lines that match; those of files are led by their name and number."""
    simple = call.has("simplematch")
    patterns = [
        (one.casefold() if simple else "", None if simple else regex(one))
        for one in call.texts("pattern")
    ]

    def matches(line: str) -> bool:
        found = any(
            plain in line.casefold() if expression is None else expression.matches(line)
            for plain, expression in patterns
        )
        return found != call.has("notmatch")

    for name in call.texts("path"):
        data = b"".join(call.file(name).read()).decode("utf-8", "replace")
        for number_, line in enumerate(data.splitlines(), 1):
            await call.shell.turns.take()
            if matches(line):
                short = name.replace("/", "\\").rpartition("\\")[2]
                yield f"{short}:{number_}:{line}"
    async for value in values:
        shown = text(value)
        if matches(shown):
            yield shown


async def to_json(call: Call, values: Values) -> Values:
    found = single(await kept(values)) if "inputobject" not in call.named else call.named[
        "inputobject"]  # fmt: skip
    compress = call.has("compress")
    separators = (",", ":") if compress else (",", ":  ")
    plain = _Plain().of(found, 0)
    yield json.dumps(plain, indent=None if compress else 4, separators=separators)


class _Plain:
    """Values as json writes them, up to a number of them."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, value: Value, depth: int) -> object:
        self._count += 1
        if self._count > _MOST_KEPT:
            raise PowerShellError("Exception of type 'System.OutOfMemoryException' was thrown.")
        if isinstance(value, Thing) and depth < _DEEPEST_JSON:
            return {name: self.of(item, depth + 1) for name, item in value.properties.items()}
        if isinstance(value, list) and depth < _DEEPEST_JSON:
            return [self.of(item, depth + 1) for item in value]
        return _plain(value)


def _plain(value: Value) -> object:
    if isinstance(value, Time):
        return f"/Date({value.at * 1000:.0f})/"
    return value if value is None or isinstance(value, bool | int | float) else text(value)


async def from_json(call: Call, values: Values) -> Values:
    given = [call.named["inputobject"]] if "inputobject" in call.named else await kept(values)
    try:
        yield _things(json.loads("\n".join(map(text, given))))
    except (ValueError, RecursionError):
        raise PowerShellError("Invalid JSON primitive.", source=call.name,
                              identifier="System.ArgumentException") from None  # fmt: skip


def _things(value: object) -> Value:
    if isinstance(value, dict):
        return Thing("PSCustomObject", {str(name): _things(item) for name, item in value.items()})
    return [_things(item) for item in value] if isinstance(value, list) else value


async def to_csv(call: Call, values: Values) -> Values:
    rows = [value for value in await kept(values) if isinstance(value, Thing)]
    if rows:
        names = list(rows[0].properties)
        yield ",".join(f'"{name}"' for name in names)
        for row in rows:
            cells = [short_time(item) if isinstance(item, Time) else text(item)
                     for item in (row.get(name) for name in names)]  # fmt: skip
            yield ",".join('"' + one.replace('"', '""') + '"' for one in cells)


async def new_object(call: Call, values: Values) -> Values:
    if call.text("typename").lower().removeprefix("system.") == "byte[]":
        yield ByteArray.of_length(call.named.get("argumentlist", call.rest[0] if call.rest else 0))
        return
    table_ = call.named.get("property")
    yield Thing("PSCustomObject", dict(table_.properties) if isinstance(table_, Thing) else {})


async def get_member(call: Call, values: Values) -> Values:
    found = await kept(values)
    if found and isinstance(found[0], Thing):
        for name in found[0].properties:
            yield Thing("MemberDefinition", {"Name": name, "MemberType": "Property"})


async def sleep(call: Call, values: Values) -> Values:
    milliseconds = call.count("milliseconds", 0)
    seconds = float(number(call.named.get("seconds", 0)))
    await call.machine.wait(min(seconds + milliseconds / 1000, 1e9))
    call.shell.turns.waited()
    async for value in nothing():
        yield value


async def tee(call: Call, values: Values) -> Values:
    found = await kept(values)
    if "variable" in call.named:
        call.shell.variables[call.text("variable").casefold()] = single(found)
    for value in found:
        await asyncio.sleep(0)
        yield value


CMDLETS = (
    Cmdlet("Where-Object", ("FilterScript", "[Property]", *(f"[{one}]" for one in _COMPARISONS)),
           where),
    Cmdlet("ForEach-Object", ("Process",), each),
    Cmdlet("Select-Object", ("Property", "[First]", "[Last]", "[Skip]", "[ExpandProperty]",
                             "Unique?"), select),
    Cmdlet("Sort-Object", ("Property", "Descending?", "Unique?"), sort),
    Cmdlet("Group-Object", ("Property", "NoElement?"), group),
    Cmdlet("Measure-Object", ("Property", "Sum?", "Average?", "Maximum?", "Minimum?", "Line?",
                              "Word?", "Character?"), measure),
    Cmdlet("Format-Table", ("Property", "AutoSize?", "Wrap?", "HideTableHeaders?"), format_table),
    Cmdlet("Format-List", ("Property",), format_list),
    Cmdlet("Out-String", ("[Width]", "Stream?"), out_string),
    Cmdlet("Out-Null", (), out_null),
    Cmdlet("Out-Host", ("Paging?",), out_default),
    Cmdlet("Out-Default", (), out_default),
    Cmdlet("Select-String", ("Pattern", "Path", "SimpleMatch?", "NotMatch?", "CaseSensitive?",
                             "Quiet?"), select_string),
    Cmdlet("ConvertTo-Json", ("InputObject", "[Depth]", "Compress?"), to_json),
    Cmdlet("ConvertFrom-Json", ("InputObject",), from_json),
    Cmdlet("ConvertTo-Csv", ("InputObject", "NoTypeInformation?"), to_csv),
    Cmdlet("New-Object", ("TypeName", "ArgumentList", "[Property]"), new_object),
    Cmdlet("Get-Member", ("Name",), get_member),
    Cmdlet("Start-Sleep", ("Seconds", "[Milliseconds]"), sleep),
    Cmdlet("Tee-Object", ("FilePath", "[Variable]"), tee),
)  # fmt: skip
