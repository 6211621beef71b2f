"""Programs that make output or pass time: seq, yes, sleep, date and their like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from ssmtui.simulator.shell.bash import builtins
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options

_MOST_SECONDS = 1e9
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


async def seq(call: Invocation) -> int:
    args = list(call.args)
    separator, width = "\n", False
    while args and args[0][:1] == "-" and not _is_decimal(args[0]):
        word = args.pop(0)
        if word == "-w":
            width = True
        elif word.startswith("-s") and (args or len(word) > 2):
            separator = word[2:] or args.pop(0)
        else:
            raise Complaint(f"invalid option -- '{word[1:]}'")
    if not 1 <= len(args) <= 3:
        raise Complaint("missing operand" if not args else f"extra operand '{args[3]}'")
    for word in args:
        if not _is_decimal(word):
            raise Complaint(f"invalid floating point argument: '{word}'")
    first, step, last = {1: ["1", "1", *args], 2: [args[0], "1", args[-1]]}.get(len(args), args)
    if float(step) == 0:
        raise Complaint(f"invalid Zero increment value: '{step}'")
    if separator == "\n":
        await call.lines(_sequence(first, step, last, width))
    else:
        await call.line(separator.join(_some(_sequence(first, step, last, width))))
    return 0


def _some(texts: Iterator[str]) -> Iterator[str]:
    for count, text in enumerate(texts):
        if count > 100_000:
            return
        yield text


def _is_decimal(text: str) -> bool:
    digits = text.removeprefix("-").removeprefix("+")
    whole, _, part = digits.partition(".")
    return (whole + part).isascii() and (whole + part).isdigit() and len(digits) < 30


def _sequence(first: str, step: str, last: str, width: bool) -> Iterator[str]:
    places = max(len(text.partition(".")[2]) for text in (first, step))
    scale = 10**places
    start, by, end = (round(float(text) * scale) if places else int(float(text))
                      for text in (first, step, last))  # fmt: skip
    pad = max(len(first), len(last)) if width else 0
    for number in range(start, end + (1 if by > 0 else -1), by):
        text = f"{number / scale:.{places}f}" if places else str(number)
        yield text.zfill(pad) if pad else text


async def yes(call: Invocation) -> int:
    line = " ".join(call.args or ["y"]) + "\n"
    block = line * max(1, 8192 // len(line))
    while True:
        await call.out(block)


async def sleep(call: Invocation) -> int:
    if not call.args:
        raise Complaint("missing operand")
    await call.machine.wait(sum(seconds(word) for word in call.args))
    call.turns.waited()
    return 0


def seconds(word: str) -> float:
    """A duration such as 5, 0.5, 3s, 2m, 1h or 1d. Complaint if it is none."""
    factor = {"s": 1, "m": 60, "h": 3600, "d": 86400}.get(word[-1:])
    digits = word[:-1] if factor else word
    if digits == "infinity":
        return _MOST_SECONDS
    if not _is_decimal(digits) or digits.startswith("-"):
        raise Complaint(f"invalid time interval '{word}'")
    return min(float(digits) * (factor or 1), _MOST_SECONDS)


async def date(call: Invocation) -> int:
    options = Options(call.args, "uRI", "dr", {"utc": "u", "date": "d", "iso-8601": "I"})
    now = call.machine.now
    when = _when(options.value("d"), now) if "d" in options else now
    if "r" in options:
        when = call.file(options.value("r")).modified
    moment = _moment(when)
    pattern = next((word[1:] for word in options.rest if word.startswith("+")), "")
    if "I" in options:
        pattern = "%Y-%m-%d"
    if "R" in options:
        pattern = "%a, %d %b %Y %H:%M:%S +0000"
    await call.line(formatted(moment, pattern or "%a %b %e %H:%M:%S UTC %Y"))
    return 0


def _moment(when: float) -> datetime:
    try:
        return datetime.fromtimestamp(when, UTC)
    except (ValueError, OverflowError, OSError):
        raise Complaint(f"invalid date '@{when:.0f}'") from None


_UNITS = {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "day": 86400,
          "week": 7 * 86400}  # fmt: skip


def _when(text: str, now: float) -> float:
    """@seconds, now, yesterday, "2 hours ago", or an ISO date."""
    words = text.lower().split()
    if text.startswith("@") and _is_decimal(text[1:]):
        return float(text[1:])
    if words in ([], ["now"], ["today"]):
        return now
    if words in (["yesterday"], ["tomorrow"]):
        return now + (86400 if words == ["tomorrow"] else -86400)
    if len(words) in (2, 3) and _is_decimal(words[0]) and words[1].rstrip("s") in _UNITS:
        amount = float(words[0]) * _UNITS[words[1].rstrip("s")]
        return now - amount if words[2:] == ["ago"] else now + amount
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Complaint(f"invalid date '{text}'") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def formatted(moment: datetime, pattern: str) -> str:
    """As strftime does it in the C locale, whatever the host's."""
    made: list[str] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char != "%" or at == len(pattern):
            made.append(char)
            continue
        letter = pattern[at]
        at += 1
        while letter in "-_0^" and at < len(pattern):
            letter = pattern[at]
            at += 1
        made.append(_date_part(moment, letter))
    return "".join(made)


def _date_part(moment: datetime, letter: str) -> str:
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    parts = {
        "Y": f"{moment.year:04d}", "m": f"{moment.month:02d}", "d": f"{moment.day:02d}",
        "H": f"{moment.hour:02d}", "M": f"{moment.minute:02d}", "S": f"{moment.second:02d}",
        "e": f"{moment.day:2d}", "y": f"{moment.year % 100:02d}", "a": day[:3], "A": day,
        "b": month[:3], "h": month[:3], "B": month, "Z": "UTC", "z": "+0000", "n": "\n", "t": "\t",
        "%": "%", "u": str(moment.weekday() + 1), "w": str((moment.weekday() + 1) % 7),
        "j": f"{moment.timetuple().tm_yday:03d}", "s": f"{moment.timestamp():.0f}",
        "N": f"{moment.microsecond * 1000:09d}", "I": f"{(moment.hour - 1) % 12 + 1:02d}",
        "p": "AM" if moment.hour < 12 else "PM",
    }  # fmt: skip
    whole = {"F": "%Y-%m-%d", "T": "%H:%M:%S", "R": "%H:%M", "D": "%m/%d/%y",
             "c": "%a %b %e %H:%M:%S %Y", "x": "%m/%d/%y", "X": "%H:%M:%S"}  # fmt: skip
    if letter in whole:
        return formatted(moment, whole[letter])
    return parts.get(letter, "%" + letter)


async def basename(call: Invocation) -> int:
    if not call.args:
        raise Complaint("missing operand")
    name = call.args[0].rstrip("/").rpartition("/")[2] or call.args[0][:1]
    suffix = call.args[1] if len(call.args) > 1 else ""
    await call.line(name.removesuffix(suffix) if suffix != name else name)
    return 0


async def dirname(call: Invocation) -> int:
    if not call.args:
        raise Complaint("missing operand")
    folder, slash, _ = call.args[0].rstrip("/").rpartition("/")
    await call.line(folder or ("/" if slash or call.args[0].startswith("/") else "."))
    return 0


async def realpath(call: Invocation) -> int:
    status = 0
    for name in Options(call.args, "efmn").rest:
        try:
            await call.line(call.machine.tree.real(call.path(name), call.user.name))
        except FileProblem as problem:
            await call.complain(f"{name}: {problem.reason}")
            status = 1
    return status


PROGRAMS: dict[str, Program] = {
    "seq": seq, "yes": yes, "sleep": sleep, "date": date, "basename": basename,
    "dirname": dirname, "realpath": realpath, "readlink": realpath, "pwd": builtins.pwd,
    "true": builtins.true,
    "false": builtins.false, "echo": builtins.echo, "printf": builtins.print_formatted,
    "test": builtins.test, "[": builtins.test,
}  # fmt: skip
