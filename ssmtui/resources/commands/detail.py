"""What `d` and `y` show of a command: everything that is known, and the service's own answer.

What looks like a secret in its parameters is masked in both: commands keep them for 30 days, and a
screen is looked at by more people than ListCommands is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from ssmtui.aws.scope import Scope
from ssmtui.core.columns import Column, Kind, rfc3339
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain
from ssmtui.resources.base import Section
from ssmtui.resources.commands.row import (
    COLUMNS,
    Command,
    Sender,
    from_answer,
    masked_parameters,
)

# How the columns stand together; a test holds that none is left out. Parameters have a section of
# their own, for which they are read whole.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Command", ("id", "name", "rollout", "status", "details", "document", "version", "what")),
    ("Sent", ("who", "sender", "mine", "requested", "expires", "account", "region")),
    ("Targets", ("on", "targets", "done", "failed", "undelivered", "at_once", "max_errors")),
    ("Nodes", ("node",)),
    ("Output", ("output",)),
)
# What the service tells besides, and the words for it.
_MORE = (("TimeoutSeconds", "delivery timeout"), ("ServiceRole", "service role"))


async def detail(scope: Scope, command: Command, now: float) -> list[Section]:
    """Everything known of a command, read anew. ProblemError if it cannot be, or is no more."""
    fact = await read_command(scope, command)
    sender = _sender_of(command)
    fresh = from_answer(scope.key, fact, origins={}, sender=sender)
    # Names come from what is kept on this machine, not from the service.
    fresh = msgspec.structs.replace(
        fresh, name=command.name, on=command.on, who=command.who, mine=command.mine
    )
    by_id = {column.id: column for column in COLUMNS}
    sections = []
    for title, ids in GROUPS:
        pairs = [(by_id[name].title.lower(), _text(by_id[name], fresh, now)) for name in ids]
        if title == "Output":
            pairs += _more(fact)
        sections.append(Section(title, pairs))
    parameters = await asyncio.to_thread(masked_parameters, fact.get("Parameters") or {})
    if parameters:
        shown = [(name, "\n".join(lines)) for name, lines in parameters.items()]
        sections.insert(1, Section("Parameters", shown))
    return sections


async def raw(scope: Scope, command: Command) -> dict[str, Any]:
    """ListCommands' own answer on one command, read again, with its parameters masked."""
    fact = dict(await read_command(scope, command, raw=True))
    if fact.get("Parameters"):
        fact["Parameters"] = await asyncio.to_thread(masked_parameters, fact["Parameters"])
    return {"ssm:ListCommands": fact}


async def read_command(scope: Scope, command: Command, *, raw: bool = False) -> Mapping[str, Any]:
    """ListCommands' answer on one command. ProblemError: it cannot be read, or is no more."""
    answer = await scope.read("ssm", "ListCommands", {"CommandId": command.id}, raw=raw)
    for fact in answer.get("Commands") or ():
        return dict(fact)
    raise ProblemError(
        Problem(
            ProblemKind.SERVICE,
            f"There is no command {plain(command.id)} any more",
            "Run Command forgets commands after 30 days",
            operation="ssm:ListCommands",
            scope=scope.key,
        )
    )


def _sender_of(command: Command) -> Sender | None:
    if isinstance(command.who, str) and isinstance(command.sender, str):
        return Sender(command.who, command.sender, command.mine is True)
    return None


def _more(fact: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = [(words, str(fact[name])) for name, words in _MORE if fact.get(name)]
    alarms = (fact.get("AlarmConfiguration") or {}).get("Alarms") or ()
    pairs += [("alarm", str(alarm.get("Name"))) for alarm in alarms]
    pairs += [
        ("triggered", f"{alarm.get('Name')} {alarm.get('State')}")
        for alarm in fact.get("TriggeredAlarms") or ()
    ]
    topic = (fact.get("NotificationConfig") or {}).get("NotificationArn")
    return [*pairs, ("notifies", str(topic))] if topic else pairs


def _text(column: Column, command: Command, now: float) -> str:
    value = column.value(command)
    if column.id == "who" and not isinstance(value, str):
        return "unknown: Run Command does not say; w asks CloudTrail"
    text = column.text(command, now)
    if column.kind is Kind.TIME and isinstance(value, float):
        return f"{text} · {rfc3339(value)}" if value > now else f"{text} ago · {rfc3339(value)}"
    if column.kind is Kind.NAMES and isinstance(value, tuple):
        return "\n".join(value)
    return text
