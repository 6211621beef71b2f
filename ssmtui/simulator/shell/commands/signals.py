"""Programs that find and end processes: kill, pkill, pgrep, killall, pidof."""

from __future__ import annotations

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.processes import Process
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.regex import Regex, RegexProblem

SIGNALS = {
    "HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "PIPE": 13, "ALRM": 14,
    "TERM": 15, "CONT": 18, "STOP": 19,
}  # fmt: skip


_IGNORED = (0, 10, 12, 18, 19)  # signals that end nothing here


async def pgrep(call: Invocation) -> int:
    options = Options(call.args, "flxna0123456789", "us", {"full": "f"})
    found = _matching(call, options)
    if call.name == "pkill":
        number = next((int(letter) for letter in "9123" if letter in options), 15)
        for process in found:
            _signal(call, process, number)
    elif "l" in options or "a" in options:
        await call.lines(
            [f"{one.pid} {one.command if 'a' in options else one.name}" for one in found]
        )
    else:
        await call.lines([str(process.pid) for process in found])
    return int(not found)


def _matching(call: Invocation, options: Options) -> list[Process]:
    if not options.rest and "u" not in options:
        raise Complaint("no matching criteria specified", 2)
    pattern = options.rest[0] if options.rest else ""
    try:
        expression = Regex(f"^({pattern})$" if "x" in options else pattern, extended=True)
    except RegexProblem as problem:
        raise Complaint(str(problem), 2) from None
    return [
        process
        for process in call.machine.processes
        if expression.matches(process.command if "f" in options else process.name)
        and ("u" not in options or process.user == options.value("u"))
        and process.name not in ("pgrep", "pkill")
    ]


async def pidof(call: Invocation) -> int:
    found = [process for name in call.args for process in call.machine.processes.named(name)]
    if found:
        await call.line(" ".join(str(process.pid) for process in reversed(found)))
    return int(not found)


async def kill(call: Invocation) -> int:
    args = list(call.args)
    number = 15
    if args and args[0] == "-l":
        await call.line(" ".join(f"{at}) SIG{name}" for name, at in SIGNALS.items()))
        return 0
    if args and args[0] in ("-s", "-n") and len(args) > 1:
        number = _number(args[1])
        args = args[2:]
    elif args and args[0].startswith("-") and len(args[0]) > 1:
        number = _number(args.pop(0)[1:])
    if not args:
        raise Complaint("usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ...", 2)
    status = 0
    for word in args:
        job = call.shell.jobs.find(word) if word.startswith("%") else None
        pid = str(job.pid) if job is not None else word
        number_like = pid.isascii() and pid.isdigit() and len(pid) < 10
        process = call.machine.processes.get(int(pid)) if number_like else None
        if process is None:
            reason = "No such process" if number_like else "arguments must be process or job IDs"
            await call.complain(f"({word}) - {reason}" if number_like else f"{word}: {reason}")
            status = 1
        else:
            _signal(call, process, number)
    return status


def _number(text: str) -> int:
    name = text.upper().removeprefix("SIG")
    if name in SIGNALS:
        return SIGNALS[name]
    if not (text.isascii() and text.isdigit() and int(text[:4]) <= 64):
        raise Complaint(f"{text}: invalid signal specification")
    return int(text)


def _signal(call: Invocation, process: Process, number: int) -> None:
    if not call.root and process.user != call.user.name:
        raise Complaint(f"({process.pid}) - Operation not permitted")
    if process.end is not None and number not in _IGNORED:
        process.end(number)


async def killall(call: Invocation) -> int:
    options = Options(call.args, "q0123456789")
    number = 9 if "9" in options else 15
    status = 0
    for name in options.rest:
        found = call.machine.processes.named(name)
        for process in found:
            _signal(call, process, number)
        if not found:
            await call.err(f"{name}: no process found")
            status = 1
    return status


PROGRAMS: dict[str, Program] = {
    "pgrep": pgrep,
    "pkill": pgrep,
    "pidof": pidof,
    "kill": kill,
    "killall": killall,
}
