"""A command held against its document before it is planned, and a plan as `aws` lines."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

import msgspec

from ssmtui.aws.commandline import MASK
from ssmtui.aws.scope import Scope
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import input_problem
from ssmtui.core.secret_looking import looks_secret
from ssmtui.core.text import plain
from ssmtui.resources.documents.checking import problems_of
from ssmtui.resources.documents.document import Document
from ssmtui.rollouts.plan import Plan, send_request
from ssmtui.rollouts.spec import CommandSpec
from ssmtui.rollouts.targets import Frozen

EXECUTION_TIMEOUT = "executionTimeout"


def fitted(command: CommandSpec, document: Document) -> CommandSpec:
    """The command as it is sent to this document: its execution timeout becomes the document's own
    parameter, if it has one.

    ProblemError: it is no document for commands, a value does not fit, it has no execution timeout
    to set, or it runs on none of the platforms.
    """
    name = plain(document.name)
    if document.type and document.type != "Command":
        raise input_problem(
            f"{name} is a document of type {plain(document.type)}", "Choose one of type Command"
        )
    parameters = dict(command.parameters)
    if command.execution_timeout is not None:
        if document.parameter(EXECUTION_TIMEOUT) is None:
            raise input_problem(
                f"{name} has no execution timeout to set", "Leave it out, or cancel by hand"
            )
        parameters[EXECUTION_TIMEOUT] = [str(command.execution_timeout)]
    for sentence in problems_of(document, parameters).values():
        raise input_problem(sentence.removesuffix("."), "Correct the value")
    _require_a_platform(command, document)
    return msgspec.structs.replace(command, parameters=parameters)


def command_lines(plan: Plan, scopes: Mapping[ScopeKey, Scope]) -> list[str]:
    """The `aws ssm send-command ...` lines of a plan in their order, for a dry run.

    Each call is shown with the whole error budget; what is left of it is sent in fact. Parameters,
    which records mask, are spelled out so that the lines can be run, unless they look like secrets.
    """
    lines: list[str] = []
    for call in plan.calls:
        if (scope := scopes.get(call.scope)) is not None:
            request = send_request(plan, call)
            line = scope.command_line("ssm", "SendCommand", request)
            lines.append(_spelled_out(line, request.get("Parameters") or {}))
    return lines


def _spelled_out(line: str, parameters: Mapping[str, Sequence[str]]) -> str:
    if any(looks_secret("\n".join(values)) for values in parameters.values()):
        return line
    written = shlex.quote(msgspec.json.encode(parameters).decode())
    return line.replace(f"--parameters {shlex.quote(MASK)}", f"--parameters {written}", 1)


def _require_a_platform(command: CommandSpec, document: Document) -> None:
    """Refuse what would run nowhere; where it runs on some, the preview names the others."""
    if not isinstance(command.targets, Frozen):
        return
    platforms = {node.platform for node in command.targets.nodes}
    if not any(not platform or document.runs_on(platform) for platform in platforms):
        raise input_problem(
            f"{plain(document.name)} runs on {plain(', '.join(document.platforms))} only, and the "
            f"nodes are {', '.join(sorted(platforms))}",
            "Choose another document or other nodes",
        )
