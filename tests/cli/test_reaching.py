from __future__ import annotations

import pytest

from ssmtui.cli.finding import NotFoundError
from ssmtui.cli.options import Options
from ssmtui.cli.reaching import reached, say_if_late
from ssmtui.core.problem import ProblemError
from ssmtui.sessions.terminal import CONNECTING, OPEN, WAITING
from ssmtui.simulator.agent.sessions import connected


async def test_a_node_and_the_way_to_it(served) -> None:
    node = next(node for node in served.endpoint.world.nodes.values() if connected(node))
    async with reached(Options(), node.id, reason="") as (scope, found):
        assert found.key.id == node.id
        assert found.key.scope == scope.key
        answer = await scope.read("ssm", "GetConnectionStatus", {"Target": node.id})
        assert answer["Status"] == "connected"


async def test_a_node_that_is_not_there(served) -> None:
    with pytest.raises(NotFoundError):
        async with reached(Options(), "no-such-node-at-all", reason=""):
            raise AssertionError("nothing was found")


async def test_a_configuration_that_cannot_be_read(served, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("theme = 3\n")
    with pytest.raises(ProblemError, match=r"config\.toml"):
        async with reached(Options(), "x", reason=""):
            raise AssertionError("the configuration was read")


async def test_a_reason_where_one_is_required(served, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("session_reason = true\n")
    with pytest.raises(ProblemError, match="Give it with --reason"):
        async with reached(Options(), "x", reason=" "):
            raise AssertionError("the node was reached without a reason")
    assert not served.endpoint.calls


def test_who_is_waited_for_is_said(capsys) -> None:
    cleared = []
    told = say_if_late("web\x1b1", lambda: cleared.append(True))
    for text in (CONNECTING, WAITING, OPEN):
        told(text)
    said = capsys.readouterr().err
    assert said.endswith("1: the node has not answered yet, Ctrl-C leaves\n")
    assert said.count("\n") == len(cleared) == 1
    assert "\x1b" not in said
