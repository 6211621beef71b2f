"""`ssmtui connect` off a terminal: one command, and what is wrong with the words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from ssmtui.cli import connect as module
from ssmtui.core.keys import RowKey
from ssmtui.sessions.command import Result
from ssmtui.simulator.agent.sessions import Sessions, connected


class Shop:
    """The served fleet's sessions, and a Linux node that can be connected to."""

    def __init__(self, served):
        self.endpoint = served.endpoint
        self.add_faults = served.add_faults
        self.node = next(
            node
            for node in self.endpoint.world.nodes.values()
            if connected(node) and not node.platform.windows
        )

    @property
    def sessions(self):
        return list(self.endpoint.world.part(Sessions))

    @property
    def open(self):
        return [session for session in self.sessions if session.active]


@pytest.fixture
def shop(served, tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path / "config"))
    return Shop(served)


@pytest.mark.parametrize(
    ("cmd", "code", "out", "err"),
    [
        (["echo", "one", "two"], 0, "one two\n", ""),
        (["echo a; echo b >&2; exit 7"], 7, "a\n", "b\n"),
        (["false"], 1, "", ""),
    ],
)
def test_a_command_has_its_output_its_errors_and_its_code(shop, ssmtui, capfd, cmd, code, out, err):
    result = ssmtui("connect", shop.node.id, "--reason", "INC-1", "--", *cmd)
    written = capfd.readouterr()
    assert result.exit_code == code, result.stderr
    assert (written.out, written.err) == (out, err)
    assert (result.stdout, result.stderr) == ("", "")
    (session,) = shop.sessions
    assert session.document.name == "AWS-StartNonInteractiveCommand"
    assert session.reason == "INC-1"
    assert shop.open == []


def test_much_output_comes_whole(shop, ssmtui, capfd):
    result = ssmtui("connect", shop.node.id, "--", "seq 1 20000")
    assert result.exit_code == 0
    assert capfd.readouterr().out == "".join(f"{number}\n" for number in range(1, 20_001))


def test_time_that_runs_out_ends_the_session(shop, ssmtui):
    result = ssmtui("connect", shop.node.id, "--timeout", "1", "--", "sleep 1000")
    assert result.exit_code == 124
    assert "did not end within 1 s" in result.stderr
    assert len(shop.sessions) == 1
    assert shop.open == []


def test_a_failed_transport_is_255(shop, ssmtui):
    shop.add_faults(["denied ssmmessages:OpenDataChannel"])
    result = ssmtui("connect", shop.node.id, "--", "true")
    assert result.exit_code == 255
    assert "missing ssmmessages:OpenDataChannel" in result.stderr
    assert shop.open == []


def _program(shop, *cmd, **pipes):
    """The program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ssmtui", "connect", shop.node.id, "--", *cmd],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        **pipes,
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interrupted_command_ends_its_session(shop, number, code):
    program = _program(shop, "echo begun; sleep 1000", stdout=subprocess.PIPE)
    assert program.stdout.readline() == b"begun\n"
    program.send_signal(number)
    program.communicate(timeout=30)
    assert program.returncode == code
    assert len(shop.sessions) == 1
    assert shop.open == []


def test_a_reader_that_has_enough_ends_the_command(shop):
    program = _program(shop, "yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert program.stdout.readline() == b"y\n"
    program.stdout.close()
    assert program.stderr.read() == b""
    assert program.wait(30) == 141
    assert shop.open == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "A shell needs a terminal"),
        (["--parameter", "novalue"], "novalue is not a parameter"),
        (["--document", "no such"], "not the name of a document"),
        (["--reason", "x" * 300, "--", "ls"], "at most 256"),
        (["--plugin", "--", "ls"], "runs no CMD"),
        (["--document", "Doc", "--", "ls"], "a document of its own"),
        (["--timeout", "5"], "goes with a CMD"),
        (["--timeout", "0", "--", "ls"], "x>0"),
    ],
)
def test_wrong_words_are_one_sentence_and_reach_nobody(shop, ssmtui, arguments, words):
    calls = sum(shop.endpoint.calls.values())
    result = ssmtui("connect", "web", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert sum(shop.endpoint.calls.values()) == calls


def test_nobody_by_that_name(shop, ssmtui):
    result = ssmtui("connect", "no-such-node", "--", "ls")
    assert result.exit_code == 1
    assert "there is no node called no-such-node" in result.stderr


def test_look_mode_opens_nothing(shop, ssmtui):
    result = ssmtui("connect", shop.node.id, "--read-only", "--", "ls")
    assert result.exit_code == 2
    assert "look mode" in result.stderr
    assert shop.sessions == []


@pytest.mark.parametrize(("code", "status"), [(0, 0), (255, 255), (256, 1), (-1, 1)])
async def test_a_code_that_fits_no_exit_status_is_a_failure(monkeypatch, code, status):
    async def run_command(*_arguments, **_more):
        return Result(code)

    monkeypatch.setattr("ssmtui.sessions.command.run_command", run_command)
    way = module.Way(command="ls")
    assert await module._run_command(None, RowKey("1", "r", "i-1"), way) == status
