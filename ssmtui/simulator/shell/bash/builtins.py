"""What bash does itself."""

from __future__ import annotations

import asyncio

from ssmtui.simulator.shell.bash import conditions, variables
from ssmtui.simulator.shell.bash.arithmetic import ArithmeticProblem
from ssmtui.simulator.shell.bash.flow import FunctionReturn, LoopBreak, LoopContinue, ShellExit
from ssmtui.simulator.shell.bash.formatting import printf, quoted, unescape
from ssmtui.simulator.shell.bash.variables import count_of, valid_name
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Folder
from ssmtui.simulator.shell.machine.tree import EXECUTE, FileProblem, allowed
from ssmtui.simulator.shell.streams import decode


async def true(call: Invocation) -> int:
    return 0


async def false(call: Invocation) -> int:
    return 1


async def echo(call: Invocation) -> int:
    args = list(call.args)
    newline, escapes = True, False
    while args and len(args[0]) > 1 and args[0][0] == "-" and set(args[0][1:]) <= set("neE"):
        for letter in args.pop(0)[1:]:
            newline = newline and letter != "n"
            escapes = {"e": True, "E": False}.get(letter, escapes)
    text = " ".join(args)
    if escapes:
        text, ended = unescape(text)
        newline = newline and not ended
    await call.out(text + ("\n" if newline else ""))
    return 0


async def print_formatted(call: Invocation) -> int:
    args = call.args[1:] if call.args[:1] == ["--"] else call.args
    name = ""
    if args[:1] == ["-v"] and len(args) > 2:
        name, args = args[1], args[2:]
    if not args:
        raise Complaint("usage: printf [-v var] format [arguments]", 2)
    text = printf(args[0], args[1:])
    if name:
        call.shell.state.set(valid_name(name), text)
    else:
        await call.out(text)
    return 0


async def test(call: Invocation) -> int:
    args = call.args
    if call.name == "[":
        if args[-1:] != ["]"]:
            raise Complaint("missing `]'", 2)
        args = args[:-1]
    try:
        return int(not conditions.test(args, call.shell))
    except conditions.ConditionProblem as problem:
        raise Complaint(str(problem), 2) from None


async def cd(call: Invocation) -> int:
    state = call.shell.state
    args = [arg for arg in call.args if arg not in ("-P", "-L", "--")]
    if len(args) > 1:
        raise Complaint("too many arguments")
    target = args[0] if args else state.get("HOME") or state.user.home
    if target == "-":
        target = state.old_cwd or state.cwd
        await call.line(target)
    path = call.path(target) if target else state.cwd
    entry = _folder(call, path, target)
    if not allowed(entry, call.user.name, EXECUTE):
        raise FileProblem(target, "Permission denied")
    state.old_cwd, state.cwd = state.cwd, path
    state.set("OLDPWD", state.old_cwd)
    state.set("PWD", path)
    return 0


def _folder(call: Invocation, path: str, shown: str) -> Folder:
    try:
        entry = call.machine.tree.find(path, call.user.name)
    except FileProblem as problem:
        raise FileProblem(shown, problem.reason) from None
    if not isinstance(entry, Folder):
        raise FileProblem(shown, "Not a directory")
    return entry


async def pwd(call: Invocation) -> int:
    await call.line(call.shell.state.cwd)
    return 0


async def leave(call: Invocation) -> int:
    raise ShellExit(_status(call))


async def give_back(call: Invocation) -> int:
    if not call.shell.state.locals:
        raise Complaint("can only `return' from a function or sourced script")
    raise FunctionReturn(_status(call))


def _status(call: Invocation) -> int:
    if not call.args:
        return call.shell.state.status
    digits = call.args[0].removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        raise ShellExit(2)
    return int(call.args[0])


async def break_out(call: Invocation) -> int:
    raise LoopBreak(count_of(call))


async def go_on(call: Invocation) -> int:
    raise LoopContinue(count_of(call))


async def evaluate(call: Invocation) -> int:
    return await call.shell.source(" ".join(call.args), call.streams)


async def source(call: Invocation) -> int:
    if not call.args:
        raise Complaint("filename argument required", 2)
    text = decode(await call.whole(call.args[0], 1 << 20))
    state = call.shell.state
    state.locals.append({})
    try:
        return await call.shell.source(text, call.streams)
    except FunctionReturn as leaving:
        return leaving.status
    finally:
        state.leave_function()


async def trap(call: Invocation) -> int:
    args = [arg for arg in call.args if arg != "--"]
    traps = call.shell.state.traps
    if not args or args == ["-p"]:
        await call.lines([f"trap -- {quoted(text)} {name}" for name, text in traps.items()])
        return 0
    for name in args[1:]:
        signal = "EXIT" if name == "0" else name.removeprefix("SIG")
        if args[0] == "-":
            traps.pop(signal, None)
        else:
            traps[signal] = args[0]
    return 0


async def kind_of(call: Invocation) -> int:
    """type, and command -v."""
    shell, status = call.shell, 0
    for name in (arg for arg in call.args if not arg.startswith("-")):
        if name in shell.state.functions:
            await call.line(f"{name} is a function")
        elif shell.programs.builtin(name) is not None:
            await call.line(f"{name} is a shell builtin")
        elif (found := shell.programs.find(name, shell)).program is not None:
            await call.line(f"{name} is {found.path}")
        else:
            await call.err(f"{shell.label}: type: {name}: not found")
            status = 1
    return status


async def command(call: Invocation) -> int:
    if call.args[:1] in (["-v"], ["-V"]):
        status = 0
        for name in call.args[1:]:
            found = call.shell.programs.find(name, call.shell)
            builtin = call.shell.programs.builtin(name) or name in call.shell.state.functions
            if builtin or found.program:
                await call.line(name if builtin else found.path)
            else:
                status = 1
        return status
    args = call.args[1:] if call.args[:1] == ["-p"] else call.args
    return await call.shell.call(args, call.streams, functions=False) if args else 0


async def let(call: Invocation) -> int:
    try:
        values = [call.shell.calculate(text) for text in call.args]
    except ArithmeticProblem as problem:
        raise Complaint(str(problem)) from None
    return int(not values[-1]) if values else 1


async def history(call: Invocation) -> int:
    lines = call.shell.state.history
    if call.args == ["-c"]:
        lines.clear()
        return 0
    await call.lines([f"{number:>5}  {line}" for number, line in enumerate(lines, 1)])
    return 0


async def jobs(call: Invocation) -> int:
    for job in call.shell.jobs.all():
        state = "Done" if job.task.done() else "Running"
        await call.line(f"[{job.number}]+  {state:<22}  {job.text} &")
    return 0


async def wait(call: Invocation) -> int:
    jobs = call.shell.jobs
    chosen = [jobs.find(word) for word in call.args] if call.args else list(jobs.all())
    status = 0
    for word, job in zip(call.args or [""] * len(chosen), chosen, strict=True):
        if job is None:
            await call.err(f"{call.shell.label}: wait: {word}: no such job")
            status = 127
            continue
        if not job.task.done():
            await asyncio.wait({job.task})
        call.turns.waited()
        status = job.status
        jobs.forget(job)
    return status if call.args else 0


async def foreground(call: Invocation) -> int:
    job = call.shell.jobs.find(call.args[0] if call.args else "%%")
    if job is None:
        raise Complaint(f"{call.args[0] if call.args else 'current'}: no such job")
    await call.line(job.text)
    await asyncio.wait({job.task})
    call.shell.jobs.forget(job)
    return job.status


async def mask(call: Invocation) -> int:
    if not call.args:
        await call.line("0022")
    return 0


async def limits(call: Invocation) -> int:
    await call.line("unlimited" if "-a" not in call.args else "open files  (-n) 65535")
    return 0


BUILTINS: dict[str, Program] = {
    **variables.BUILTINS,
    ":": true, "true": true, "false": false, "echo": echo, "printf": print_formatted,
    "test": test, "[": test, "cd": cd, "pwd": pwd, "exit": leave, "logout": leave,
    "return": give_back, "break": break_out, "continue": go_on, "eval": evaluate, "source": source,
    ".": source, "trap": trap, "type": kind_of, "command": command, "let": let,
    "history": history, "jobs": jobs, "wait": wait, "fg": foreground, "umask": mask,
    "ulimit": limits,
}  # fmt: skip
