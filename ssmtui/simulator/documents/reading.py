"""A Command document read from its content, as the agent does with one that it has fetched.

Rules: "Data elements and parameters" of the user guide: `mainSteps` of schema 2.x, and
`runtimeConfig` of 1.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from ssmtui.simulator.documents.model import Step, Version
from ssmtui.simulator.documents.parameters import Kind, Parameter

_SCHEMAS = ("1.2", "2.0", "2.2")


class ContentError(ValueError):
    """Content that is no Command document: a sentence without a full stop."""


def read(text: str) -> Version:
    """The document in JSON or YAML, as a version of its own. ContentError."""
    try:
        content = yaml.safe_load(text)  # JSON is YAML, too
    except yaml.YAMLError:
        content = None
    if not isinstance(content, dict):
        raise ContentError("it is neither JSON nor YAML")
    schema = str(content.get("schemaVersion", ""))
    if schema not in _SCHEMAS:
        raise ContentError(f"its schema version is '{schema}', not one of {', '.join(_SCHEMAS)}")
    parameters = _mapping(content.get("parameters"), "parameters")
    return Version(
        1,
        str(content.get("description", "")),
        tuple(_parameter(name, entry) for name, entry in parameters.items()),
        tuple(_old_steps(content) if schema == "1.2" else _steps(content)),
        schema,
    )


def _parameter(name: str, entry: Any) -> Parameter:
    entry = _mapping(entry, f"the parameter {name}")
    try:
        kind = Kind(entry.get("type", ""))
    except ValueError:
        raise ContentError(f"the parameter {name} has no known type") from None
    return Parameter(
        name,
        str(entry.get("description", "")),
        kind,
        entry.get("default"),
        tuple(map(str, entry.get("allowedValues", ()))),
        str(entry.get("allowedPattern", "")),
        entry.get("minChars"),
        entry.get("maxChars"),
        entry.get("minItems"),
        entry.get("maxItems"),
        str(entry.get("displayType", "")),
    )


def _steps(content: Mapping[str, Any]) -> Iterator[Step]:
    listed = content.get("mainSteps")
    if not isinstance(listed, list) or not listed:
        raise ContentError("it has no mainSteps")
    for number, entry in enumerate(listed, 1):
        step = _mapping(entry, f"step {number}")
        if not step.get("action") or not step.get("name"):
            raise ContentError(f"step {number} has no action or no name")
        inputs = _mapping(step.get("inputs"), f"the inputs of step {number}")
        yield Step(str(step["action"]), str(step["name"]), inputs, _platform(step))


def _platform(step: Mapping[str, Any]) -> str:
    """The platform of a precondition, whose two words may be in any order."""
    operands = _mapping(step.get("precondition"), "a precondition").get("StringEquals", [])
    if "platformType" not in operands:
        return ""
    return next((str(word) for word in operands if word != "platformType"), "")


def _old_steps(content: Mapping[str, Any]) -> Iterator[Step]:
    for action, entry in _mapping(content.get("runtimeConfig"), "runtimeConfig").items():
        properties = _mapping(entry, action).get("properties") or [{}]
        first = properties[0] if isinstance(properties, list) else properties
        inputs = _mapping(first, f"the properties of {action}")
        yield Step(action, action, {key: value for key, value in inputs.items() if key != "id"})


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ContentError(f"{what} should be an object")
    return value
