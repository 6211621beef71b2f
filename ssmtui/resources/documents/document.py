"""A document and its parameters, as values."""

from __future__ import annotations

import msgspec

# Types of document content (https://docs.aws.amazon.com/systems-manager/latest/userguide/
# documents-syntax-data-elements-parameters.html). DescribeDocument only knows the first two.
STRING, STRING_LIST = "String", "StringList"
INTEGER, BOOLEAN = "Integer", "Boolean"
MAP_LIST, STRING_MAP = "MapList", "StringMap"


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """One parameter of a document.

    `default` is None where there is none: the parameter has to be given then. `allowed` are the
    only values there are, `pattern` the expression that every value has to fit, both empty where
    nothing is asked. Bounds are None where there are none: characters of a value, values of a list.
    `multiline` says that a text of several lines is meant (displayType textarea, or a script).
    """

    name: str
    type: str = STRING
    description: str = ""
    default: tuple[str, ...] | None = None
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    min_chars: int | None = None
    max_chars: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    multiline: bool = False

    @property
    def required(self) -> bool:
        return self.default is None

    @property
    def is_list(self) -> bool:
        """Whether it takes several values."""
        return self.type in (STRING_LIST, MAP_LIST)


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A document with what a form needs of it. `platforms` are AWS's words (Linux, Windows, MacOS);
    empty is all. `steps` are the names of its steps that run plugins, in order, and `version` is
    the one that was read. `session_type` is what a document of type Session opens (Port,
    Standard_Stream, InteractiveCommands ...). `content_denied` says that only DescribeDocument
    could be read, which knows neither allowed values nor patterns."""

    name: str
    version: str = ""
    type: str = "Command"
    owner: str = ""
    description: str = ""
    platforms: tuple[str, ...] = ()
    schema: str = ""
    format: str = ""
    target_type: str = ""
    parameters: tuple[Parameter, ...] = ()
    steps: tuple[str, ...] = ()
    session_type: str = ""
    content_denied: bool = False

    def parameter(self, name: str) -> Parameter | None:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        return None

    def runs_on(self, platform: str) -> bool:
        """Whether it runs on a platform as nodes' rows spell it (linux, windows, macos)."""
        return not self.platforms or platform in {each.lower() for each in self.platforms}


class DocumentName(msgspec.Struct, frozen=True, kw_only=True):
    """A document in a list."""

    name: str
    owner: str = ""
    platforms: tuple[str, ...] = ()
    version: str = ""
    description: str = ""

    @property
    def from_aws(self) -> bool:
        return self.owner == "Amazon"
