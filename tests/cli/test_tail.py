"""`ssmtui tail` against a served fleet, in this process and in one of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest

from ssmtui.cli.tail import View
from ssmtui.sessions.follow.book import expression
from ssmtui.sessions.follow.merging import Line, News, State
from ssmtui.simulator.agent.sessions import Sessions, connected

LOG = "/var/log/app.log"


class Shop:
    """The served fleet, and its Linux nodes that can be connected to."""

    def __init__(self, served):
        self.endpoint = served.endpoint
        self.nodes = [
            node
            for node in self.endpoint.world.nodes.values()
            if connected(node) and not node.platform.windows
        ]

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


def _program(*words):
    """The program in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "ssmtui", "tail", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_all_nodes_are_one_stream_until_it_is_interrupted(shop, number, code):
    ids = [node.id for node in shop.nodes[:3]]
    program = _program(*ids, "-n", "2", "--reason", "INC-1", LOG)
    lines = [program.stdout.readline().decode() for _ in range(6)]
    assert len(shop.open) == 3
    program.send_signal(number)
    _, said = program.communicate(timeout=30)
    assert program.returncode == code, said
    assert all(re.match(r"\S+ +20\d\d-\d\d-\d\dT", line) for line in lines), lines
    assert len({line.split()[0] for line in lines}) == 3
    assert "on 3 nodes" in said.decode()
    assert {session.reason for session in shop.sessions} == {"INC-1"}
    assert len(shop.sessions) == 3
    assert shop.open == []


@pytest.mark.parametrize("lines", ["2", "1500"])
def test_an_expression_says_whom_and_a_reader_that_has_enough_ends_it(shop, lines):
    # Simulated time stands still: no other line comes that would meet the broken pipe.
    node = shop.nodes[0]
    program = _program("--on", f"id={node.id}", "-n", lines, LOG)
    try:
        assert program.stdout.readline()
        program.stdout.close()
        said = program.stderr.read()
        assert program.wait(30) == 141, said
    finally:
        program.kill()
    assert [session.node.id for session in shop.sessions] == [node.id]
    assert shop.open == []


@pytest.mark.parametrize(
    ("grep", "shown"), [("get", ["GET /", "get"]), ("GET", ["GET /"]), ("t$", ["get"])]
)
def test_only_lines_that_match_are_shown_and_a_capital_makes_case_count(grep, shown):
    view = View(["a"], expression(grep), coloured=False)
    texts = view.lines([Line(0, 1.0, text) for text in ("GET /", "get", "else")])
    assert texts == "".join(f"a  {text}\n" for text in shown)


def test_a_log_that_is_on_no_node_leaves_none(shop, ssmtui):
    result = ssmtui("tail", *(node.id for node in shop.nodes[:2]), "/no/such.log")
    assert result.exit_code == 1
    assert result.stderr.count("cannot open '/no/such.log'") == 2
    assert result.stderr.count("given up: it ended with exit code 1") == 2
    assert "no node is left to follow" in result.stderr
    assert result.stdout == ""
    assert shop.open == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Say which PATH"),
        ([LOG], "Name nodes, or say which ones"),
        (["web", "--on", "Role=web", LOG], "not both"),
        (["web", "--unit", "a", "--event-log", "b"], "contradict"),
        (["web", "--grep", "(", LOG], "is no regular expression"),
        (["web", "--unit", ""], "is not the name of a unit"),
        (["--on", "(", LOG], "Filter:"),
        (["web", "--reason", "x" * 300, LOG], "at most 256"),
        (["web", "-n", "99999", LOG], "0<=x<=10000"),
    ],
)
def test_wrong_words_are_one_sentence_and_reach_nobody(shop, ssmtui, arguments, words):
    calls = sum(shop.endpoint.calls.values())
    result = ssmtui("tail", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert sum(shop.endpoint.calls.values()) == calls


def test_what_a_platform_does_not_have_is_said_before_anything_is_opened(shop, ssmtui):
    result = ssmtui("tail", shop.nodes[0].id, "--event-log", "System")
    assert result.exit_code == 2
    assert "no event log on a linux node" in result.stderr
    assert shop.sessions == []


def test_nobody_by_that_name(shop, ssmtui):
    result = ssmtui("tail", "no-such-node", LOG)
    assert result.exit_code == 1
    assert "there is no node called no-such-node" in result.stderr


def test_too_many_are_refused(shop, ssmtui, monkeypatch):
    monkeypatch.setattr("ssmtui.sessions.follow.follow.MOST_NODES", 1)
    result = ssmtui("tail", *(node.id for node in shop.nodes[:2]), LOG)
    assert result.exit_code == 2
    assert "at most 1 are followed at once" in result.stderr
    assert shop.sessions == []


@pytest.mark.parametrize("who", [["web"], ["--on", "Role=web"]])
def test_without_any_way_in_it_ends_with_the_reason(shop, ssmtui, who):
    result = ssmtui("tail", *who, LOG, "--profile", "nope")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("ssmtui: There is no profile nope. There are default, dev.")
    assert result.stderr.count("\n") == 1


def test_look_mode_opens_nothing(shop, ssmtui):
    result = ssmtui("tail", shop.nodes[0].id, "--read-only", LOG)
    assert result.exit_code == 1
    assert "look mode" in result.stderr
    assert shop.sessions == []


def test_remote_text_is_plain_and_prefixes_are_aligned():
    view = View(["a", "web"], None, coloured=False)
    batch = [Line(0, 1.0, "x\x1b[31m"), Line(1, 2.0, "y"), Line(1, 3.0, "oh", aside=True)]
    first, second = view.lines(batch).splitlines()
    assert first.startswith("a    x")
    assert "\x1b" not in first
    assert second == "web  y"
    assert view.news(batch) == ["web: oh"]


def test_on_a_terminal_each_node_has_a_colour_of_its_own():
    lines = View(["a", "b"], None, coloured=True).lines([Line(0, 1.0, "x"), Line(1, 1.0, "x")])
    first, second = lines.splitlines()
    assert first.startswith("\x1b[36ma")
    assert second.startswith("\x1b[32mb")


def test_what_happens_to_nodes_is_said_but_not_that_all_is_well():
    view = View(["web"], None, coloured=False)
    states = [
        (State.CONNECTING, ""),
        (State.FOLLOWING, ""),
        (State.LOST, "It is off"),
        (State.FOLLOWING, ""),
        (State.FOLLOWING, "lines may be missing here"),
    ]
    said = view.news([News(0, 1.0, state, sentence) for state, sentence in states])
    assert said == [
        "web: lost: It is off",
        "web: following again",
        "web: following again, lines may be missing here",
    ]
