"""Short words to write documents down with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ssmtui.simulator.documents.model import Document, Step, Version
from ssmtui.simulator.documents.parameters import Kind, Parameter

YES_OR_NO = ("True", "False")

# 1 second to 48 hours.
_SECONDS = r"([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)"

COMMANDS = Parameter(
    "commands",
    "The lines of the script to run",
    Kind.STRING_LIST,
    min_items=1,
    display="textarea",
)
WORKING_DIRECTORY = Parameter(
    "workingDirectory", "The folder in which the script runs", default="", max_chars=4096
)
EXECUTION_TIMEOUT = Parameter(
    "executionTimeout",
    "Seconds after which the script is stopped, from 1 to 172800 (48 hours)",
    default="3600",
    allowed_pattern=f"^({_SECONDS})$",
)


def text(
    name: str,
    description: str,
    default: str | None = None,
    values: Sequence[str] = (),
    pattern: str = "",
    **limits: Any,
) -> Parameter:
    """A parameter of type String."""
    return Parameter(
        name,
        description,
        default=default,
        allowed_values=tuple(values),
        allowed_pattern=pattern,
        **limits,
    )


def lines(name: str, description: str, default: list[str] | None = None) -> Parameter:
    """A parameter of type StringList, shown as an area of text."""
    return Parameter(name, description, Kind.STRING_LIST, default, display="textarea")


def script(*commands: str, name: str = "", platform: str = "", **more: Any) -> Step:
    """A step that runs lines of bash, or of PowerShell where the platform is Windows."""
    kind = "aws:runPowerShellScript" if platform == "Windows" else "aws:runShellScript"
    name = name or kind.removeprefix("aws:")
    inputs = {"runCommand": list(commands), "timeoutSeconds": "3600", **more}
    return Step(kind, name, inputs, platform)


def command(
    name: str,
    description: str,
    platforms: tuple[str, ...],
    parameters: Sequence[Parameter],
    *steps: Step,
    schema: str = "2.2",
    number: int = 1,
) -> Document:
    """One of Amazon's Command documents, of which the version `number` is current."""
    versions = [
        Version(each, description, tuple(parameters), steps, schema)
        for each in range(1, number + 1)
    ]
    return Document(name, "Command", platforms, versions, default=number)


def step(
    action: str,
    name: str,
    inputs: Mapping[str, Any] | None = None,
    *,
    platform: str = "",
    does: str = "",
) -> Step:
    return Step(action, name, inputs or {}, platform, does)
