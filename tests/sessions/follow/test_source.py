from __future__ import annotations

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.sessions.follow.lines import stamp
from ssmtui.sessions.follow.source import Source, SourceKind, read_source, suggested
from ssmtui.simulator.shell import Machines, Shell
from ssmtui.simulator.world import World

GET_CONTENT = r"Get-Content -Path 'C:\it''s`[1`]' -Tail 5 -Wait"


@pytest.mark.parametrize(
    ("kind", "name", "platform", "command"),
    [
        (SourceKind.PATH, "/var/log/a b", "linux", "tail -n 5 -F -- '/var/log/a b'"),
        (SourceKind.PATH, "$(reboot)", "macos", "tail -n 5 -F -- '$(reboot)'"),
        (SourceKind.PATH, r"C:\it's[1]", "windows", GET_CONTENT),
        (SourceKind.UNIT, "a;b", "linux", "journalctl --no-pager -o short-iso -n 5 -f -u 'a;b'"),
    ],
)  # fmt: skip
def test_the_command_is_the_platforms_and_names_are_quoted(kind, name, platform, command):
    assert Source(kind, name).command(platform, 5) == command


@pytest.mark.parametrize(
    ("kind", "platform"),
    [
        (SourceKind.UNIT, "macos"),
        (SourceKind.UNIT, "windows"),
        (SourceKind.EVENT_LOG, "linux"),
    ],
)
def test_what_a_platform_does_not_have_is_said(kind, platform):
    with pytest.raises(ProblemError, match=f"no {kind} on a {platform} node"):
        Source(kind, "x").command(platform, 5)


@pytest.mark.parametrize("name", ["", "a\nb", "a\x1b"])
def test_a_wrong_name_is_refused(name):
    with pytest.raises(ProblemError, match="is not the name of a unit"):
        Source(SourceKind.UNIT, name)


class _Sink:
    def __init__(self, enough):
        self.data, self._enough = b"", enough

    async def write(self, data):
        self.data += data
        if self.data.count(b"\n") >= self._enough:
            raise EnoughError


class EnoughError(Exception):
    pass


@pytest.mark.parametrize("log", ["System", "Application"])
async def test_an_event_log_is_one_line_an_event_the_oldest_first(log):
    world = World.generate(nodes=60, accounts=1, regions=1, seed=7, start=1_790_000_000.0)
    node = next(node for node in world.nodes.values() if node.platform.windows)
    out, err = _Sink(3), _Sink(1)
    shell = Shell(world.part(Machines).of(node.id), user="root")
    with pytest.raises(EnoughError):
        await shell.run_script(
            Source(SourceKind.EVENT_LOG, log).command("windows", 3), stdout=out, stderr=err
        )
    lines = out.data.decode().splitlines()
    assert lines == sorted(lines)
    # With its zone, or the lines of several nodes could not be ordered.
    assert all(stamp(line) is not None for line in lines)
    assert err.data == b""


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("/var/log/app.log", SourceKind.PATH, "/var/log/app.log"),
        ("  /var/log/my app.log ", SourceKind.PATH, "/var/log/my app.log"),
        (r"C:\logs\a.log", SourceKind.PATH, r"C:\logs\a.log"),
        ("unit nginx", SourceKind.UNIT, "nginx"),
        ("Unit  nginx.service", SourceKind.UNIT, "nginx.service"),
        ("event log System", SourceKind.EVENT_LOG, "System"),
        ("event Windows PowerShell", SourceKind.EVENT_LOG, "Windows PowerShell"),
        ("units.log", SourceKind.PATH, "units.log"),
    ],
)
def test_a_typed_line_is_a_path_unless_it_says_what_it_is(text, kind, name) -> None:
    source = read_source(text)
    assert (source.kind, source.name) == (kind, name)
    assert read_source(source.title) == source


@pytest.mark.parametrize("text", ["", "   "])
def test_a_typed_line_that_names_nothing_is_a_problem(text) -> None:
    with pytest.raises(ProblemError, match="is not the name"):
        read_source(text)


@pytest.mark.parametrize("platform", ["linux", "windows", "macos"])
def test_all_that_is_suggested_is_on_the_platform(platform) -> None:
    texts = suggested([platform], ["/srv/a.log", "event log Setup", "unit app"])
    assert texts
    for text in texts:
        assert read_source(text).command(platform, 1)


def test_what_was_followed_last_is_suggested_first() -> None:
    followed = ["/var/log/messages", "unit app", "event log Setup"]
    texts = suggested(["linux"], followed)
    assert texts[:2] == ["unit app", "/var/log/messages"]
    assert texts.count("/var/log/messages") == 1
    assert "event log Setup" in suggested(["linux", "windows"], followed)
    assert suggested(["linux"], ["", "a\x00b"]) == suggested(["linux"], [])
