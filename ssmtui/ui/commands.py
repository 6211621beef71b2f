"""The `:` line: one string that goes anywhere or does anything. The same string works as `-c`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.core.actions import Action
from ssmtui.core.columns import Column, Kind
from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import input_problem
from ssmtui.core.query import parse
from ssmtui.core.query.errors import QueryError
from ssmtui.core.query.values import DURATION, HINTS
from ssmtui.core.text import plain
from ssmtui.resources.base import Resource

QUIT_NAMES = ("q", "q!", "quit", "exit", "qa")


class Go(msgspec.Struct, frozen=True):
    """Go to a resource, with a filter: `:no @prod-eu Env=prod`."""

    resource: Resource[Any]
    filter: str = ""


class Run(msgspec.Struct, frozen=True):
    """Run an action, with what was typed after its name."""

    action: Action
    argument: str = ""


Command = Go | Run


class Vocabulary(msgspec.Struct, frozen=True):
    """Every word that the command line knows."""

    resources: Sequence[Resource[Any]]
    actions: Sequence[Action]
    aliases: Mapping[str, str] = {}
    contexts: Callable[[], Iterable[str]] = tuple
    arguments: Mapping[str, Callable[[], Iterable[str]]] = {}  # action id -> what it may take

    def parse(self, line: str) -> Command:
        """What a line asks for; ProblemError with near names if no word of it is known."""
        name, rest = _split(line)
        name, rest = self._unaliased(name, rest)
        resource = self._resource(name)
        if resource is not None:
            return Go(resource, filter_of(resource, rest))
        action = self._action(name)
        if action is not None:
            if rest and not action.argument:
                raise input_problem(plain(f":{name} takes nothing, and {rest!r} was given"))
            return Run(action, rest)
        raise self._unknown(name)

    def _unaliased(self, name: str, rest: str) -> tuple[str, str]:
        expansion = self.aliases.get(name)
        if expansion is None:
            return name, rest
        # Expanded once only, so an alias that names itself is the resource or action behind it.
        name, inner = _split(expansion)
        return name, f"{inner} {rest}".strip()

    def _resource(self, name: str) -> Resource[Any] | None:
        for resource in self.resources:
            if name in (resource.name, resource.singular, *resource.aliases):
                return resource
        return None

    def _action(self, name: str) -> Action | None:
        if name in QUIT_NAMES:
            name = "quit"
        return next((action for action in self.actions if action.id == name), None)

    def names(self) -> list[str]:
        """Every first word, resources first, each once."""
        words = [word for resource in self.resources for word in (resource.name, *resource.aliases)]
        words += [action.id for action in self.actions] + list(self.aliases)
        return list(dict.fromkeys(words))

    def _unknown(self, name: str) -> Exception:
        remedy = did_you_mean(name, self.names(), sign=":", otherwise="See ? or Ctrl-P")
        return input_problem(plain(f"There is no command :{name}"), remedy)

    def complete(self, line: str) -> list[str]:
        """The lines that `line` may become, best first; it never changes what was typed."""
        body = line.removeprefix(":")
        name, space, rest = body.lstrip().partition(" ")
        if not space:
            return [word for word in self.names() if word.startswith(name) and word != name]
        name, _ = self._unaliased(name, "")
        head, last = _last_word(rest)
        prefix = body[: len(body) - len(last)]
        return [f"{prefix}{word}" for word in self._words(name, head, last)]

    def _words(self, name: str, head: str, last: str) -> list[str]:
        resource = self._resource(name)
        if resource is not None:
            return filter_words(resource.columns, self.contexts(), last)
        action = self._action(name)
        if action is None or head or action.id not in self.arguments:
            return []
        return [
            word for word in self.arguments[action.id]() if word.startswith(last) and word != last
        ]


def filter_words(columns: Iterable[Column], contexts: Iterable[str], last: str) -> list[str]:
    """What the last word of a filter may become: `@context`, or a column with its operator."""
    if last.startswith("@"):
        return [f"@{name}" for name in contexts if name.startswith(last[1:]) and name != last[1:]]
    mark = "!" if last.startswith("!") else ""
    stem = last.removeprefix("!")
    if not stem:
        return []
    return [f"{mark}{column.id}=" for column in columns if column.id.startswith(stem)]


def _split(line: str) -> tuple[str, str]:
    line = line.strip().removeprefix(":").lstrip()
    # `:no/web` is typed by many hands; the name ends where the expression begins.
    for index, character in enumerate(line):
        if character.isspace() or (character in "/@" and index):
            return line[:index], line[index:].strip()
    return line, ""


def filter_of(resource: Resource[Any], rest: str) -> str:
    """The filter behind a resource's name: `/web` is web, and `since 08:00` or `since 2h` is a test
    of the time that the resource is ordered by. ProblemError if that is no time."""
    if rest.startswith("/"):
        return rest[1:].strip()
    match = _SINCE.match(rest)
    column = _time_column(resource)
    if match is None or column is None:
        return rest
    moment, others = match.groups()
    # A duration is compared by its age, a moment as such.
    test = f"{column.id}<{moment}" if DURATION.fullmatch(moment) else f"{column.id}>={moment}"
    rewritten = f"{test} {others}".strip()
    try:
        parse(rewritten, resource.columns)
    except QueryError as error:
        # What is wrong behind the moment was typed as it is, and is said by who applies the filter.
        if error.position < len(test):
            sentence = f"since wants {HINTS[Kind.TIME]}, not “{moment}”"
            raise input_problem(plain(sentence)) from None
    return rewritten


_SINCE = re.compile(r"since\s+(\S+)\s*(.*)")


def _time_column(resource: Resource[Any]) -> Column | None:
    times = [column for column in resource.columns if column.kind is Kind.TIME]
    own = [column for column in times if column.id == resource.sort]
    return next(iter((*own, *times)), None)


def _last_word(text: str) -> tuple[str, str]:
    head, _, last = text.rpartition(" ")
    return head.strip(), last
