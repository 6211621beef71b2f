"""`ssmtui cp` from the toy machines of a served fleet."""

from __future__ import annotations

import hashlib

import pytest

from ssmtui.cli import cp as module
from ssmtui.cli.several import Meant
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.simulator.agent.sessions import Sessions, connected

HOSTS = "/etc/hosts"


class Shop:
    def __init__(self, served):
        self.endpoint = served.endpoint
        self.node = next(
            node
            for node in self.endpoint.world.nodes.values()
            if connected(node) and not node.platform.windows
        )

    @property
    def sessions(self):
        return list(self.endpoint.world.part(Sessions))


@pytest.fixture
def shop(served, tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    made = Shop(served)
    yield made
    assert [session for session in made.sessions if session.active] == []


@pytest.fixture
def here(tmp_path):
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


def test_a_file_comes_into_a_directory_under_its_own_name(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--reason", "INC-1")
    assert result.exit_code == 0, result.stderr
    content = (here / "hosts").read_bytes()
    assert b"127.0.0.1" in content
    assert f"sha256 {hashlib.sha256(content).hexdigest()}" in result.stderr
    assert result.stdout == ""
    assert [path.name for path in here.iterdir()] == ["hosts"]
    assert {session.reason for session in shop.sessions} == {"INC-1"}


def test_or_under_another_name(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here / "mine"))
    assert result.exit_code == 0, result.stderr
    assert [path.name for path in here.iterdir()] == ["mine"]


def test_off_a_terminal_only_force_overwrites(shop, ssmtui, here):
    (here / "hosts").write_text("mine")
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here))
    assert result.exit_code == 2
    assert "Overwrite it with --force" in result.stderr
    assert (here / "hosts").read_text() == "mine"
    assert shop.sessions == []
    assert ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--force").exit_code == 0
    assert (here / "hosts").read_text() != "mine"


def test_without_any_way_in_it_ends_with_the_reason(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:{HOSTS}", str(here), "--profile", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ssmtui: There is no profile nope. There are default, dev.")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "agreed"), [("y", True), ("YES", True), ("", False), ("n", False)]
)
async def test_on_a_terminal_only_a_yes_overwrites(monkeypatch, capsys, tmp_path, typed, agreed):
    async def read_line(fileno):
        return typed

    monkeypatch.setattr("ssmtui.sessions.outlet.read_line", read_line)
    assert await module._agreed(tmp_path / "x") is agreed
    assert "Overwrite" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "destination", "words"),
    [
        ("hosts", ".", "NODE:PATH"),
        (":/etc/hosts", ".", "NODE:PATH"),
        ("web:", ".", "NODE:PATH"),
        ("web:/etc/hosts", "no/such/folder", "There is no directory"),
        ("web:/etc/..", ".", "is not the name of a file"),
    ],
)
def test_wrong_words_are_one_sentence_and_reach_nobody(shop, ssmtui, source, destination, words):
    calls = sum(shop.endpoint.calls.values())
    result = ssmtui("cp", source, destination)
    assert result.exit_code == 2
    assert words in result.stderr
    assert sum(shop.endpoint.calls.values()) == calls


def test_what_is_not_there_is_said(shop, ssmtui, here):
    result = ssmtui("cp", f"{shop.node.id}:/no/such", str(here))
    assert result.exit_code == 2
    assert "There is no file /no/such" in result.stderr
    assert list(here.iterdir()) == []


def test_nobody_by_that_name(shop, ssmtui, here):
    result = ssmtui("cp", f"no-such-node:{HOSTS}", str(here))
    assert result.exit_code == 1
    assert "there is no node called no-such-node" in result.stderr


async def test_windows_is_refused_before_anything_is_opened(tmp_path):
    node = Meant(None, RowKey("1" * 12, "eu-west-1", "i-1"), "win", "windows")
    wish = module.Wish("win", "C:/x", tmp_path, False, "")
    with pytest.raises(ProblemError, match="win runs Windows"):
        await module._download(node, wish, tmp_path / "x")


async def test_a_no_leaves_what_is_there(monkeypatch, capsys, tmp_path):
    async def look_at(*_arguments):
        return None

    async def no(destination):
        return False

    monkeypatch.setattr("ssmtui.sessions.copy.look_at", look_at)
    monkeypatch.setattr(module, "_agreed", no)
    (tmp_path / "x").write_text("mine")
    node = Meant(None, RowKey("1" * 12, "eu-west-1", "i-1"), "web", "linux")
    wish = module.Wish("web", "/x", tmp_path, False, "")
    assert await module._download(node, wish, tmp_path / "x") == 1
    assert "is left as it is" in capsys.readouterr().err
    assert (tmp_path / "x").read_text() == "mine"
