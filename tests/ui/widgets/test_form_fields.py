"""Fields as values: what may be chosen in them, and what is wrong with what they hold."""

from __future__ import annotations

import pytest

from ssmtui.ui.widgets.form_fields import Field, FieldKind


@pytest.mark.parametrize(
    ("field", "options"),
    [
        (Field(name="f", kind=FieldKind.BOOL), ("", "true", "false")),
        (Field(name="f", kind=FieldKind.BOOL, start=("true",)), ("true", "false")),
        (Field(name="f", kind=FieldKind.CHOICE, choices=("a", "b")), ("", "a", "b")),
        (Field(name="f", kind=FieldKind.CHOICE, choices=("a", "b"), required=True), ("a", "b")),
    ],
)
def test_what_may_be_chosen(field, options):
    assert field.options == options


@pytest.mark.parametrize(
    ("field", "values", "sentence"),
    [
        (Field(name="f"), (), ""),
        (Field(name="f", required=True), (), "f has to be given."),
        (Field(name="f", label="The field", required=True), (), "The field has to be given."),
        (Field(name="f", kind=FieldKind.NUMBER), ("-12",), ""),
        (Field(name="f", kind=FieldKind.NUMBER), ("1x",), "f is a whole number, not 1x."),
        (Field(name="f", kind=FieldKind.NUMBER, check=lambda values: ""), ("{{ x }}",), ""),
        (Field(name="f", check=lambda values: f"No {len(values)}."), ("a", "b"), "No 2."),
    ],
)
def test_what_is_wrong(field, values, sentence):
    assert field.problem(values) == sentence


def test_titles_are_safe_to_show():
    assert "\x1b" not in Field(name="red \x1b[31m").title
    assert "\x1b" not in Field(name="red", label="\x1b[31m").title
