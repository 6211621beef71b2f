"""A document's parameters: their types, what they allow, and how values get into the content.

Rules: "Systems Manager document data elements and parameters" of the user guide. SendCommand gives
every value as a list of texts, whatever its type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ParameterError(ValueError):
    """Values that a document does not take: a sentence without a full stop."""


class Kind(StrEnum):
    """A parameter's type, as the content of a document names it."""

    STRING = "String"
    STRING_LIST = "StringList"
    BOOLEAN = "Boolean"
    INTEGER = "Integer"
    MAP_LIST = "MapList"
    STRING_MAP = "StringMap"

    @property
    def described(self) -> str:
        """Its type in DescribeDocument, which knows of two only."""
        listed = self in (Kind.STRING_LIST, Kind.MAP_LIST)
        return str(Kind.STRING_LIST if listed else Kind.STRING)


@dataclass(frozen=True)
class Parameter:
    """One parameter. Without a `default` it must be given; lengths and counts are inclusive."""

    name: str
    description: str = ""
    kind: Kind = Kind.STRING
    default: Any = None
    allowed_values: tuple[str, ...] = ()
    allowed_pattern: str = ""
    min_chars: int | None = None
    max_chars: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    display: str = ""  # displayType: textfield, textarea

    def content(self) -> dict[str, Any]:
        """Its entry in the document's content."""
        entry: dict[str, Any] = {"type": str(self.kind), "description": self.description}
        if self.default is not None:
            entry["default"] = self.default
        further = {
            "allowedValues": list(self.allowed_values) or None,
            "allowedPattern": self.allowed_pattern or None,
            "displayType": self.display or None,
            "minChars": self.min_chars,
            "maxChars": self.max_chars,
            "minItems": self.min_items,
            "maxItems": self.max_items,
        }
        return entry | {key: value for key, value in further.items() if value is not None}

    def described(self) -> dict[str, Any]:
        """Its entry in DescribeDocument's answer."""
        default = self.default
        if default is not None and not isinstance(default, str):
            default = json.dumps(default, separators=(",", ":"))
        return {
            "Name": self.name,
            "Type": self.kind.described,
            "Description": self.description,
            "DefaultValue": default,
        }

    def value(self, texts: Sequence[str]) -> Any:
        """The typed value of what was sent. ParameterError."""
        if self.kind is Kind.STRING_LIST:
            self._check_count(texts)
            for text in texts:
                self._check_text(text)
            return list(texts)
        if len(texts) != 1:
            raise ParameterError(f"Parameter {self.name} takes one value, not {len(texts)}")
        text = texts[0]
        self._check_text(text)
        match self.kind:
            case Kind.BOOLEAN:
                if text.lower() not in ("true", "false"):
                    raise ParameterError(f"Parameter {self.name} is true or false, not '{text}'")
                return text.lower() == "true"
            case Kind.INTEGER:
                if not re.fullmatch(r"-?\d{1,18}", text):
                    raise ParameterError(f"Parameter {self.name} is no integer: '{text}'")
                return int(text)
            case Kind.STRING_MAP | Kind.MAP_LIST:
                return self._structure(text)
        return text

    def _structure(self, text: str) -> Any:
        wanted = dict if self.kind is Kind.STRING_MAP else list
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if not isinstance(value, wanted):
            word = "JSON object" if wanted is dict else "JSON list"
            raise ParameterError(f"Parameter {self.name} is no {word}")
        if isinstance(value, list):
            self._check_count(value)
        return value

    def _check_count(self, items: Sequence[Any]) -> None:
        if self.min_items is not None and len(items) < self.min_items:
            raise ParameterError(f"Parameter {self.name} needs at least {self.min_items} items")
        if self.max_items is not None and len(items) > self.max_items:
            raise ParameterError(f"Parameter {self.name} takes at most {self.max_items} items")

    def _check_text(self, text: str) -> None:
        if self.allowed_values and text not in self.allowed_values:
            allowed = ", ".join(self.allowed_values)
            raise ParameterError(
                f"Parameter {self.name} has the value '{text}', which is not allowed: [{allowed}]"
            )
        if self.allowed_pattern and not re.search(self.allowed_pattern, text):
            raise ParameterError(
                f"Parameter {self.name} has the value '{text}', which does not match the allowed "
                f"pattern: {self.allowed_pattern}"
            )
        if self.min_chars is not None and len(text) < self.min_chars:
            raise ParameterError(f"Parameter {self.name} needs {self.min_chars} characters")
        if self.max_chars is not None and len(text) > self.max_chars:
            raise ParameterError(f"Parameter {self.name} takes at most {self.max_chars} characters")


def resolve(parameters: Sequence[Parameter], sent: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The value of every parameter: as sent, else its default. ParameterError."""
    known = {parameter.name for parameter in parameters}
    for name in sent:
        if name not in known:
            raise ParameterError(f"Parameter {name} is not defined in the document")
    values = {}
    for parameter in parameters:
        if parameter.name in sent:
            values[parameter.name] = parameter.value(sent[parameter.name])
        elif parameter.default is None:
            raise ParameterError(f"Parameter {parameter.name} is required")
        else:
            values[parameter.name] = parameter.default
    return values


_REFERENCE = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def substitute(content: Any, values: Mapping[str, Any]) -> Any:
    """Content with `{{ name }}` replaced: a text that is nothing else becomes the value itself.

    A list within a list is spread in it, as `runCommand` wants its lines. What is no parameter
    stays as it is, and what is put in is not looked at again.
    """
    if isinstance(content, dict):
        return {key: substitute(item, values) for key, item in content.items()}
    if isinstance(content, list):
        spread: list[Any] = []
        for item in content:
            value = substitute(item, values)
            if isinstance(value, list) and not isinstance(item, list):
                spread += value
            else:
                spread.append(value)
        return spread
    if not isinstance(content, str):
        return content
    whole = _REFERENCE.fullmatch(content.strip())
    if whole is not None and whole[1] in values:
        return values[whole[1]]
    return _REFERENCE.sub(
        lambda found: _text(values[found[1]]) if found[1] in values else found[0], content
    )


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value) if not isinstance(value, bool) else str(value).lower()
