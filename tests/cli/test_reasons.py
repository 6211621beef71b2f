"""A reason for every session, where the configuration requires one."""

from __future__ import annotations

import click
import click.testing
import pytest

from ssmtui.cli.reasons import check_reason, reason_option
from ssmtui.core.problem import ProblemError
from ssmtui.local.config import Config
from ssmtui.simulator.agent.sessions import Sessions, connected

VERBS = {
    "connect": ("connect", "NODE", "--", "true"),
    "forward": ("forward", "NODE", "0:80"),
    "proxy": ("proxy", "NODE"),
    "cp": ("cp", "NODE:/etc/hostname", "FOLDER"),
    "tail": ("tail", "NODE", "/var/log/messages"),
}


@pytest.fixture
def required(monkeypatch, tmp_path):
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "config.toml").write_text("session_reason = true\n")


def words(served, tmp_path, verb):
    nodes = served.endpoint.world.nodes.values()
    node = next(node for node in nodes if connected(node) and not node.platform.windows)
    places = {"NODE": node.id, "FOLDER": str(tmp_path)}
    found = []
    for word in VERBS[verb]:
        for place, value in places.items():
            word = word.replace(place, value)
        found.append(word)
    return found


@pytest.mark.parametrize("verb", VERBS)
def test_without_one_nothing_is_asked_of_aws(served, ssmtui, required, tmp_path, verb):
    result = ssmtui(*words(served, tmp_path, verb))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "Every session needs a reason here" in result.stderr
    assert "--reason TEXT" in result.stderr
    assert not served.endpoint.calls


def test_with_one_the_session_has_it(served, ssmtui, required, tmp_path):
    verb, node, *rest = words(served, tmp_path, "connect")
    result = ssmtui(verb, node, "--reason", "INC-7", *rest)
    assert result.exit_code == 0, result.stderr
    (session,) = served.endpoint.world.part(Sessions)
    assert session.reason == "INC-7"


def test_the_option_is_empty_where_it_is_not_given():
    @click.command()
    @reason_option
    def probe(reason):
        click.echo(f"<{reason}>")

    assert click.testing.CliRunner().invoke(probe, []).output == "<>\n"


def test_none_is_required_by_default():
    check_reason(Config(), "")
    with pytest.raises(ProblemError):
        check_reason(Config(session_reason=True), "  ")
