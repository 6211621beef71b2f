"""find: the entries of a tree that pass some tests."""

from __future__ import annotations

from collections.abc import Callable

from ssmtui.simulator.shell.bash.patterns import Pattern
from ssmtui.simulator.shell.commands.listing import entry_size, long_lines, mode_text
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.files import Entry, Folder
from ssmtui.simulator.shell.machine.paths import base
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options, natural


async def find(call: Invocation) -> int:
    """Of find's tests: -name -iname -path -type -size -mtime -newer -maxdepth -mindepth -empty
    -user; of its actions -print -print0 -delete -ls and -exec.
    """
    args = list(call.args)
    roots = []
    while args and not args[0].startswith(("-", "(", "!")):
        roots.append(args.pop(0))
    search = _Find(call, args)
    status = 0
    for root in roots or ["."]:
        try:
            entry = call.machine.tree.find(call.path(root), call.user.name, follow=False)
        except FileProblem as problem:
            await call.complain(f"'{root}': {problem.reason}")
            status = 1
            continue
        found = list(call.machine.tree.walk(root, entry))
        if search.deleting:
            found.reverse()
        for path, child in found:
            await call.turns.take()
            depth = path.removeprefix(root.rstrip("/")).count("/")
            if search.least <= depth <= search.most and all(
                test(path, child) for test in search.tests
            ):
                await search.act(path, child)
    return status


class _Find:
    def __init__(self, call: Invocation, args: list[str]) -> None:
        self.call = call
        self.tests: list[Callable[[str, Entry], bool]] = []
        self.least, self.most = 0, 1 << 30
        self.deleting = self._nul = self._long = False
        self._commands: list[list[str]] = []
        negated = False
        waiting = list(args)
        while waiting:
            word = waiting.pop(0)
            if word in ("!", "-not"):
                negated = not negated
                continue
            if word in ("-a", "-and", "-print", "-xdev", "-mount", "(", ")"):
                continue
            test = self._word(word, waiting)
            if test is not None:
                self.tests.append(_not(test) if negated else test)
                negated = False

    def _word(self, word: str, waiting: list[str]) -> Callable[[str, Entry], bool] | None:
        if word in ("-delete", "-print0", "-ls"):
            self.deleting = self.deleting or word == "-delete"
            self._nul = self._nul or word == "-print0"
            self._long = self._long or word == "-ls"
            return None
        if word == "-empty":
            return lambda path, entry: (
                not (entry.entries if isinstance(entry, Folder) else entry_size(entry))
            )
        if word in ("-exec", "-execdir"):
            ends = [at for at, one in enumerate(waiting) if one in (";", "+")]
            if not ends:
                raise Complaint("missing argument to `-exec'")
            self._commands.append(waiting[: ends[0]])
            del waiting[: ends[0] + 1]
            return None
        known = ("-name", "-iname", "-path", "-type", "-size", "-mtime", "-mmin", "-newer", "-user",
                 "-maxdepth", "-mindepth")  # fmt: skip
        if word not in known:
            raise Complaint(f"unknown predicate `{word}'")
        if not waiting:
            raise Complaint(f"missing argument to `{word}'")
        return self._test(word, waiting.pop(0))

    def _test(self, word: str, value: str) -> Callable[[str, Entry], bool] | None:
        if word == "-maxdepth":
            self.most = natural(value)
            return None
        if word == "-mindepth":
            self.least = natural(value)
            return None
        if word in ("-name", "-iname", "-path"):
            return _name_test(word, value)
        if word == "-type":
            return lambda path, entry: mode_text(entry)[0].replace("-", "f") == value
        if word == "-user":
            return lambda path, entry: entry.owner == value
        if word == "-size":
            unit = {"c": 1, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(value[-1:], 512)
            amount = value.rstrip("ckMGb")
            return lambda path, entry: _compare(-(-entry_size(entry) // unit), amount)
        return self._time_test(word, value)

    def _time_test(self, word: str, value: str) -> Callable[[str, Entry], bool]:
        if word == "-newer":
            newer = self.call.file(value).modified
            return lambda path, entry: entry.modified > newer
        now, unit = self.call.machine.now, 86400.0 if word == "-mtime" else 60.0
        return lambda path, entry: _compare(int((now - entry.modified) // unit), value)

    async def act(self, path: str, entry: Entry) -> None:
        call = self.call
        if self.deleting:
            call.machine.tree.remove(call.path(path), call.user.name)
        elif self._commands:
            for command in self._commands:
                words = [word.replace("{}", path) for word in command]
                await call.shell.call(words, call.streams)
        elif self._long:
            await call.lines(long_lines(call, [(path, entry)], Options([])))
        else:
            await call.out(path + ("\0" if self._nul else "\n"))


def _name_test(word: str, value: str) -> Callable[[str, Entry], bool]:
    fold = word == "-iname"
    pattern = Pattern([(value.casefold() if fold else value, False)])

    def test(path: str, entry: Entry) -> bool:
        shown = path.casefold() if fold else path
        return pattern.matches(shown if word == "-path" else base(shown))

    return test


def _not(test: Callable[[str, Entry], bool]) -> Callable[[str, Entry], bool]:
    return lambda path, entry: not test(path, entry)


def _compare(amount: int, wanted: str) -> bool:
    """+5 is more than 5, -5 less."""
    limit = natural(wanted.lstrip("+-"))
    if wanted.startswith("+"):
        return amount > limit
    return amount < limit if wanted.startswith("-") else amount == limit


PROGRAMS: dict[str, Program] = {"find": find}
