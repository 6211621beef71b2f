"""What `echo -e` and `printf` make of their arguments."""

from __future__ import annotations

from ssmtui.simulator.shell.bash.scanner import ansi_escape
from ssmtui.simulator.shell.invocation import Complaint

_LONGEST = 1 << 20
_WIDEST = 10_000


def unescape(text: str) -> tuple[str, bool]:
    """Backslash escapes made; whether output ends here (\\c)."""
    made: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "\\" or at + 1 == len(text):
            made.append(text[at])
            at += 1
        elif text[at + 1] == "c":
            return "".join(made), True
        else:
            rest = text[at + 1 : at + 11]
            if rest[0] == "0":  # echo's octal numbers have a 0 in front
                piece, used = ansi_escape(rest[1:]) if rest[1:2].isdigit() else ("\0", 0)
                used += 1
            else:
                piece, used = ansi_escape(rest)
            made.append(piece)
            at += 1 + used
    return "".join(made), False


def printf(template: str, args: list[str]) -> str:
    """The template is used again while there are arguments left. Complaint for a wrong one."""
    waiting = list(args)
    made = ""
    while True:
        before = len(waiting)
        piece, ended = _once(template, waiting)
        made += piece
        if len(made) > _LONGEST:
            raise Complaint("output too long")
        if ended or not waiting or len(waiting) == before:
            return made


def _once(template: str, waiting: list[str]) -> tuple[str, bool]:
    made: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        if char == "\\" and at + 1 < len(template):
            piece, used = ansi_escape(template[at + 1 : at + 11])
            made.append(piece)
            at += 1 + used
        elif char == "%":
            piece, at, ended = _directive(template, at + 1, waiting)
            made.append(piece)
            if ended:
                return "".join(made), True
        else:
            made.append(char)
            at += 1
    return "".join(made), False


def _directive(template: str, at: int, waiting: list[str]) -> tuple[str, int, bool]:
    """What stands after a "%": its text, where the template goes on, and whether output ends."""
    if template.startswith("%", at):
        return "%", at + 1, False
    start = at
    flags = ""
    while template[at : at + 1] and template[at] in "-+ 0#":
        flags += template[at]
        at += 1
    width, at = _count(template, at, waiting)
    precision: int | None = None
    if template.startswith(".", at):
        precision, at = _count(template, at + 1, waiting)
    if width < 0:
        flags, width = flags + "-", -width
    kind = template[at : at + 1]
    if not kind or kind not in "diouxXcsbqeEfgG":
        raise Complaint(f"`{template[start - 1 : at + 1]}': invalid format character")
    text, ended = _converted(kind, waiting.pop(0) if waiting else "", flags, precision)
    return _padded(text, kind, flags, width), at + 1, ended


def _converted(kind: str, text: str, flags: str, precision: int | None) -> tuple[str, bool]:
    ended = False
    if kind == "b":
        text, ended = unescape(text)
    elif kind == "c":
        text = text[:1]
    elif kind == "q":
        text = quoted(text)
    elif kind != "s":
        return _number(text, kind, flags, precision), False
    return text if precision is None or kind not in "sb" else text[:precision], ended


def _padded(text: str, kind: str, flags: str, width: int) -> str:
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and kind not in "scbq":
        sign = text[:1] if text[:1] in ("-", "+") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _count(template: str, at: int, waiting: list[str]) -> tuple[int, int]:
    if template.startswith("*", at):
        word = waiting.pop(0) if waiting else "0"
        return min(int(_integer(word)), _WIDEST), at + 1
    start = at
    while template[at : at + 1].isdigit() and template[at].isascii():
        at += 1
    return min(int(template[start:at][:9] or 0), _WIDEST), at


def _number(text: str, kind: str, flags: str, precision: int | None) -> str:
    if kind in "eEfgG":
        try:
            return (
                f"{float(text or 0):{'+' if '+' in flags else ''}.{min(precision or 6, 60)}{kind}}"
            )
        except ValueError:
            raise Complaint(f"{text[:200]}: invalid number") from None
    value = _integer(text)
    if kind in "di":
        made = str(value)
    else:
        made = format(value & ((1 << 64) - 1), {"u": "d"}.get(kind, kind))
        if "#" in flags:
            made = {"x": "0x", "X": "0X", "o": "0"}.get(kind, "") + made
    if precision is not None:
        sign = "-" if made.startswith("-") else ""
        made = sign + made.removeprefix("-").rjust(precision, "0")
    return "+" + made if "+" in flags and value >= 0 else made


def _integer(text: str) -> int:
    text = text.strip()
    if text[:1] in ("'", '"'):
        return ord(text[1]) if len(text) > 1 else 0
    digits = text.removeprefix("-").removeprefix("+")
    base = 16 if digits[:2].lower() == "0x" else 8 if digits[:1] == "0" and len(digits) > 1 else 10
    try:
        return int(text[:100] or "0", base)
    except ValueError:
        raise Complaint(f"{text[:200]}: invalid number") from None


def quoted(text: str) -> str:
    """A text as one word of a script."""
    if text and all(char.isalnum() or char in "_-./:=@%+," for char in text):
        return text
    return "'" + text.replace("'", "'\\''") + "'"
