"""What `d` and `y` show of an invocation: how it went, step by step, with what each has printed."""

from __future__ import annotations

import asyncio
from typing import Any

from ssmtui.aws.scope import Scope
from ssmtui.core.columns import Column, Kind, age, rfc3339
from ssmtui.core.problem import Problem, ProblemError
from ssmtui.resources.base import Section
from ssmtui.resources.commands.statuses import status_word
from ssmtui.resources.invocations.outputs import was_cut
from ssmtui.resources.invocations.row import COLUMNS, Invocation

# How the columns stand together; a test holds that none is left out. What the steps have printed
# has sections of its own, in full as far as the service keeps it.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Invocation", ("status", "details", "code", "title", "document", "command", "steps")),
    ("Node", ("name", "node", "account", "region")),
    ("Time", ("requested", "started", "ended", "duration")),
    ("Output", ("said", "cut", "output")),
)


async def detail(scope: Scope, invocation: Invocation, now: float) -> list[Section]:
    """The row, and each step read anew. The service keeps 24,000 characters of stdout and 8,000 of
    stderr of a step."""
    by_id = {column.id: column for column in COLUMNS}
    sections = [
        Section(title, [_pair(by_id[name], invocation, now) for name in ids], cached=True)
        for title, ids in GROUPS
    ]
    answers = await asyncio.gather(*(_read(scope, invocation, step) for step in _steps(invocation)))
    steps: list[Section] = []
    for answer in answers:
        if isinstance(answer, Problem):
            steps.append(
                Section("Step", [("", "not known: it could not be read")], problems=[answer])
            )
            continue
        steps += _step_sections(answer)
    # What it has printed is what is looked for: before where and when.
    return [sections[0], *steps, *sections[1:]]


async def raw(scope: Scope, invocation: Invocation) -> dict[str, Any]:
    """GetCommandInvocation's own answers, one a step. ProblemError."""
    answers = []
    for step in _steps(invocation):
        params = _params(invocation, step)
        answers.append(await scope.read("ssm", "GetCommandInvocation", params, raw=True))
    for answer in answers:
        answer.pop("ResponseMetadata", None)
    return {"ssm:GetCommandInvocation": answers if len(answers) > 1 else answers[0]}


def _steps(invocation: Invocation) -> tuple[str, ...]:
    """What to ask for: with several steps each by its name, which the service wants then."""
    return invocation.steps if len(invocation.steps) > 1 else ("",)


def _params(invocation: Invocation, step: str) -> dict[str, str]:
    params = {"CommandId": invocation.command, "InstanceId": invocation.node}
    return {**params, "PluginName": step} if step else params


async def _read(scope: Scope, invocation: Invocation, step: str) -> dict[str, Any] | Problem:
    try:
        return await scope.read("ssm", "GetCommandInvocation", _params(invocation, step))
    except ProblemError as error:
        return error.problem


def _step_sections(answer: dict[str, Any]) -> list[Section]:
    name = str(answer.get("PluginName") or "Step")
    code = answer.get("ResponseCode")
    pairs = [
        ("status", str(status_word(answer))),
        ("exit", "-" if code in (None, -1) else str(code)),
        ("began", str(answer.get("ExecutionStartDateTime") or "-")),
        ("ended", str(answer.get("ExecutionEndDateTime") or "-")),
    ]
    pairs += [
        (stream, url)
        for stream, member in (
            ("stdout in", "StandardOutputUrl"),
            ("stderr in", "StandardErrorUrl"),
        )
        if (url := answer.get(member))
    ]
    sections = [Section(name, pairs)]
    for stream, member in (("stdout", "StandardOutputContent"), ("stderr", "StandardErrorContent")):
        text = str(answer.get(member) or "")
        if text:
            cut = ", cut by the service" if was_cut(text) else ""
            sections.append(Section(f"{name}: {stream}{cut}", [("", text.rstrip("\n"))]))
    return sections


def _pair(column: Column, invocation: Invocation, now: float) -> tuple[str, str]:
    value = column.value(invocation)
    text = column.text(invocation, now)
    if column.kind is Kind.FLAG:
        text = "yes" if value else "no"
    elif column.kind is Kind.TIME and isinstance(value, float):
        text = f"{text} ago · {rfc3339(value)}"
    elif column.id == "duration" and invocation.active and isinstance(invocation.started, float):
        text = f"{age(now - invocation.started)} so far"
    return column.title.lower(), text
