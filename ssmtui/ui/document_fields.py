"""A document's parameters as the fields of a form, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ssmtui.ui.widgets.form_fields import Field, FieldKind, Values

if TYPE_CHECKING:
    from ssmtui.resources.documents.document import Document, Parameter


def document_fields(document: Document) -> list[Field]:
    """A field for every parameter, in the document's own order, with its default in it."""
    return [_field(parameter) for parameter in document.parameters]


def given(document: Document, values: Mapping[str, Values]) -> dict[str, list[str]]:
    """The document's parameters as a request takes them: those that are not its defaults."""
    return {
        parameter.name: list(values[parameter.name])
        for parameter in document.parameters
        if values.get(parameter.name) and values[parameter.name] != parameter.default
    }


def _field(parameter: Parameter) -> Field:
    from ssmtui.resources.documents.checking import problem_of

    default = parameter.default or ()
    empty = f"{', '.join(default)} (its default)" if any(default) else ""
    return Field(
        name=parameter.name,
        kind=_kind(parameter),
        hint=parameter.description,
        start=default if any(default) else (),
        empty=empty,
        choices=parameter.allowed,
        required=parameter.required,
        check=lambda values: problem_of(parameter, values),
    )


def _kind(parameter: Parameter) -> FieldKind:
    from ssmtui.resources.documents.document import BOOLEAN, INTEGER, STRING_MAP

    if parameter.is_list:
        return FieldKind.LIST
    if parameter.allowed:
        return FieldKind.CHOICE
    if parameter.type == BOOLEAN:
        return FieldKind.BOOL
    if parameter.type == INTEGER:
        return FieldKind.NUMBER
    return (
        FieldKind.LINES if parameter.multiline or parameter.type == STRING_MAP else FieldKind.TEXT
    )
