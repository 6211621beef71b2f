"""A document's parameters as fields, and what a request takes of them."""

from __future__ import annotations

import pytest

from ssmtui.resources.documents.document import (
    BOOLEAN,
    INTEGER,
    STRING_LIST,
    STRING_MAP,
    Document,
    Parameter,
)
from ssmtui.ui.document_fields import document_fields, given
from ssmtui.ui.widgets.form_fields import FieldKind


def field_of(**of):
    (field,) = document_fields(Document(name="D", parameters=(Parameter(name="p", **of),)))
    return field


@pytest.mark.parametrize(
    ("of", "kind"),
    [
        ({}, FieldKind.TEXT),
        ({"multiline": True}, FieldKind.LINES),
        ({"type": INTEGER}, FieldKind.NUMBER),
        ({"type": BOOLEAN}, FieldKind.BOOL),
        ({"type": STRING_LIST}, FieldKind.LIST),
        ({"type": STRING_LIST, "allowed": ("a", "b")}, FieldKind.LIST),
        ({"type": STRING_MAP}, FieldKind.LINES),
        ({"allowed": ("a", "b")}, FieldKind.CHOICE),
    ],
)
def test_every_type_has_its_kind(of, kind):
    assert field_of(**of).kind is kind


def test_a_default_is_there_from_the_start_and_said_where_it_was_taken_away():
    field = field_of(default=("80",), description="The port")
    assert (field.start, field.hint, field.required) == (("80",), "The port", False)
    assert field.empty == "80 (its default)"
    assert field_of(default=("",)).start == ()


def test_a_field_is_judged_as_the_parameter_is():
    field = field_of(pattern="^[0-9]+$")
    assert field.required
    assert field.problem(("80",)) == ""
    assert "does not fit" in field.problem(("x",))
    assert "has to be given" in field.problem(())


def test_only_what_is_not_a_default_is_asked_for():
    document = Document(
        name="D",
        parameters=(
            Parameter(name="port", default=("80",)),
            Parameter(name="host"),
            Parameter(name="lines", default=("1",)),
            Parameter(name="note", default=("",)),
        ),
    )
    values = {"port": ("80",), "host": ("db",), "lines": ("2",), "note": (), "other": ("x",)}
    assert given(document, values) == {"host": ["db"], "lines": ["2"]}
