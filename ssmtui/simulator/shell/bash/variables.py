"""Builtins that work on variables: export, local, set, read and the like."""

from __future__ import annotations

from ssmtui.simulator.shell.bash.formatting import quoted
from ssmtui.simulator.shell.bash.scanner import NAME
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.options import Options
from ssmtui.simulator.shell.streams import decode

_SET_OPTIONS = {"errexit": "e", "nounset": "u", "xtrace": "x", "noglob": "f", "allexport": "a"}


def count_of(call: Invocation) -> int:
    word = call.args[0] if call.args else "1"
    if not (word.isascii() and word.isdigit() and len(word) < 6 and int(word)):
        raise Complaint(f"{word}: loop count out of range")
    return int(word)


async def export(call: Invocation) -> int:
    state = call.shell.state
    names = [arg for arg in call.args if arg not in ("-p", "-n", "--")]
    if not names:
        await call.lines(
            [f'declare -x {name}="{value}"' for name, value in state.environment.items()]
        )
    for word in names:
        name = _assign(call, word)
        if "-n" in call.args:
            state.exported.discard(name)
        else:
            state.exported.add(name)
    return 0


async def readonly(call: Invocation) -> int:
    for word in call.args:
        if not word.startswith("-"):
            call.shell.state.readonly.add(_assign(call, word))
    return 0


async def local(call: Invocation) -> int:
    state = call.shell.state
    if not state.locals:
        raise Complaint("can only be used in a function")
    for word in call.args:
        if not word.startswith("-"):
            state.make_local(valid_name(word.partition("=")[0]))
            _assign(call, word, empty="=" not in word)
    return 0


async def declare(call: Invocation) -> int:
    for word in call.args:
        if word.startswith("-"):
            continue
        name = _assign(call, word)
        if "-x" in call.args:
            call.shell.state.exported.add(name)
    return 0


def _assign(call: Invocation, word: str, *, empty: bool = False) -> str:
    name, equals, value = word.partition("=")
    state = call.shell.state
    if name in state.readonly and equals:
        raise Complaint(f"{name}: readonly variable")
    if equals or empty:
        state.set(valid_name(name), value)
    return valid_name(name)


def valid_name(name: str) -> str:
    if not name or name[0].isdigit() or not set(name) <= NAME:
        raise Complaint(f"`{name}': not a valid identifier")
    return name


async def unset(call: Invocation) -> int:
    state = call.shell.state
    for name in call.args:
        if name in state.readonly:
            raise Complaint(f"{name}: cannot unset: readonly variable")
        if not name.startswith("-"):
            if name not in state.variables or "-f" in call.args:
                state.functions.pop(name, None)
            state.unset(name)
    return 0


async def set_options(call: Invocation) -> int:
    state = call.shell.state
    if not call.args:
        await call.lines([f"{name}={quoted(value)}" for name, value in sorted(
            state.variables.items())])  # fmt: skip
        return 0
    args = list(call.args)
    while args:
        word = args.pop(0)
        if word == "--" or word[:1] not in ("-", "+"):
            state.positional = args if word == "--" else [word, *args]
            return 0
        for letter in word[1:]:
            if letter == "o":
                _switch(call, word[0], args.pop(0) if args else "")
            elif letter in "euxfavhbBCm":
                _turn(state.options, letter, on=word[0] == "-")
            else:
                raise Complaint(f"{word}: invalid option", 2)
    return 0


def _switch(call: Invocation, sign: str, name: str) -> None:
    letter = _SET_OPTIONS.get(name, name if name in ("pipefail", "posix", "noclobber") else "")
    if not letter:
        raise Complaint(f"{name}: invalid option name", 2)
    _turn(call.shell.state.options, letter, on=sign == "-")


def _turn(options: set[str], letter: str, *, on: bool) -> None:
    (options.add if on else options.discard)(letter)


async def shift(call: Invocation) -> int:
    state = call.shell.state
    count = count_of(call) if call.args != ["0"] else 0
    if count > len(state.positional):
        return 1
    del state.positional[:count]
    return 0


async def read(call: Invocation) -> int:
    options = Options(call.args, "rs", "pnt", status=2)
    if "p" in options and call.tty is not None:
        await call.streams.stderr.write(options.value("p").encode("utf-8", "replace"))
    if "s" in options and call.tty is not None:
        call.tty.echo = False
    try:
        data = await call.streams.stdin.line()
    finally:
        if call.tty is not None:
            call.tty.echo = True
    call.turns.waited()
    text = decode(data.removesuffix(b"\n").replace(b"\0", b""))
    if "r" not in options:
        text = text.replace("\\\\", "\\")
    names = options.rest or ["REPLY"]
    separators = call.shell.state.get("IFS")
    words = _split(text, len(names), " \t\n" if separators is None else separators)
    if not options.rest:
        words = [text]
    for index, name in enumerate(names):
        call.shell.state.set(valid_name(name), words[index] if index < len(words) else "")
    return 0 if data.endswith(b"\n") else 1


def _split(text: str, most: int, separators: str) -> list[str]:
    """Words; the last one has all that is left."""
    words: list[str] = []
    rest = text.strip(" \t") if " " in separators else text
    while rest and len(words) < most - 1:
        end = next((at for at, char in enumerate(rest) if char in separators), -1)
        if end < 0:
            break
        words.append(rest[:end])
        rest = rest[end + 1 :].lstrip(" \t") if " " in separators else rest[end + 1 :]
    return [*words, rest]


BUILTINS: dict[str, Program] = {
    "export": export, "readonly": readonly, "local": local, "declare": declare, "typeset": declare,
    "unset": unset, "set": set_options, "shift": shift, "read": read,
}  # fmt: skip
