"""journalctl and logger: reading and writing the journal."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from ssmtui.simulator.shell.commands.making import formatted, seconds
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.applogs import stamp
from ssmtui.simulator.shell.machine.series import Record
from ssmtui.simulator.shell.options import Options, natural
from ssmtui.simulator.shell.regex import Regex, RegexProblem

_LEVELS = {"err": 3, "warning": 4, "info": 6}


_PRIORITIES = ("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug")


def journal_line(call: Invocation, record: Record) -> str:
    service = call.machine.services.get(record.unit)
    pid = service.process.pid if service and service.process else 1
    tag = record.unit if record.unit == "kernel" else f"{record.unit}[{pid}]"
    return f"{stamp(record.when)} {call.machine.hostname} {tag}: {record.text}"


async def journalctl(call: Invocation) -> int:
    options = Options(
        call.args, "fexkbqar", "unpgoStU",
        {"unit": "u", "follow": "f", "lines": "n", "no-pager": "q", "priority": "p", "grep": "g",
         "output": "o", "since": "S", "until": "U", "reverse": "r", "boot": "b", "identifier": "t",
         "dmesg": "k", "quiet": "q"},
    )  # fmt: skip
    machine = call.machine
    journal, unit = machine.journal[0], None
    if "u" in options or "t" in options:
        unit = (options.value("u") or options.value("t")).removesuffix(".service")
    if "k" in options:
        unit = "kernel"
    keep = _Filter(options)
    after = machine.now - 86400.0 if "S" not in options else _since(call, options.value("S"))
    after = max(after, machine.boot_time)
    following = "f" in options
    most = natural(options.value("n", "10")) if "n" in options or following else None
    if "e" in options and most is None:
        most = 1000
    count, until = journal.count, machine.now
    records = []
    for record in journal.between(after, until, unit):
        await call.turns.take(0.5)
        if keep.wants(record):
            records.append(record)
    if most is not None:
        records = records[len(records) - min(most, len(records)) :]
    if "r" in options:
        records.reverse()
    if not records and not following:
        await call.line("-- No entries --")
        return 0
    await call.lines([keep.line(call, record) for record in records])
    if following:
        await _follow(call, unit, keep, until, count)
    return 0


class _Filter:
    """Which records are wanted, and how they look."""

    def __init__(self, options: Options) -> None:
        self._output = options.value("o", "short")
        self._worst = 7
        if "p" in options:
            word = options.value("p").rpartition("..")[2]
            if word in _PRIORITIES:
                self._worst = _PRIORITIES.index(word)
            elif word in tuple("01234567"):
                self._worst = int(word)
            else:
                raise Complaint(f"Unknown log level {word}")
        self._expression: Regex | None = None
        if "g" in options:
            try:
                self._expression = Regex(options.value("g"), extended=True, ignore_case=True)
            except RegexProblem as problem:
                raise Complaint(f'Bad pattern "{options.value("g")}": {problem}') from None

    def wants(self, record: Record) -> bool:
        if _LEVELS.get(record.level, 6) > self._worst:
            return False
        return self._expression is None or self._expression.matches(record.text)

    def line(self, call: Invocation, record: Record) -> str:
        if self._output == "cat":
            return record.text
        line = journal_line(call, record)
        if self._output.startswith("short-iso"):
            moment = datetime.fromtimestamp(record.when, UTC)
            return formatted(moment, "%FT%T+0000") + line[15:]
        return line


def _since(call: Invocation, text: str) -> float:
    now = call.machine.now
    if text == "today":
        return now - now % 86400
    if text == "yesterday":
        return now - now % 86400 - 86400
    words = text.split()
    if text.startswith("-"):
        return now - seconds(text[1:].replace("min", "m").replace("hour", "h"))
    if len(words) == 3 and words[2] == "ago":
        unit = words[1].rstrip("s")
        letters = {"second": "s", "sec": "s", "minute": "m", "min": "m", "hour": "h", "day": "d"}
        if unit in letters:
            return now - seconds(words[0] + letters[unit])
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Complaint(f"Failed to parse timestamp: {text}") from None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


async def _follow(
    call: Invocation, unit: str | None, keep: _Filter, until: float, count: int
) -> None:
    """Show what comes after an instant and a count of written records, until cancelled."""
    journal = call.machine.journal[0]
    woken = asyncio.Event()
    journal.listeners.append(woken.set)
    try:
        while True:
            due = journal.next_after(until, unit)
            timer = None if due is None else call.machine.clock.at(due, woken.set)
            try:
                await woken.wait()
            finally:
                if timer is not None:
                    timer.cancel()
            woken.clear()
            call.turns.waited()
            now = call.machine.now
            fresh = [*journal.spoken(until, now, unit), *journal.written_since(count)]
            until, count = now, journal.count
            for record in sorted(fresh, key=lambda record: record.when):
                if unit in (None, record.unit) and keep.wants(record):
                    await call.line(keep.line(call, record))
    finally:
        journal.listeners.remove(woken.set)


async def logger(call: Invocation) -> int:
    options = Options(call.args, "is", "tp", {"tag": "t", "priority": "p"})
    text = " ".join(options.rest)
    if not options.rest:
        text = (await call.whole("-", 65_536)).decode("utf-8", "surrogateescape").rstrip("\n")
    level = options.value("p").rpartition(".")[2]
    level = level if level in _LEVELS else "info"
    tag = options.value("t", call.user.name)
    for line in text.split("\n"):
        call.machine.journal[0].write(Record(call.machine.now, tag, line[:8192], level))
    return 0


PROGRAMS: dict[str, Program] = {"journalctl": journalctl, "logger": logger}
