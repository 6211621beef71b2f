"""Reading documents: the list of those of a type, and one with all it asks for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.problem import ProblemError, ProblemKind
from ssmtui.resources.documents.document import (
    STRING,
    STRING_LIST,
    Document,
    DocumentName,
    Parameter,
)

_PAGE = 50
_LARGEST = 1_000_000  # characters of content that are read; AWS stores 64 KB


async def list_documents(
    scope: Scope,
    owner: str = "",
    *,
    type_: str = "Command",
    priority: Priority = Priority.FOREGROUND,
) -> list[DocumentName]:
    """The documents of one DocumentType of a scope by name, of one `owner` (Amazon, Self, Private,
    Public, ThirdParty) or of all that can be seen. ProblemError."""
    filters = [{"Key": "DocumentType", "Values": [type_]}]
    if owner:
        filters.append({"Key": "Owner", "Values": [owner]})
    found: list[DocumentName] = []
    pages = scope.pages(
        "ssm", "ListDocuments", {"Filters": filters}, page_size=_PAGE, priority=priority
    )
    async for page in pages:
        found += [_name(fact) for fact in page.get("DocumentIdentifiers") or ()]
    return sorted(found, key=lambda each: each.name)


async def read_document(scope: Scope, name: str, version: str = "") -> Document:
    """A document with its parameters, from DescribeDocument and from its content.

    The content alone knows allowed values and patterns; who may not read it gets the rest, and
    `content_denied`. ProblemError: there is no such document or version, or it cannot be read.
    """
    asked = {"Name": name, **({"DocumentVersion": version} if version else {})}
    described = (await scope.read("ssm", "DescribeDocument", asked)).get("Document") or {}
    try:
        answer = await scope.read("ssm", "GetDocument", asked)
    except ProblemError as error:
        if error.problem.kind is not ProblemKind.DENIED:
            raise
        return from_answers(described, None)
    return from_answers(described, await asyncio.to_thread(content_of, answer))


def content_of(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The content of a GetDocument answer, JSON or YAML; None where it cannot be read."""
    text = str(answer.get("Content") or "")[:_LARGEST]
    try:
        content = msgspec.json.decode(text)
    except msgspec.DecodeError:
        content = _yaml(text)
    return content if isinstance(content, Mapping) else None


def from_answers(described: Mapping[str, Any], content: Mapping[str, Any] | None) -> Document:
    """A document from DescribeDocument's Document and its content, None if that is not known."""
    said = content or {}
    listed = {
        str(each["Name"]): each for each in described.get("Parameters") or () if each.get("Name")
    }
    written = said.get("parameters")
    written = written if isinstance(written, Mapping) else {}
    names = list(dict.fromkeys([*map(str, written), *listed]))
    return Document(
        name=str(described.get("Name") or ""),
        version=str(described.get("DocumentVersion") or described.get("DefaultVersion") or ""),
        type=str(described.get("DocumentType") or ""),
        owner=str(described.get("Owner") or ""),
        description=str(described.get("Description") or said.get("description") or ""),
        platforms=tuple(map(str, described.get("PlatformTypes") or ())),
        schema=str(described.get("SchemaVersion") or said.get("schemaVersion") or ""),
        format=str(described.get("DocumentFormat") or ""),
        target_type=str(described.get("TargetType") or ""),
        parameters=tuple(_parameter(name, listed.get(name), written.get(name)) for name in names),
        steps=_steps(said),
        session_type=str(said.get("sessionType") or ""),
        content_denied=content is None,
    )


def _name(fact: Mapping[str, Any]) -> DocumentName:
    return DocumentName(
        name=str(fact.get("Name") or ""),
        owner=str(fact.get("Owner") or ""),
        platforms=tuple(map(str, fact.get("PlatformTypes") or ())),
        version=str(fact.get("DocumentVersion") or ""),
    )


def _parameter(name: str, described: Mapping[str, Any] | None, written: object) -> Parameter:
    """One parameter; where both tell, the content is the more exact one."""
    listed = described or {}
    said: Mapping[str, Any] = written if isinstance(written, Mapping) else {}
    type_ = str(said.get("type") or listed.get("Type") or STRING)
    default = _default(said["default"]) if "default" in said else None
    if default is None and not said and "DefaultValue" in listed:
        default = _described_default(str(listed["DefaultValue"]), type_)
    return Parameter(
        name=name,
        type=type_,
        description=str(said.get("description") or listed.get("Description") or ""),
        default=default,
        allowed=_texts(said.get("allowedValues")),
        pattern=str(said.get("allowedPattern") or ""),
        min_chars=_count(said.get("minChars")),
        max_chars=_count(said.get("maxChars")),
        min_items=_count(said.get("minItems")),
        max_items=_count(said.get("maxItems")),
        multiline=said.get("displayType") == "textarea" or (name, type_) == _SCRIPT,
    )


_SCRIPT = ("commands", STRING_LIST)


def _text(value: object) -> str:
    """A value as Run Command takes it: always a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, Mapping)):
        return msgspec.json.encode(value).decode()
    return "" if value is None else str(value)


def _texts(values: object) -> tuple[str, ...]:
    return tuple(_text(value) for value in values) if isinstance(values, list) else ()


def _default(value: object) -> tuple[str, ...]:
    return _texts(value) if isinstance(value, list) else (_text(value),)


def _described_default(text: str, type_: str) -> tuple[str, ...]:
    """DescribeDocument writes a list's default as JSON, or as its texts with commas."""
    if type_ != STRING_LIST:
        return (text,)
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return tuple(part.strip() for part in text.split(",")) if text else ()
    return _default(value)


def _count(value: object) -> int | None:
    try:
        return None if value is None else int(str(value))
    except ValueError:
        return None


def _steps(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The names by which GetCommandInvocation asks for a step: those of mainSteps (schema 2.x), or
    the plugins' own in schema 1.2's runtimeConfig."""
    steps = content.get("mainSteps")
    if isinstance(steps, list):
        return tuple(str(step.get("name") or "") for step in steps if isinstance(step, Mapping))
    plugins = content.get("runtimeConfig")
    return tuple(map(str, plugins)) if isinstance(plugins, Mapping) else ()


def _yaml(text: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None
