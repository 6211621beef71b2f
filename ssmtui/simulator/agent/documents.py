"""The session documents: what they take, and what an agent is given of them.

A document of type Session declares parameters and puts their values into its properties, which
reach the agent (and the Port properties the client). Names, types and patterns are AWS's; the
descriptions are not. A session document's content is of schema version 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ssmtui.simulator.agent.settings import SessionSettings

DEFAULT_DOCUMENT = "SSM-SessionManagerRunShell"

SHELL = "Standard_Stream"
INTERACTIVE = "InteractiveCommands"
NON_INTERACTIVE = "NonInteractiveCommands"
PORT = "Port"


class ParameterError(ValueError):
    """Parameters that a document does not take: one sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class DocumentParameter:
    """A parameter of type String: exactly one value. Without a `default` it must be given."""

    name: str
    description: str
    default: str | None = None
    pattern: str = ""
    values: tuple[str, ...] = ()

    def declaration(self) -> dict[str, Any]:
        declared: dict[str, Any] = {"type": "String", "description": self.description}
        if self.default is not None:
            declared["default"] = self.default
        if self.pattern:
            declared["allowedPattern"] = self.pattern
        if self.values:
            declared["allowedValues"] = list(self.values)
        return declared

    def check(self, given: Sequence[str]) -> str:
        """The value. Raises ParameterError."""
        if len(given) != 1:
            raise ParameterError(f"Parameter {self.name} takes one value, not {len(given)}")
        value = given[0]
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise ParameterError(
                f"Parameter {self.name} has the value {value}, which does not match the pattern "
                f"{self.pattern}"
            )
        if self.values and value not in self.values:
            allowed = ", ".join(self.values)
            raise ParameterError(
                f"Parameter {self.name} has the value {value}, which is none of {allowed}"
            )
        return value


_PLACE = re.compile(r"\{\{ ?(\w+) ?\}\}")


@dataclass(frozen=True, slots=True)
class SessionDocument:
    """A document of type Session. `platforms` are PlatformTypes; `owned` by the account itself."""

    name: str
    session_type: str
    description: str
    parameters: tuple[DocumentParameter, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    platforms: tuple[str, ...] = ("Windows", "Linux", "MacOS")
    owned: bool = False

    def resolve(self, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The properties with the parameters' values, all strings. Raises ParameterError."""
        declared = {parameter.name for parameter in self.parameters}
        for name in given:
            if name not in declared:
                raise ParameterError(f"Parameter {name} is not defined in document {self.name}")
        values: dict[str, str] = {}
        for parameter in self.parameters:
            if parameter.name in given:
                values[parameter.name] = parameter.check(given[parameter.name])
            elif parameter.default is not None:
                values[parameter.name] = parameter.default
            else:
                raise ParameterError(f"Parameter {parameter.name} is required")
        resolved: dict[str, Any] = _filled(self.properties, values)
        return resolved

    def content(self, settings: SessionSettings) -> dict[str, Any]:
        """The document as its author wrote it."""
        content: dict[str, Any] = {
            "schemaVersion": "1.0",
            "description": self.description,
            "sessionType": self.session_type,
        }
        if self.name == DEFAULT_DOCUMENT:
            content["inputs"] = _preferences(settings)
        if self.parameters:
            content["parameters"] = {
                parameter.name: parameter.declaration() for parameter in self.parameters
            }
        if self.properties:
            content["properties"] = dict(self.properties)
        return content


def _filled(template: Any, values: Mapping[str, str]) -> Any:
    if isinstance(template, Mapping):
        return {key: _filled(item, values) for key, item in template.items()}
    if isinstance(template, str):
        return _PLACE.sub(lambda found: values[found.group(1)], template)
    return template


def _preferences(settings: SessionSettings) -> dict[str, Any]:
    limit = settings.max_minutes
    return {
        "s3BucketName": settings.s3_bucket,
        "s3KeyPrefix": settings.s3_prefix,
        "s3EncryptionEnabled": True,
        "cloudWatchLogGroupName": settings.log_group,
        "cloudWatchEncryptionEnabled": True,
        "cloudWatchStreamingEnabled": True,
        "idleSessionTimeout": str(settings.idle_minutes),
        "maxSessionDuration": "" if limit is None else str(limit),
        "kmsKeyId": settings.kms_key,
        "runAsEnabled": bool(settings.run_as),
        "runAsDefaultUser": settings.run_as,
        "shellProfile": {"windows": "", "linux": ""},
    }


_PORT_NUMBER = (
    "^([1-9]|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$"
)
_LOCAL_PORT_NUMBER = _PORT_NUMBER.replace("^(", "^(0|", 1)


def _port(description: str, default: str) -> DocumentParameter:
    return DocumentParameter("portNumber", description, default, _PORT_NUMBER)


_LOCAL_PORT = DocumentParameter(
    "localPortNumber", "The port to listen on locally; 0 takes one that is free", "0",
    _LOCAL_PORT_NUMBER,
)  # fmt: skip


def _commands(template: str) -> dict[str, dict[str, Any]]:
    return {
        platform: {"commands": template, "runAsElevated": True}
        for platform in ("linux", "macos", "windows")
    }


DOCUMENTS: dict[str, SessionDocument] = {
    document.name: document
    for document in (
        SessionDocument(
            DEFAULT_DOCUMENT,
            SHELL,
            "Document to hold regional settings for Session Manager",
            owned=True,
        ),
        SessionDocument(
            "AWS-StartPortForwardingSession",
            PORT,
            "Forward a local port to a port of the node",
            (_port("The node's port to forward to", "80"), _LOCAL_PORT),
            {
                "portNumber": "{{ portNumber }}",
                "type": "LocalPortForwarding",
                "localPortNumber": "{{ localPortNumber }}",
            },
        ),
        SessionDocument(
            "AWS-StartPortForwardingSessionToRemoteHost",
            PORT,
            "Forward a local port to a port of another host, through the node",
            (
                DocumentParameter(
                    "host", "The name or address that the node connects to", None, r"^[^\s,$`]{3,}$"
                ),
                _port("The host's port to forward to", "80"),
                _LOCAL_PORT,
            ),
            {
                "host": "{{ host }}",
                "portNumber": "{{ portNumber }}",
                "type": "LocalPortForwarding",
                "localPortNumber": "{{ localPortNumber }}",
            },
        ),
        SessionDocument(
            "AWS-StartSSHSession",
            PORT,
            "Carry an SSH connection to the node",
            (_port("The port of the node's SSH server", "22"),),
            {"portNumber": "{{ portNumber }}"},
        ),
        SessionDocument(
            "AWS-StartInteractiveCommand",
            INTERACTIVE,
            "Run one command on the node, with a terminal",
            (DocumentParameter("command", "The command to run"),),
            _commands("{{ command }}"),
        ),
        SessionDocument(
            "AWS-StartNonInteractiveCommand",
            NON_INTERACTIVE,
            "Run one command on the node and stream its output",
            (
                DocumentParameter("command", "The command to run"),
                DocumentParameter(
                    "separateOutputStream",
                    "Send standard error and the exit code apart from standard output",
                    "false",
                    values=("true", "false", "True", "False"),
                ),
            ),
            {
                platform: {**properties, "separateOutputStream": "{{ separateOutputStream }}"}
                for platform, properties in _commands("{{ command }}").items()
            },
        ),
        SessionDocument(
            "Ops-FollowLog",
            INTERACTIVE,
            "Follow a log file of the node",
            (
                DocumentParameter(
                    "logpath", "The file to follow", "/var/log/messages", r"^/var/log/[\w./-]+$"
                ),
                DocumentParameter("lines", "How many lines to begin with", "20", r"^\d{1,4}$"),
            ),
            {"linux": {"commands": "tail -n {{ lines }} -f {{ logpath }}", "runAsElevated": True}},
            platforms=("Linux",),
            owned=True,
        ),
    )
}


def named(name: str) -> SessionDocument | None:
    """The session document of a name or an ARN, None if there is none."""
    return DOCUMENTS.get(name.rpartition("document/")[2])
