"""A document and its versions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ssmtui.simulator.documents.parameters import Parameter

# 2020-09-13: AWS's own documents are old.
CREATED = 1_600_000_000.0

LINUX = ("Linux",)
UNIX = ("Linux", "MacOS")
WINDOWS = ("Windows",)
EVERYWHERE = ("Windows", "Linux", "MacOS")


class VersionError(LookupError):
    """A document has no such version."""


@dataclass(frozen=True)
class Step:
    """One plugin of a Command document.

    `platform` is its precondition ("": none). `does` names what the simulated agent does in its
    place, where the content's own words do not say it in full ("" for what `action` does).
    """

    action: str  # aws:runShellScript
    name: str
    inputs: Mapping[str, Any]
    platform: str = ""
    does: str = ""

    def content(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"action": self.action, "name": self.name}
        if self.platform:
            entry["precondition"] = {"StringEquals": ["platformType", self.platform]}
        entry["inputs"] = dict(self.inputs)
        return entry


@dataclass(frozen=True)
class Version:
    """One version of a document.

    `body` makes the content where it is not that of a Command document: a structure, or plain text.
    """

    number: int
    description: str
    parameters: tuple[Parameter, ...] = ()
    steps: tuple[Step, ...] = ()
    schema: str = "2.2"
    created: float = CREATED
    name: str = ""
    body: Callable[[], Any] | None = field(default=None, compare=False)

    @property
    def content(self) -> Any:
        """The content as a structure (str for plain text)."""
        if self.body is not None:
            return self.body()
        content: dict[str, Any] = {
            "schemaVersion": self.schema,
            "description": self.description,
            "parameters": {each.name: each.content() for each in self.parameters},
        }
        if self.schema == "1.2":
            content["runtimeConfig"] = {
                step.action: {"properties": [{"id": f"0.{step.action}", **step.inputs}]}
                for step in self.steps
            }
        else:
            content["mainSteps"] = [step.content() for step in self.steps]
        return content

    def text(self, format_: str) -> str:
        """The content as JSON, YAML or what it is (TEXT)."""
        content = self.content
        if isinstance(content, str):
            return content
        if format_ == "YAML":
            return str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
        return json.dumps(content, indent=2, ensure_ascii=False)


@dataclass
class Document:
    """A document of any type. `owner` is Amazon or an account's id."""

    name: str
    type: str
    platforms: tuple[str, ...]
    versions: list[Version]
    owner: str = "Amazon"
    format: str = "JSON"
    default: int = 1
    target_type: str = ""
    display_name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    author: str = ""

    @property
    def latest(self) -> Version:
        return self.versions[-1]

    @property
    def default_version(self) -> Version:
        return self.version("$DEFAULT")

    def version(self, wanted: str = "$DEFAULT", name: str = "") -> Version:
        """The version of a number, $LATEST or $DEFAULT, or of a name. VersionError."""
        if name:
            found = next((each for each in self.versions if each.name == name), None)
        elif wanted == "$LATEST":
            return self.latest
        else:
            number = self.default if wanted == "$DEFAULT" else int(wanted)
            found = next((each for each in self.versions if each.number == number), None)
        if found is None:
            raise VersionError(name or wanted)
        return found

    def hash(self, version: Version) -> str:
        """Of a version's content in the document's own format: hexadecimal SHA-256."""
        return hashlib.sha256(version.text(self.format).encode()).hexdigest()

    @property
    def amazons(self) -> bool:
        return self.owner == "Amazon"
