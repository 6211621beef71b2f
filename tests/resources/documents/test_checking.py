"""Values are judged as they are typed, and what cannot be judged is left to the service."""

from __future__ import annotations

import pytest

from ssmtui.resources.documents.checking import problem_of, problems_of
from ssmtui.resources.documents.document import Document, Parameter

TIMEOUT = Parameter(
    name="executionTimeout",
    default=("3600",),
    pattern="([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)",
)
COMMANDS = Parameter(name="commands", type="StringList", multiline=True)
OPERATION = Parameter(name="Operation", allowed=("Scan", "Install"))


@pytest.mark.parametrize("value", ["1", "3600", "172800"])
def test_a_value_that_fits_its_pattern_is_fine(value: str) -> None:
    assert problem_of(TIMEOUT, [value]) == ""


@pytest.mark.parametrize("value", ["0", "172801", "12x", "-5", ""])
def test_the_whole_value_has_to_fit(value: str) -> None:
    said = problem_of(TIMEOUT, [value])
    assert said.startswith("executionTimeout does not fit “([1-9]")
    assert said.endswith(f"“{value}”.")


def test_a_field_left_alone_has_its_default_or_is_asked_for() -> None:
    assert problem_of(TIMEOUT, None) == ""
    assert problem_of(COMMANDS, []) == "commands has to be given."


def test_only_allowed_values_are_taken() -> None:
    assert problem_of(OPERATION, ["Scan"]) == ""
    assert problem_of(OPERATION, ["scan"]) == "Operation is one of Scan, Install, not “scan”."


def test_one_value_means_one() -> None:
    assert problem_of(OPERATION, ["Scan", "Install"]) == "Operation takes one value, not 2."
    assert problem_of(COMMANDS, ["a", "b"]) == ""


@pytest.mark.parametrize(
    ("type_", "good", "bad", "said"),
    [
        ("Integer", "-12", "1.5", "x is a whole number, not “1.5”."),
        ("Boolean", "true", "yes", "x is true or false, not “yes”."),
        ("StringMap", '{"a": "b"}', "[1]", "x is a JSON object, not “[1]”."),
        ("MapList", "{}", "{", "x is a JSON object, not “{”."),
    ],
)
def test_types_of_the_content_are_held(type_: str, good: str, bad: str, said: str) -> None:
    parameter = Parameter(name="x", type=type_)
    assert problem_of(parameter, [good]) == ""
    assert problem_of(parameter, [bad]) == said


def test_bounds_are_held() -> None:
    some = Parameter(name="x", type="StringList", min_items=2, max_items=3, min_chars=2)
    assert problem_of(some, ["ab"]) == "x takes 2 values or more."
    assert problem_of(some, ["ab"] * 4) == "x takes 3 values at most."
    assert problem_of(some, ["ab", "c"]) == "x has 2 characters or more, “c” has 1."
    short = Parameter(name="x", max_chars=3)
    assert problem_of(short, ["abcd"]) == "x has 3 characters at most, this has 4."


def test_a_reference_to_parameter_store_is_left_to_the_service() -> None:
    assert problem_of(TIMEOUT, ["{{ssm:timeout}}"]) == ""
    assert problem_of(OPERATION, ["{{ ssm:operation:3 }}"]) == ""


@pytest.mark.parametrize("pattern", [r"\p{Alpha}+", "(", "(a|aa)+[bc]"])
def test_expressions_that_cannot_be_tried_here_are_left_to_the_service(pattern: str) -> None:
    # The last one would take for ever on this value.
    assert problem_of(Parameter(name="x", pattern=pattern), ["a" * 60 + "!"]) == ""


def test_hostile_values_are_shown_plain_and_short() -> None:
    said = problem_of(OPERATION, ["\x1b[31m" + "y" * 500])
    assert "\x1b" not in said
    assert len(said) < 150


def test_a_document_is_judged_as_a_whole() -> None:
    document = Document(name="Doc", parameters=(TIMEOUT, COMMANDS))
    assert problems_of(document, {"commands": ["ls"]}) == {}
    assert problems_of(document, {"executionTimeout": ["0"], "colour": ["red"]}).keys() == {
        "executionTimeout",
        "commands",
        "colour",
    }
    assert problems_of(document, {"colour": ["red"], "commands": ["a"]}) == {
        "colour": "Doc has no parameter colour."
    }
