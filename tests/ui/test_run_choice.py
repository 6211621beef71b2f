"""Which document, on what, with which values."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.core.problem import ProblemError
from ssmtui.ui.run_choice import _managed


async def test_the_shell_of_most_nodes_comes_first(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes("Windows")[:2])
        await f.type("R")
        await f.sees("Run on 2 nodes", "AWS-RunPowerShellScript")
        lines = f.text.split("\n")
        order = [line for line in lines if "ShellScript" in line]
        assert "AWS-RunPowerShellScript" in order[0]
        await f.sees("AWS-UpdateSSMAgent|AWS-ConfigureAWSPackage")  # the list has come


async def test_a_document_of_another_type_is_refused(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.type(":run SSM-SessionManagerRunShell", "<enter>")
        await f.sees("is a document of type")
        assert f.app.screen is f.app.main


async def test_a_documents_own_parameters_are_its_form(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.type(":run AWS-UpdateSSMAgent", "<enter>")
        await f.sees("AWS-UpdateSSMAgent on", "allowDowngrade", "< false >", "version")


def test_nodes_without_an_agent_are_left_out_and_said() -> None:
    said: list[str] = []
    app: Any = SimpleNamespace(say=lambda words, level: said.append(words))
    online = SimpleNamespace(ping="online", platform="linux", label="web-1")
    bare = SimpleNamespace(ping="unmanaged", platform=UNKNOWN, label="web-2")
    assert _managed(app, [online, bare]) == [online]
    assert said == ["Left out: 1 node without an agent"]
    with pytest.raises(ProblemError, match="web-2 has no agent"):
        _managed(app, [bare])
