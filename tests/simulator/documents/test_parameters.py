from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.documents.parameters import (
    Kind,
    Parameter,
    ParameterError,
    resolve,
    substitute,
)


@pytest.mark.parametrize(
    ("parameter", "texts", "value"),
    [
        (Parameter("p"), ["text"], "text"),
        (Parameter("p", kind=Kind.STRING_LIST), ["a", "b"], ["a", "b"]),
        (Parameter("p", kind=Kind.BOOLEAN), ["True"], True),
        (Parameter("p", kind=Kind.INTEGER), ["-12"], -12),
        (Parameter("p", kind=Kind.STRING_MAP), ['{"a": "b"}'], {"a": "b"}),
        (Parameter("p", kind=Kind.MAP_LIST), ['[{"a": "b"}]'], [{"a": "b"}]),
        (Parameter("p", allowed_values=("x", "y")), ["y"], "y"),
        (Parameter("p", allowed_pattern=r"^\d+$"), ["12"], "12"),
        (Parameter("p", min_chars=1, max_chars=2), ["ab"], "ab"),
    ],
)
def test_texts_become_values(parameter: Parameter, texts: list[str], value: Any) -> None:
    assert parameter.value(texts) == value


@pytest.mark.parametrize(
    ("parameter", "texts", "word"),
    [
        (Parameter("p"), [], "one value, not 0"),
        (Parameter("p"), ["a", "b"], "one value, not 2"),
        (Parameter("p", kind=Kind.BOOLEAN), ["yes"], "true or false"),
        (Parameter("p", kind=Kind.INTEGER), ["1.5"], "no integer"),
        (Parameter("p", kind=Kind.STRING_MAP), ["[]"], "no JSON object"),
        (Parameter("p", kind=Kind.STRING_MAP), ["{"], "no JSON object"),
        (Parameter("p", kind=Kind.MAP_LIST), ["{}"], "no JSON list"),
        (Parameter("p", kind=Kind.MAP_LIST, max_items=1), ["[1, 2]"], "at most 1"),
        (Parameter("p", allowed_values=("x", "y")), ["z"], "[x, y]"),
        (Parameter("p", allowed_pattern=r"^\d+$"), ["1a"], "pattern"),
        (Parameter("p", min_chars=2), ["a"], "2 characters"),
        (Parameter("p", max_chars=2), ["abc"], "at most 2"),
        (Parameter("p", kind=Kind.STRING_LIST, min_items=1), [], "at least 1"),
        (Parameter("p", kind=Kind.STRING_LIST, max_items=1), ["a", "b"], "at most 1"),
        (Parameter("p", kind=Kind.STRING_LIST, allowed_pattern="^a$"), ["a", "b"], "'b'"),
    ],
)
def test_what_is_not_allowed_is_said(parameter: Parameter, texts: list[str], word: str) -> None:
    with pytest.raises(ParameterError) as caught:
        parameter.value(texts)
    assert word in str(caught.value)
    assert not str(caught.value).endswith(".")


def test_parameters_are_as_sent_or_as_declared() -> None:
    parameters = (Parameter("a"), Parameter("b", default="usual"))
    assert resolve(parameters, {"a": ["1"]}) == {"a": "1", "b": "usual"}
    with pytest.raises(ParameterError, match="a is required"):
        resolve(parameters, {})
    with pytest.raises(ParameterError, match="c is not defined"):
        resolve(parameters, {"a": ["1"], "c": ["2"]})


def test_values_are_put_into_the_content() -> None:
    values = {"lines": ["one", "two"], "name": "x", "on": True, "map": {"k": "v"}, "none": []}
    content = {
        "runCommand": "{{ lines }}",
        "spread": ["first", "{{lines}}", "{{ none }}", "last"],
        "text": "{{ name }} is {{on}}: {{ map }}, {{ unknown }}",
        "map": "{{ map }}",
        "deep": [{"on": "{{ on }}"}],
        "number": 3,
    }
    assert substitute(content, values) == {
        "runCommand": ["one", "two"],
        "spread": ["first", "one", "two", "last"],
        "text": 'x is true: {"k": "v"}, {{ unknown }}',
        "map": {"k": "v"},
        "deep": [{"on": True}],
        "number": 3,
    }


def test_what_is_put_in_is_not_looked_at_again() -> None:
    assert substitute("{{ a }} {{ b }}", {"a": "{{ b }}", "b": "c"}) == "{{ b }} c"


def test_a_declaration_says_what_is_there_only() -> None:
    assert Parameter("p", "why").content() == {"type": "String", "description": "why"}
    full = Parameter("p", "why", Kind.STRING_LIST, ["a"], ("a",), "^a$", 1, 2, 3, 4, "textarea")
    assert full.content() == {
        "type": "StringList",
        "description": "why",
        "default": ["a"],
        "allowedValues": ["a"],
        "allowedPattern": "^a$",
        "displayType": "textarea",
        "minChars": 1,
        "maxChars": 2,
        "minItems": 3,
        "maxItems": 4,
    }


def test_descriptions_know_of_two_types_only() -> None:
    assert {kind.described for kind in Kind} == {"String", "StringList"}
    described = Parameter("p", "why", Kind.STRING_MAP, {"a": "b"}).described()
    assert (described["Type"], described["DefaultValue"]) == ("String", '{"a":"b"}')
