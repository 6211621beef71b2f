"""Cmdlets of the shell itself: Write-Output, Get-Command, Get-Help, Clear-Host, hostile ..."""

from __future__ import annotations

from ssmtui.simulator.shell.commands.hostile import PAYLOADS
from ssmtui.simulator.shell.powershell.call import Call, Cmdlet, Values, nothing
from ssmtui.simulator.shell.powershell.objects import kept
from ssmtui.simulator.shell.powershell.operators import like
from ssmtui.simulator.shell.powershell.values import PowerShellError, Thing, many, not_found, text


async def output(call: Call, values: Values) -> Values:
    async for value in values:
        yield value
    for value in (*many(call.named.get("inputobject")), *call.rest):
        yield value


async def host(call: Call, values: Values) -> Values:
    words = [*many(call.named.get("object")), *call.rest]
    yield " ".join(map(text, words)) if words else ""


async def say_error(call: Call, values: Values) -> Values:
    """Its error is its output: it is shown, and the script goes on."""
    message = call.text("message")
    error = PowerShellError(
        message,
        source=message,
        category="NotSpecified: (:) [Write-Error], WriteErrorException",
        identifier="Microsoft.PowerShell.Commands.WriteErrorException",
    )
    async for value in values:
        yield value
    raise error


async def warn(call: Call, values: Values) -> Values:
    yield f"WARNING: {call.text('message')}"


async def commands(call: Call, values: Values) -> Values:
    pattern = call.text("name") or "*"
    found = [one.name for one in call.shell.cmdlets.values() if like(one.name, pattern)]
    if not found:
        raise not_found(pattern)
    for name in sorted(set(found)):
        kind = "Cmdlet" if "-" in name else "Application"
        yield Thing("CommandInfo", {"CommandType": kind, "Name": name})


async def help_text(call: Call, values: Values) -> Values:
    name = call.text("name").casefold()
    cmdlet = call.shell.cmdlets.get(call.shell.aliases.get(name, name))
    if cmdlet is None:
        raise not_found(call.text("name"))
    yield "NAME"
    yield f"    {cmdlet.name}"
    yield "SYNTAX"
    words = [f"[-{one.strip('?[]')}]" for one in cmdlet.parameters]
    yield f"    {' '.join([cmdlet.name, *words])}"


async def clear(call: Call, values: Values) -> Values:
    yield "\x1b[2J\x1b[H"


async def variables(call: Call, values: Values) -> Values:
    for name, value in sorted(call.shell.variables.items()):
        yield Thing("PSVariable", {"Name": name, "Value": value})


async def policy(call: Call, values: Values) -> Values:
    if call.name == "Get-ExecutionPolicy":
        yield "RemoteSigned"


async def silent(call: Call, values: Values) -> Values:
    """Import-Module, Set-StrictMode and others that change nothing here."""
    async for value in nothing():
        yield value


async def expression(call: Call, values: Values) -> Values:
    text_ = call.text("command") or "\n".join(map(text, await kept(values)))
    async for value in call.shell.top(call.shell.read(text_)):
        yield value


async def hostile(call: Call, values: Values) -> Values:
    """The sequences that the program of that name prints on Linux."""
    for name in [text(one) for one in call.rest] or list(PAYLOADS):
        if name not in PAYLOADS:
            raise call.error(f"{name}: no such sequence")
        yield PAYLOADS[name][1]


CMDLETS = (
    Cmdlet("Write-Output", ("InputObject", "NoEnumerate?"), output),
    Cmdlet("Write-Host", ("Object", "[ForegroundColor]", "[BackgroundColor]", "NoNewline?"), host),
    Cmdlet("Write-Error", ("Message", "[Category]"), say_error),
    Cmdlet("Write-Warning", ("Message",), warn),
    Cmdlet("Write-Verbose", ("Message",), silent),
    Cmdlet("Write-Information", ("MessageData",), silent),
    Cmdlet("Get-Command", ("Name",), commands),
    Cmdlet("Get-Help", ("Name",), help_text),
    Cmdlet("Clear-Host", (), clear),
    Cmdlet("Get-Variable", ("Name",), variables),
    Cmdlet("Get-ExecutionPolicy", (), policy),
    Cmdlet("Set-ExecutionPolicy", ("ExecutionPolicy", "[Scope]", "Force?"), policy),
    Cmdlet("Set-StrictMode", ("[Version]", "Off?"), silent),
    Cmdlet("Import-Module", ("Name", "Force?"), silent),
    Cmdlet("Invoke-Expression", ("Command",), expression),
    Cmdlet("hostile", (), hostile),
)

ALIASES = {
    "ls": "get-childitem", "dir": "get-childitem", "gci": "get-childitem", "cat": "get-content",
    "gc": "get-content", "type": "get-content", "cd": "set-location", "sl": "set-location",
    "chdir": "set-location", "pwd": "get-location", "gl": "get-location", "echo": "write-output",
    "write": "write-output", "ps": "get-process", "gps": "get-process", "kill": "stop-process",
    "gsv": "get-service", "sasv": "start-service", "spsv": "stop-service", "rm": "remove-item",
    "del": "remove-item", "erase": "remove-item", "rmdir": "remove-item", "ri": "remove-item",
    "cp": "copy-item", "copy": "copy-item", "mv": "move-item", "move": "move-item",
    "ni": "new-item", "gi": "get-item", "sleep": "start-sleep", "select": "select-object",
    "where": "where-object", "?": "where-object", "foreach": "foreach-object",
    "%": "foreach-object", "sort": "sort-object", "group": "group-object",
    "measure": "measure-object", "ft": "format-table", "fl": "format-list",
    "sls": "select-string", "cls": "clear-host", "clear": "clear-host", "gcm": "get-command",
    "help": "get-help", "man": "get-help", "gm": "get-member", "tee": "tee-object",
    "iex": "invoke-expression", "gwmi": "get-wmiobject", "gcim": "get-ciminstance",
    "sc": "set-content", "ac": "add-content", "tnc": "test-netconnection", "pwsh": "powershell",
}  # fmt: skip
