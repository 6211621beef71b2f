"""Programs that run others, or set the terminal: bash, sudo, su, env, xargs, timeout, stty ..."""

from __future__ import annotations

import asyncio
from collections.abc import Set

from ssmtui.core.tasks import spawn
from ssmtui.simulator.shell.bash.formatting import quoted
from ssmtui.simulator.shell.bash.interpreter import Bash
from ssmtui.simulator.shell.bash.login import BashPrompt, new_state
from ssmtui.simulator.shell.bash.programs import PATH
from ssmtui.simulator.shell.commands.making import seconds
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.users import User
from ssmtui.simulator.shell.options import Options, natural
from ssmtui.simulator.shell.streams import Nothing, decode
from ssmtui.simulator.shell.terminal.repl import Repl
from ssmtui.simulator.shell.terminal.tty import Tty

_TIMED_OUT = 124
_MOST_ARGUMENTS = 5_000


async def bash(call: Invocation) -> int:
    """bash [-l] [-c text [name args]] [file args]; at a terminal without them, a shell."""
    args = list(call.args)
    options: set[str] = set()
    while args and args[0][:1] in ("-", "+") and len(args[0]) > 1:
        word = args.pop(0)
        if word in ("--login", "--norc", "--noprofile", "--"):
            continue
        letters = word[1:]
        if "c" in letters:
            if not args:
                raise Complaint("-c: option requires an argument", 2)
            text, *rest = args
            shell = _child(call, options | set(letters) & set("eux"))
            shell.state.name = rest[0] if rest else call.name
            shell.state.positional = rest[1:]
            return await shell.run(text)
        if not set(letters) <= set("lieuxsov"):
            raise Complaint(f"{word}: invalid option", 2)
        options |= set(letters) & set("eux")
    if args and args[0] != "-s":
        return await _script(call, args, options)
    return await converse(call, _child(call, options))


def _child(call: Invocation, options: Set[str] = frozenset()) -> Bash:
    """A new bash in the place of the invocation: what is exported goes along, nothing else."""
    shell = call.shell.fork(call.streams)
    state = new_state(call.machine, call.user, call.cwd)
    state.exported.clear()
    for name, value in call.env.items():
        state.set(name, value)
        state.exported.add(name)
    state.name = call.name
    state.depth = shell.state.depth
    state.options = set(options)
    shell.state = state
    return shell


async def _script(call: Invocation, args: list[str], options: set[str]) -> int:
    name, *rest = args
    text = decode(await call.whole(name, 1 << 20))
    shell = _child(call, options)
    shell.state.name, shell.state.positional = name, rest
    return await shell.run(text)


async def converse(call: Invocation, shell: Bash) -> int:
    """At a terminal a shell with a prompt, else one that reads commands from stdin."""
    if call.tty is None or call.streams.stdout is not call.tty:
        return await shell.run(decode(await call.whole("-", 1 << 20)))
    try:
        return await shell.leave(await Repl(BashPrompt(shell, call.tty), call.tty).run())
    finally:
        await shell.jobs.end()
        call.tty.start_program(b"")


async def sudo(call: Invocation) -> int:
    """sudo [-i] [-s] [-u user] [NAME=value] command: everybody here may do it without a password,
    as ssm-user may.
    """
    options = Options(call.args, "isnEHSbkKvlA", "ugp", {"user": "u", "login": "i",
                      "non-interactive": "n", "preserve-env": "E"}, permute=False)  # fmt: skip
    user = _user(call, options.value("u", "root"))
    if "l" in options:
        await call.line(f"User {call.user.name} may run the following commands:")
        await call.line("    (ALL) NOPASSWD: ALL")
        return 0
    words = list(options.rest)
    env = {**call.env, "HOME": user.home, "USER": user.name, "LOGNAME": user.name,
           "SUDO_USER": call.user.name, "PATH": PATH}  # fmt: skip
    while words and "=" in words[0] and words[0].partition("=")[0].isidentifier():
        name, _, value = words.pop(0).partition("=")
        env[name] = value
    inside = call.having(user=user, env=env, cwd=user.home if "i" in options else call.cwd)
    if not words:
        if "v" in options or "k" in options or "K" in options:
            return 0
        if "i" not in options and "s" not in options:
            raise Complaint("a command is required")
        shell = _child(inside.having(name="bash"))
        shell.state.cwd = inside.cwd
        return await converse(inside, shell)
    if words[0] in ("su", "bash", "sh"):
        return await {"su": su, "bash": bash, "sh": bash}[words[0]](
            inside.having(name=words[0], args=words[1:])
        )
    return await _as(inside, words)


def _user(call: Invocation, name: str) -> User:
    user = call.machine.users.get(name)
    if user is None:
        raise Complaint(f"unknown user {name}")
    return user


async def _as(call: Invocation, words: list[str]) -> int:
    """Run a program with the invocation's user and environment."""
    shell = _child(call)
    shell.state.cwd = call.cwd
    if shell.programs.find(words[0], shell).program is None and call.name == "sudo":
        await call.complain(f"{words[0]}: command not found")
        return 1
    builtin = shell.programs.builtin(words[0])
    if builtin is not None and shell.programs.find(words[0], shell).program is None:
        return 127
    return await shell.call(words, call.streams)


async def su(call: Invocation) -> int:
    """su [-] [user] [-c command]: root may be anybody, others may not."""
    args = [arg for arg in call.args if arg not in ("-", "-l", "--login", "-m", "-p")]
    options = Options(args, "", "cs", {"command": "c", "shell": "s"})
    user = _user(call, options.rest[0] if options.rest else "root")
    if not call.root:
        raise Complaint("Authentication failure")
    login = any(arg in call.args for arg in ("-", "-l", "--login"))
    env = {**call.env, "HOME": user.home, "USER": user.name, "LOGNAME": user.name}
    inside = call.having(user=user, env=env, cwd=user.home if login else call.cwd, name="bash")
    shell = _child(inside)
    if "c" in options:
        return await shell.run(options.value("c"))
    return await converse(inside, shell)


async def env(call: Invocation) -> int:
    args = list(call.args)
    variables = dict(call.env)
    if args[:1] in (["-i"], ["-"]):
        variables = {}
        del args[0]
    while args[:1] == ["-u"] and len(args) > 1:
        variables.pop(args[1], None)
        del args[:2]
    while args and "=" in args[0]:
        name, _, value = args.pop(0).partition("=")
        variables[name] = value
    if not args:
        await call.lines([f"{name}={value}" for name, value in variables.items()])
        return 0
    return await _as(call.having(env=variables), args)


async def printenv(call: Invocation) -> int:
    if not call.args:
        return await env(call)
    found = [call.env[name] for name in call.args if name in call.env]
    await call.lines(found)
    return int(len(found) < len(call.args))


async def nohup(call: Invocation) -> int:
    if not call.args:
        raise Complaint("missing operand", 125)
    streams = call.streams
    if call.tty is not None and streams.stdout is call.tty:
        await call.err("nohup: ignoring input and appending output to 'nohup.out'")
        sink = call.writable("nohup.out", append=True)
        streams = streams.having(stdin=Nothing(), stdout=sink, stderr=sink)
    return await call.shell.call(call.args, streams, functions=False)


async def in_turn(call: Invocation) -> int:
    """nice, setsid, stdbuf and the like: the command, as it is."""
    args = list(call.args)
    while args and args[0].startswith("-"):
        word = args.pop(0)
        if word in ("-n", "-c") and args:
            del args[0]
    return await call.shell.call(args, call.streams, functions=False) if args else 0


async def timeout(call: Invocation) -> int:
    options = Options(call.args, "v", "ks", {"foreground": "v", "preserve-status": "v",
                      "kill-after": "k", "signal": "s"}, permute=False)  # fmt: skip
    if len(options.rest) < 2:
        raise Complaint("missing operand", 125)
    limit, *words = options.rest
    span = seconds(limit)
    task = spawn(call.shell.call(words, call.streams, functions=False), "toy timeout")
    over: list[bool] = []

    def stop() -> None:
        over.append(True)
        task.cancel()

    timer = call.machine.clock.after(span, stop) if span else None
    try:
        await asyncio.wait({task})
    finally:
        if timer is not None:
            timer.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return _TIMED_OUT if over and task.cancelled() else task.result()


async def measure(call: Invocation) -> int:
    """time: simulated seconds, of which no program uses any to compute."""
    started = call.machine.now
    args = call.args[1:] if call.args[:1] == ["-p"] else call.args
    status = await call.shell.call(args, call.streams) if args else 0
    minutes, rest = divmod(call.machine.now - started, 60)
    await call.err(f"\nreal\t{minutes:.0f}m{rest:.3f}s\nuser\t0m0.000s\nsys\t0m0.001s")
    return status


async def xargs(call: Invocation) -> int:
    options = Options(call.args, "0rtp", "nIPLd", {"null": "0", "no-run-if-empty": "r",
                      "max-args": "n", "max-procs": "P"}, permute=False)  # fmt: skip
    text = decode(await call.whole("-", 1 << 20))
    if "0" in options:
        items = [item for item in text.split("\0") if item]
    elif "I" in options or "L" in options:
        items = [line.strip() for line in text.splitlines() if line.strip()]
    else:
        items = text.replace("'", "").replace('"', "").split()
    words = options.rest or ["echo"]
    if not items and ("r" in options or "I" in options):
        return 0
    if "I" in options:
        mark = options.value("I")
        commands = [[word.replace(mark, item) for word in words] for item in items]
    else:
        size = max(1, natural(options.value("n"))) if "n" in options else _MOST_ARGUMENTS
        commands = [[*words, *items[at : at + size]] for at in range(0, max(1, len(items)), size)]
    streams = call.streams.having(stdin=Nothing())
    worst = 0
    for command in commands:
        if "t" in options:
            await call.err(" ".join(map(quoted, command)))
        status = await call.shell.call(command, streams, functions=False)
        if status in (126, 127):
            return status
        worst = 123 if status else worst
    return worst


async def watch(call: Invocation) -> int:
    options = Options(call.args, "dtgx", "n", {"interval": "n"}, permute=False)
    pause = seconds(options.value("n", "2"))
    while True:
        await call.out("\x1b[H\x1b[2J" + f"Every {pause:.1f}s: {' '.join(options.rest)}\n\n")
        await _child(call).source(" ".join(options.rest), call.streams)
        await call.machine.wait(pause)
        call.turns.waited()


async def clear(call: Invocation) -> int:
    await call.out("\x1b[H\x1b[2J\x1b[3J")
    return 0


async def reset(call: Invocation) -> int:
    await call.out("\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>")
    return 0


async def stty(call: Invocation) -> int:
    tty = _terminal(call)
    args = call.args
    if args == ["size"]:
        await call.line(f"{tty.rows} {tty.cols}")
    elif not args or args == ["-a"]:
        await call.line(f"speed 38400 baud; rows {tty.rows}; columns {tty.cols}; line = 0;")
        await call.line(f"{'' if tty.canonical else '-'}icanon {'' if tty.echo else '-'}echo")
    for word, value in zip(args, [*args[1:], ""], strict=True):
        if word in ("echo", "-echo"):
            tty.echo = word == "echo"
        elif word in ("raw", "cooked", "sane", "icanon", "-icanon"):
            tty.canonical = word not in ("raw", "-icanon")
            if "icanon" not in word:
                tty.signals = word != "raw"
            tty.echo = tty.echo or word == "sane"
        elif word in ("rows", "cols", "columns"):
            cells = natural(value)
            tty.resize(tty.cols if word == "rows" else cells, cells if word == "rows" else tty.rows)
    return 0


def _terminal(call: Invocation) -> Tty:
    if call.tty is None:
        raise Complaint("'standard input': Inappropriate ioctl for device")
    return call.tty


async def tty_name(call: Invocation) -> int:
    await call.line(f"/dev/{call.tty.name}" if call.tty is not None else "not a tty")
    return int(call.tty is None)


_CAPABILITIES = {
    "clear": "\x1b[H\x1b[2J", "sgr0": "\x1b(B\x1b[m", "bold": "\x1b[1m", "rev": "\x1b[7m",
    "smcup": "\x1b[?1049h", "rmcup": "\x1b[?1049l", "civis": "\x1b[?25l", "cnorm": "\x1b[?25h",
    "colors": "256\n",
}  # fmt: skip


async def tput(call: Invocation) -> int:
    cols, rows = (call.tty.cols, call.tty.rows) if call.tty is not None else (80, 24)
    known = {**_CAPABILITIES, "cols": f"{cols}\n", "lines": f"{rows}\n"}
    word = call.args[0] if call.args else ""
    if word in ("setaf", "setab") and len(call.args) > 1:
        base = 30 if word == "setaf" else 40
        await call.out(f"\x1b[{base + natural(call.args[1]) % 8}m")
        return 0
    if word not in known:
        raise Complaint(f"unknown terminfo capability '{word}'", 4)
    await call.out(known[word])
    return 0


PROGRAMS: dict[str, Program] = {
    "bash": bash, "sh": bash, "dash": bash, "zsh": bash, "sudo": sudo, "su": su, "env": env,
    "printenv": printenv, "nohup": nohup, "nice": in_turn, "setsid": in_turn, "stdbuf": in_turn,
    "timeout": timeout, "time": measure, "xargs": xargs, "watch": watch, "clear": clear,
    "reset": reset, "stty": stty, "tty": tty_name, "tput": tput,
}  # fmt: skip
