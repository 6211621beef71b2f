"""What the explorer is given to start with. The terminal itself is for tests/terminal."""

from __future__ import annotations

import gc
from contextlib import asynccontextmanager, nullcontext
from types import SimpleNamespace

import pytest

from ssmtui.cli import explore as module
from ssmtui.cli.explore import explore
from ssmtui.cli.options import Options
from ssmtui.local import paths as places
from ssmtui.local.config import Config
from ssmtui.local.journal import Journal
from ssmtui.local.snapshot import Snapshot
from ssmtui.ui import app


class Stream:
    """A standard stream, on a terminal or not."""

    def __init__(self, terminal):
        self.isatty = lambda: terminal


@pytest.fixture
def launched(monkeypatch):
    """What the UI is launched with; it ends at once, with code 7."""
    seen = []

    def run(launch):
        seen.append((launch, gc.isenabled()))
        return 7

    monkeypatch.setattr(app, "run", run)
    monkeypatch.setattr(module, "sys", SimpleNamespace(stdin=Stream(True), stdout=Stream(True)))
    return seen


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    file = tmp_path / "config" / "config.toml"
    file.parent.mkdir()
    return file


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_without_a_terminal_it_names_the_verbs(launched, config, monkeypatch, capsys, stream):
    monkeypatch.setattr(module.sys, stream, Stream(False))
    assert explore(Options(), "") == 2
    assert "the explorer needs a terminal. Use a verb" in capsys.readouterr().err
    assert launched == []


def test_options_and_configuration_reach_the_ui(launched, config):
    config.write_text('theme = "midnight"\nascii = true\n[columns]\nnodes = ["zone", "name"]\n')
    options = Options(profiles=("one", "two"), regions=("eu-west-1",))
    assert explore(options, ":no Env=prod") == 7
    ((launch, _),) = launched
    assert launch.command == ":no Env=prod"
    assert launch.config.theme == "midnight"
    assert (launch.ascii, launch.demo) == (True, False)
    assert launch.paths == places.default()
    assert launch.selection == "one two in eu-west-1"
    assert launch.problems == []
    assert [column.id for column in launch.resources[0].columns[:2]] == ["zone", "name"]
    assert launch.memory.journal is not None


def test_the_demo_has_files_of_its_own(launched, config):
    assert explore(Options(demo=True), "") == 7
    ((launch, _),) = launched
    assert launch.demo
    assert launch.paths == places.demo()
    assert launch.paths.state != places.default().state


def test_a_wrong_configuration_is_said_inside(launched, config, capsys):
    config.write_text("theme = 'night'\nmouse = 3\n")
    assert explore(Options(), "") == 7
    ((launch, _),) = launched
    (problem,) = launch.problems
    assert problem.what.startswith("config.toml line 2: mouse has to be true or false")
    assert launch.config.theme == ""
    assert capsys.readouterr().err == ""


async def test_connecting_goes_by_the_same_options_and_configuration(launched, config, monkeypatch):
    asked = []

    @asynccontextmanager
    async def connected(*given):
        asked.append(given)
        yield "the way"

    monkeypatch.setattr(module, "connected", connected)
    config.write_text("regions = ['eu-west-1']\n")
    options = Options()
    explore(options, "")
    ((launch, _),) = launched
    assert asked == []
    async with launch.connect() as way:
        assert way == "the way"
    assert asked == [(options, Config(regions=["eu-west-1"]), launch.paths)]


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_is_not_looked_for_before_the_first_paint_and_is_after_the_end(
    launched, config, monkeypatch, fails
):
    if fails:

        def failing(_launch):
            assert not gc.isenabled()
            raise RuntimeError("a bug")

        monkeypatch.setattr(app, "run", failing)
        with pytest.raises(RuntimeError):
            explore(Options(), "")
    else:
        explore(Options(), "")
        assert launched[0][1] is False
    assert gc.isenabled()


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_kept_is_closed_when_the_explorer_has_ended(config, launched, monkeypatch, fails):
    happened = []
    monkeypatch.setattr(Snapshot, "close", lambda self: happened.append("snapshot closed"))
    monkeypatch.setattr(Journal, "close", lambda self: happened.append("journal closed"))

    def run(launch):
        happened.append("ended")
        if fails:
            raise RuntimeError("a bug")
        return 0

    monkeypatch.setattr(app, "run", run)
    with pytest.raises(RuntimeError) if fails else nullcontext():
        explore(Options(), "")
    assert happened == ["ended", "snapshot closed", "journal closed"]
