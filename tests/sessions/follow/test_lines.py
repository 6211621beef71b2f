from __future__ import annotations

import pytest

from ssmtui.sessions.follow.lines import LONGEST_LINE, Splitter, Times, stamp, unseen


def test_lines_come_whole_whatever_the_pieces():
    splitter = Splitter()
    data = "grüße\r\n\nzwei\ndrei".encode()
    lines = [line for at in range(len(data)) for line in splitter.feed(data[at : at + 1])]
    assert lines == ["grüße", "", "zwei"]
    assert splitter.end() == ["drei"]
    assert splitter.end() == []


def test_a_line_without_an_end_is_cut():
    splitter = Splitter()
    lines = splitter.feed(b"x" * (2 * LONGEST_LINE + 1))
    assert [len(line) for line in lines] == [LONGEST_LINE, LONGEST_LINE]
    assert splitter.feed(b"y\n") == ["xy"]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("1970-01-01T00:01:00Z hello", 60.0),
        ("[1970-01-01 01:01:00,250+01:00] hello", 60.25),
        ("1970-01-01T00:01:00+0000 host sshd[1]: x", 60.0),
        ("1970-01-01 00:01:00 no zone", None),
        ("1970-02-31T00:01:00Z no such day", None),
        ("Jan  1 00:01:00 host x", None),
        ("", None),
    ],
)
def test_only_a_time_with_its_zone_is_a_time(line, at):
    assert stamp(line) == at


def test_a_nodes_times_never_go_back_and_lines_without_one_follow():
    times = Times()
    assert times.of("no time", 500.0) == 500.0
    assert times.of("1970-01-01T00:01:00Z a", 500.0) == 60.0
    assert times.of("  File x.py", 501.0) == 60.0
    assert times.of("1970-01-01T00:00:50Z b", 502.0) == 60.0
    assert times.of("1971-01-01T00:00:00Z clock ahead", 503.0) == 503.0
    assert times.of("1970-01-01T00:10:00Z c", 700.0) == 600.0


@pytest.mark.parametrize(
    ("shown", "again", "new"),
    [
        ("abc", "abc", ""),
        ("abc", "bcde", "de"),
        ("bc", "abcd", "d"),
        ("aab", "aabab", "ab"),
        ("abc", "xyz", None),
        ("abc", "", None),
        ("", "ab", "ab"),
    ],
)
def test_what_comes_again_is_not_new(shown, again, new):
    assert unseen(list(shown), list(again)) == (None if new is None else list(new))
