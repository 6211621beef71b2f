"""`less`: a full-screen program on the terminal's other screen, and `cat` where there is none."""

from __future__ import annotations

from ssmtui.simulator.shell.commands.reading import cat
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.streams import decode
from ssmtui.simulator.shell.terminal.tty import Tty, TtyInput

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?1h", "\x1b[?1l\x1b[?1049l"
_QUIT = ("q", "Q")
# What keys move by: in lines, and in screens.
_LINES = {"j": 1, "\r": 1, "\n": 1, "\x1b[B": 1, "\x1bOB": 1, "k": -1, "\x1b[A": -1, "\x1bOA": -1}
_SCREENS = {" ": 1.0, "f": 1.0, "\x1b[6~": 1.0, "b": -1.0, "\x1b[5~": -1.0, "d": 0.5, "u": -0.5}


async def less(call: Invocation) -> int:
    """Shows files, or what is piped to it, screen by screen, until q."""
    names = [arg for arg in call.args if not arg.startswith(("-", "+"))]
    tty = call.tty
    if tty is None or call.streams.stdout is not tty:
        return await cat(call.having(args=names))
    if not names and isinstance(call.streams.stdin.source, TtyInput):
        raise Complaint('Missing filename ("less --help" for help)')
    text = ""
    for name in names or ["-"]:
        try:
            text += decode(await call.whole(name))
        except FileProblem as problem:
            await call.err(f"{name}: {problem.reason}")
            return 1
    tty.echo = tty.canonical = tty.signals = False
    await call.out(_ENTER)
    try:
        await _page(call, tty, text, " ".join(names))
    finally:
        await call.out(_LEAVE)
    return 0


async def _page(call: Invocation, tty: Tty, text: str, title: str) -> None:
    top = 0
    keys = ""
    while True:
        rows = _rows(text, tty.cols)
        height = max(1, tty.rows - 1)
        last = max(0, len(rows) - height)
        top = min(max(0, top), last)
        shown = rows[top : top + height] + ["~"] * max(0, height - len(rows))
        prompt = "(END)" if top == last else (title if not top and title else ":")
        await call.out("\x1b[H\x1b[2J" + "\n".join(shown) + f"\n\x1b[7m{prompt}\x1b[m")
        keys = keys or decode(await tty.input.read())
        key, keys = _first(keys)
        if not key or key in _QUIT:
            return
        if key in "gG":
            top = 0 if key == "g" else last
        top += _LINES.get(key, 0) + int(_SCREENS.get(key, 0) * height)


def _first(keys: str) -> tuple[str, str]:
    """The first key of what was typed, and the rest; arrows and the like are several characters."""
    known = sorted((*_LINES, *_SCREENS), key=len, reverse=True)
    key = next((each for each in known if keys.startswith(each)), keys[:1])
    return key, keys[len(key) :]


def _rows(text: str, cols: int) -> list[str]:
    """A text as rows of a screen: long lines go on in the next, control characters are named."""
    rows: list[str] = []
    for line in text.removesuffix("\n").split("\n"):
        named = "".join(_named(char) for char in line.expandtabs(8))
        rows += [named[at : at + cols] for at in range(0, max(1, len(named)), cols)]
    return rows


def _named(char: str) -> str:
    if char == "\x1b":
        return "ESC"
    return f"^{chr(ord(char) ^ 64)}" if char < " " or char == "\x7f" else char


PROGRAMS: dict[str, Program] = {"less": less}
