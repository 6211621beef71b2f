"""Documents are read from two answers, and from one where the other is denied."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.documents.document import Parameter
from ssmtui.resources.documents.reading import (
    content_of,
    from_answers,
    list_documents,
    read_document,
)

SESSION = """{
  "schemaVersion": "1.0",
  "sessionType": "InteractiveCommands",
  "parameters": {"lines": {"type": "String", "default": "20", "allowedPattern": "^[0-9]{1,4}$"}},
  "properties": {"linux": {"commands": "tail -n {{ lines }} -f /var/log/messages"}}
}"""
CONTENT = """{
  "schemaVersion": "2.2",
  "description": "Deploy a build",
  "parameters": {
    "commands": {"type": "StringList", "description": "Lines", "minItems": 1},
    "mode": {"type": "String", "default": "check", "allowedValues": ["check", "apply"]},
    "retries": {"type": "Integer", "default": 3},
    "dry": {"type": "Boolean", "default": true},
    "env": {"type": "StringMap", "default": {"A": "b"}},
    "note": {"type": "String", "default": "", "displayType": "textarea", "maxChars": "40"}
  },
  "mainSteps": [{"action": "aws:runShellScript", "name": "fetch"},
                {"action": "aws:runShellScript", "name": "switch"}]
}"""
DESCRIBED = {
    "Name": "Deploy",
    "DocumentVersion": "4",
    "DocumentType": "Command",
    "Owner": "111122223333",
    "PlatformTypes": ["Linux"],
    "SchemaVersion": "2.2",
    "Parameters": [
        {"Name": "commands", "Type": "StringList", "Description": "Lines"},
        {"Name": "mode", "Type": "String", "DefaultValue": "check"},
        {"Name": "paths", "Type": "StringList", "DefaultValue": '["/a","/b"]'},
        {"Name": "words", "Type": "StringList", "DefaultValue": "a, b"},
    ],
}


class Answers:
    """A scope that answers what it is given, or refuses."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, Any]]] = []

    async def read(self, service: str, operation: str, params: dict[str, Any]) -> Any:
        self.asked.append((operation, params))
        answer = self.answers[operation]
        if isinstance(answer, Problem):
            raise ProblemError(answer)
        return answer

    async def pages(self, service: str, operation: str, params: Any, **_: Any) -> Any:
        self.asked.append((operation, params))
        for page in self.answers[operation]:
            yield page


def test_the_content_tells_what_the_description_cannot() -> None:
    document = from_answers(DESCRIBED, content_of({"Content": CONTENT}))
    assert document.steps == ("fetch", "switch")
    assert [each.name for each in document.parameters] == [
        "commands", "mode", "retries", "dry", "env", "note", "paths", "words",
    ]  # fmt: skip
    assert document.parameter("commands") == Parameter(
        name="commands", type="StringList", description="Lines", min_items=1, multiline=True
    )
    mode = document.parameter("mode")
    assert mode
    assert (mode.default, mode.allowed) == (("check",), ("check", "apply"))
    assert [document.parameter(name).default for name in ("retries", "dry", "env")] == [  # type: ignore[union-attr]
        ("3",),
        ("true",),
        ('{"A":"b"}',),
    ]
    note = document.parameter("note")
    assert note
    assert (note.multiline, note.max_chars, note.required) == (True, 40, False)
    assert not document.content_denied


def test_lists_defaults_are_read_from_the_description_too() -> None:
    document = from_answers(DESCRIBED, None)
    assert document.content_denied
    assert document.parameter("paths").default == ("/a", "/b")  # type: ignore[union-attr]
    assert document.parameter("words").default == ("a", "b")  # type: ignore[union-attr]
    assert document.parameter("commands").required  # type: ignore[union-attr]


def test_yaml_is_read_and_old_schemas_have_plugins() -> None:
    text = "schemaVersion: '1.2'\nruntimeConfig:\n  aws:runShellScript:\n    properties: []\n"
    assert from_answers({"Name": "Old"}, content_of({"Content": text})).steps == (
        "aws:runShellScript",
    )


@pytest.mark.parametrize("text", ["", "[]", "\x00", "a: [", "!!python/object:x {}", "3"])
def test_content_that_is_none_is_as_good_as_denied(text: str) -> None:
    assert content_of({"Content": text}) is None


@pytest.mark.parametrize(
    "content",
    [{"parameters": []}, {"parameters": {"a": None}}, {"mainSteps": "x"}, {"mainSteps": [1]}],
)
def test_odd_content_is_read_as_far_as_it_goes(content: dict[str, Any]) -> None:
    assert from_answers({}, content).steps == ()


async def test_a_document_is_read_by_version() -> None:
    scope: Any = Answers(DescribeDocument={"Document": DESCRIBED}, GetDocument={"Content": CONTENT})
    document = await read_document(scope, "Deploy", "4")
    assert document.version == "4"
    assert scope.asked == [
        ("DescribeDocument", {"Name": "Deploy", "DocumentVersion": "4"}),
        ("GetDocument", {"Name": "Deploy", "DocumentVersion": "4"}),
    ]


async def test_who_may_not_read_the_content_gets_the_rest() -> None:
    denied = Problem(ProblemKind.DENIED, "no")
    scope: Any = Answers(DescribeDocument={"Document": DESCRIBED}, GetDocument=denied)
    assert (await read_document(scope, "Deploy")).content_denied
    scope.answers["GetDocument"] = Problem(ProblemKind.ENDPOINT, "gone")
    with pytest.raises(ProblemError, match="gone"):
        await read_document(scope, "Deploy")


async def test_documents_are_listed_through_all_pages() -> None:
    scope: Any = Answers(
        ListDocuments=[
            {"DocumentIdentifiers": [{"Name": "b", "Owner": "Amazon", "PlatformTypes": ["Linux"]}]},
            {"DocumentIdentifiers": []},
            {"DocumentIdentifiers": [{"Name": "a", "Owner": "111122223333"}]},
        ]
    )
    listed = await list_documents(scope, "Self")
    assert [each.name for each in listed] == ["a", "b"]
    assert scope.asked[0][1]["Filters"] == [
        {"Key": "DocumentType", "Values": ["Command"]},
        {"Key": "Owner", "Values": ["Self"]},
    ]


async def test_a_session_document_says_what_it_opens() -> None:
    scope = Answers(
        DescribeDocument={"Document": {"Name": "Ops"}}, GetDocument={"Content": SESSION}
    )
    document = await read_document(scope, "Ops")  # type: ignore[arg-type]
    assert document.session_type == "InteractiveCommands"
    assert document.parameter("lines") == Parameter(
        name="lines", default=("20",), pattern="^[0-9]{1,4}$"
    )


async def test_the_documents_of_another_type(open_fleet) -> None:
    async with open_fleet(nodes=5) as fleet:
        listed = await list_documents(fleet.scopes[0], type_="Session")
    names = [each.name for each in listed]
    assert "SSM-SessionManagerRunShell" in names
    assert "AWS-RunShellScript" not in names
    assert names == sorted(names)
