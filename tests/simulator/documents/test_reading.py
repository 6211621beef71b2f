from __future__ import annotations

import json
from typing import Any

import pytest

from ssmtui.simulator.documents import amazon, own
from ssmtui.simulator.documents.model import Document
from ssmtui.simulator.documents.parameters import Kind
from ssmtui.simulator.documents.reading import ContentError, read

DOCUMENTS = [*amazon.documents(), *own.documents("111122223333", 0.0)]
STEP = {"action": "aws:runShellScript", "name": "a", "inputs": {"runCommand": ["true"]}}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
@pytest.mark.parametrize("format_", ["JSON", "YAML"])
def test_what_is_written_is_read_again(document: Document, format_: str) -> None:
    for version in document.versions:
        assert read(version.text(format_)).content == version.content


def test_platforms_stand_on_either_side_of_a_precondition() -> None:
    def platform(*words: str) -> str:
        step = {**STEP, "precondition": {"StringEquals": list(words)}}
        return read(json.dumps({"schemaVersion": "2.2", "mainSteps": [step]})).steps[0].platform

    assert platform("platformType", "Windows") == platform("Windows", "platformType") == "Windows"
    assert platform("{{ a }}", "b") == ""


def test_parameters_of_every_kind() -> None:
    parameters = {str(kind): {"type": str(kind)} for kind in Kind}
    content = {"schemaVersion": "2.2", "parameters": parameters, "mainSteps": [STEP]}
    assert [each.kind for each in read(json.dumps(content)).parameters] == list(Kind)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "neither JSON nor YAML"),
        ("just words", "neither JSON nor YAML"),
        ({}, "schema version is ''"),
        ({"schemaVersion": "0.3"}, "schema version is '0.3'"),
        ({"schemaVersion": "2.2"}, "no mainSteps"),
        ({"schemaVersion": "2.2", "mainSteps": ["x"]}, "step 1 should be an object"),
        ({"schemaVersion": "2.2", "mainSteps": [{"name": "a"}]}, "step 1 has no action"),
        ({"schemaVersion": "2.2", "mainSteps": [{**STEP, "inputs": 1}]}, "the inputs of step 1"),
        ({"schemaVersion": "2.2", "parameters": {"P": {"type": "Text"}}}, "P has no known type"),
        ({"schemaVersion": "2.2", "parameters": []}, "parameters should be an object"),
    ],
)
def test_what_is_no_document_is_said(content: Any, word: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    with pytest.raises(ContentError, match=word):
        read(text)
