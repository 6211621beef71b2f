"""A command is held against its document before anything is planned."""

from __future__ import annotations

import shlex
from typing import Any

import msgspec
import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.resources.documents.document import Document, Parameter
from ssmtui.resources.documents.reading import list_documents, read_document
from ssmtui.rollouts.fitting import command_lines, fitted
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.spec import CommandSpec, RolloutSpec
from ssmtui.rollouts.targets import Frozen, TagTargets
from tests.rollouts.conftest import SCOPE, a_command, some_nodes

SHELL = Document(
    name="AWS-RunShellScript",
    platforms=("Linux", "MacOS"),
    parameters=(
        Parameter(name="commands", type="StringList"),
        Parameter(name="executionTimeout", default=("3600",), pattern="[1-9][0-9]{0,4}"),
    ),
)


def test_the_execution_timeout_becomes_the_documents_own() -> None:
    command = fitted(a_command(2, execution_timeout=60), SHELL)
    assert command.request["Parameters"] == {
        "commands": ["uptime"],
        "executionTimeout": ["60"],
    }
    assert fitted(a_command(2), SHELL) == a_command(2)


@pytest.mark.parametrize(
    ("fields", "document", "sentence"),
    [
        ({"execution_timeout": 172_800}, SHELL, "executionTimeout does not fit"),
        ({"parameters": {}}, SHELL, "commands has to be given. Correct the value"),
        (
            {"execution_timeout": 5},
            Document(name="Old", parameters=(Parameter(name="commands", default=("",)),)),
            "Old has no execution timeout to set",
        ),
        ({}, Document(name="Runbook", type="Automation"), "is a document of type Automation"),
        (
            {},
            Document(name="Win", platforms=("Windows",), parameters=SHELL.parameters),
            "Win runs on Windows only, and the nodes are linux",
        ),
    ],
)
def test_what_does_not_fit_is_a_sentence(
    fields: dict[str, Any], document: Document, sentence: str
) -> None:
    with pytest.raises(ProblemError, match=sentence):
        fitted(a_command(2, **fields), document)


def test_some_nodes_that_fit_are_enough() -> None:
    windows = msgspec.structs.replace(some_nodes(2)[1], platform="windows")
    unknown = msgspec.structs.replace(windows, platform="")
    fitted(a_command([some_nodes(1)[0], windows]), SHELL)
    fitted(a_command([unknown]), SHELL)
    tags = CommandSpec(
        document=SHELL.name,
        targets=TagTargets({"Env": ("prod",)}, (SCOPE,)),
        parameters={"commands": ["uptime"]},
    )
    assert fitted(tags, SHELL) == tags


async def test_every_call_is_a_line(sea: Any) -> None:
    async with sea(nodes=250) as at:
        [scope] = at.fleet.scopes
        nodes = at.nodes(60)
        made = plan(RolloutSpec(a_command(nodes, comment="it's")), "7f3a91c2")
        lines = command_lines(made, {scope.key: scope})
        assert len(lines) == 2
        words = shlex.split(lines[1])
        assert words[:3] == ["aws", "ssm", "send-command"]
        assert words[words.index("--comment") + 1] == "ssmtui 7f3a91c2-0001 it's"
        assert words[words.index("--max-errors") + 1] == "0"
        assert [each for each in words if each in made.calls[1].ids] == list(made.calls[1].ids)
        assert at.sent() == {}


async def test_awss_own_documents_fit_what_they_are_made_for(sea: Any) -> None:
    async with sea(nodes=40) as at:
        [scope] = at.fleet.scopes
        names = {document.name for document in await list_documents(scope, "Amazon")}
        assert {"AWS-RunShellScript", "AWS-RunPowerShellScript", "AWS-RunPatchBaseline"} <= names
        document = await read_document(scope, "AWS-RunShellScript")
        assert document.steps
        assert not document.content_denied
        command = fitted(a_command(at.nodes(2), execution_timeout=30), document)
        rollout = await at.run(RolloutSpec(command))
        assert rollout.state.bars.ok == 2
        patch = await read_document(scope, "AWS-RunPatchBaseline")
        wrong = CommandSpec(
            document=patch.name,
            targets=Frozen(tuple(at.nodes(1))),
            parameters={"Operation": ["Look"]},
        )
        with pytest.raises(ProblemError, match="Operation is one of Scan, Install"):
            fitted(wrong, patch)
