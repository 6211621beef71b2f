"""`ssmtui proxy` as OpenSSH runs it: a process whose input and output are the connection."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from ssmtui.simulator.agent.sessions import Sessions, connected

BANNER = b"SSH-2.0-OpenSSH_8.7\r\n"
PATIENCE = 60


class Fleet:
    def __init__(self, served: Any) -> None:
        self.world = served.endpoint.world
        nodes = self.world.nodes.values()
        self.node = next(node for node in nodes if connected(node) and not node.platform.windows)

    @property
    def open(self) -> list[Any]:
        return [session for session in self.world.part(Sessions) if session.active]


@pytest.fixture
def fleet(served: Any) -> Fleet:
    return Fleet(served)


def begin(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "ssmtui", "proxy", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ.copy(),
    )


def test_it_carries_bytes_and_nothing_else_on_standard_output(fleet) -> None:
    proxy = begin(fleet.node.id, "22")
    stdout, stderr = proxy.communicate(b"hello\r\n", timeout=PATIENCE)
    assert stdout == BANNER + b"Invalid SSH identification string.\r\n"
    assert stderr == b""
    assert proxy.returncode == 0
    assert fleet.open == []


def test_told_to_end_it_leaves_nothing_open(fleet) -> None:
    with begin(fleet.node.id) as proxy:
        assert proxy.stdout is not None
        assert proxy.stdout.read(len(BANNER)) == BANNER
        assert len(fleet.open) == 1
        proxy.send_signal(signal.SIGHUP)
        assert proxy.wait(PATIENCE) == 128 + signal.SIGHUP
    assert fleet.open == []


def test_a_port_that_refuses_is_said_on_standard_error(fleet) -> None:
    proxy = begin(fleet.node.id, "23")
    stdout, stderr = proxy.communicate(timeout=PATIENCE)
    assert stdout == b""
    assert stderr.startswith(b"ssmtui: Nothing accepts connections on port 23 of ")
    assert proxy.returncode == 255


@pytest.mark.parametrize("port", ["0", "65536", "ssh"])
def test_what_is_no_port_asks_nothing_of_aws(ssmtui, port) -> None:
    result = ssmtui("proxy", "web", port)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_a_node_that_is_not_there(served, ssmtui) -> None:
    result = ssmtui("proxy", "no-such-node-at-all")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "there is no node called no-such-node-at-all" in result.stderr
