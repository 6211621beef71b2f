"""What is asked for when a session is: the values of the dialog and of the command line alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

# The service's bounds, from its API model.
_DOCUMENT: Final = re.compile(r"[a-zA-Z0-9_\-.:/]{3,128}")
_LONGEST_TARGET: Final = 400
_LONGEST_REASON: Final = 256
_LONGEST_NAME: Final = 255
_LONGEST_VALUE: Final = 65_535

DEFAULT_DOCUMENT: Final = "SSM-SessionManagerRunShell"
COMMAND_DOCUMENT: Final = "AWS-StartNonInteractiveCommand"


class SessionSpec(msgspec.Struct, frozen=True):
    """A session to be started on `target`.

    No `document` is the account's own choice, a shell. Making one that the service would refuse
    for its form raises ProblemError.
    """

    target: RowKey
    document: str = ""
    parameters: dict[str, list[str]] = {}
    reason: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.target.id) <= _LONGEST_TARGET:
            raise input_problem(f"A target has 1 to {_LONGEST_TARGET} characters")
        if self.document and not _DOCUMENT.fullmatch(self.document):
            raise input_problem(
                f"{plain(self.document)} is not the name of a document",
                "Use 3 to 128 letters, digits and _ - . : /",
            )
        if len(self.reason) > _LONGEST_REASON or "\n" in self.reason:
            raise input_problem(f"A reason is one line of at most {_LONGEST_REASON} characters")
        for name, values in self.parameters.items():
            _check_parameter(name, values)

    @property
    def request(self) -> dict[str, Any]:
        """The parameters of StartSession, in AWS's own words."""
        request: dict[str, Any] = {"Target": self.target.id}
        if self.document:
            request["DocumentName"] = self.document
        if self.reason:
            request["Reason"] = self.reason
        if self.parameters:
            request["Parameters"] = {name: list(each) for name, each in self.parameters.items()}
        return request


def command_spec(target: RowKey, command: str, reason: str = "") -> SessionSpec:
    """The session that runs one command, with its stderr and its exit code apart."""
    parameters = {"command": [command], "separateOutputStream": ["true"]}
    return SessionSpec(target, COMMAND_DOCUMENT, parameters, reason)


def parse_parameters(texts: Iterable[str]) -> dict[str, list[str]]:
    """`name=value` texts as a document's parameters; a name given twice has two values.

    ProblemError for a text that is not of this form.
    """
    parameters: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise input_problem(f"{plain(text)} is not a parameter", "Write it as name=value")
        parameters.setdefault(name, []).append(value)
    return parameters


def _check_parameter(name: str, values: Iterable[str]) -> None:
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise input_problem(f"A parameter's name has 1 to {_LONGEST_NAME} characters")
    for value in values:
        if not 1 <= len(value) <= _LONGEST_VALUE:
            raise input_problem(
                f"The value of parameter {plain(name)} has not 1 to {_LONGEST_VALUE:,} characters"
            )
