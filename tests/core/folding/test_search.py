"""Search across all outputs."""

from __future__ import annotations

import re
import time
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.folding import Folder, Outcome, Output, Which
from ssmtui.core.folding import search as module
from ssmtui.core.folding.search import Search
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError


def searched(folder: Folder, pattern: str) -> Search:
    search = Search(folder, pattern)
    search.drain()
    return search


@pytest.fixture(name="make")
def _make(output):
    def make(*texts: str) -> Folder:
        folder = Folder()
        folder.add([output(number, text) for number, text in enumerate(texts, 1)])
        folder.drain()
        return folder

    return make


@pytest.fixture(name="folder")
def _folder(output):
    folder = Folder()
    folder.add(
        [
            output(1, "up\nE: lock", stderr="e: lock\nfine"),
            output(2, "up\nE: lock", stderr="e: lock\nfine"),
            output(3, "all is well"),
        ]
    )
    folder.drain()
    return folder


def test_what_is_found_is_told_by_block_node_and_line(folder):
    search = searched(folder, "lock")
    (found,) = search.found
    assert [(hit.which, hit.line, hit.text, hit.start, hit.stop) for hit in found.hits] == [
        (Which.STDOUT, 1, "E: lock", 3, 7),
        (Which.STDERR, 0, "e: lock", 3, 7),
    ]
    assert (found.lines, search.lines, search.nodes, search.done) == (2, 2, 2, True)


def test_case_counts_if_the_pattern_has_a_capital(folder):
    assert searched(folder, "e:").lines == 2
    assert searched(folder, "E:").lines == 1
    assert searched(folder, r"e:\S*").lines == 2


def test_lines_begin_and_end(folder):
    assert searched(folder, "^up$").nodes == 2
    assert searched(folder, "^$").nodes == 0
    assert searched(folder, "well$").nodes == 1


@pytest.mark.parametrize("pattern", ["(", "*", "[z-a]", "a{99999999999}", "\x1b("])
def test_a_wrong_pattern_is_said_at_once(folder, pattern):
    with pytest.raises(ProblemError, match=r"regular expression") as raised:
        Search(folder, pattern)
    assert "\x1b" not in str(raised.value)


def test_a_pattern_that_takes_too_long_ends_the_search_and_is_said(make):
    search = searched(make("a" * 500 + "!"), "(a+)+$x")
    assert search.done
    assert search.problem is not None
    assert "takes too long" in search.problem.what


def test_a_long_line_in_which_every_character_begins_a_match_does_not_hold_a_slice(make):
    search = Search(make("a" * 1_000_000), "a.*b")
    began = time.thread_time()
    search.step(0.005)
    assert time.thread_time() - began < 5  # of minutes
    assert search.problem is not None


@given(
    st.text(alphabet="ab\n", max_size=300),
    st.sampled_from(["a", "ab", "b+a", "^a", "b$", "^$", "", "a|^b"]),
)
def test_long_texts_are_searched_in_pieces_and_nothing_is_missed(text, pattern):
    folder = Folder()
    node = RowKey("111122223333", "eu-west-1", "i-0abc1234")
    folder.add([Output(node=node, name="", outcome=Outcome.OK, stdout=text)])
    folder.drain()
    lines = text.split("\n") if text else []
    expected = [number for number, line in enumerate(lines) if re.search(pattern, line)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", 8)
        patch.setattr(module, "MOST_HITS", 1000)
        search = searched(folder, pattern)
    assert [hit.line for found in search.found for hit in found.hits] == expected


def test_long_lines_are_searched_in_pieces_that_overlap(output):
    folder = Folder()
    for number, place in enumerate((0, 262_140, 262_144, 262_150, 524_000, 999_000)):
        folder.add([output(number, f"{'x' * place}needle{'x' * (1_000_000 - place)}\nend")])
    folder.drain()
    search = searched(folder, "needle")
    assert search.nodes == 6
    for found in search.found:
        (hit,) = found.hits
        assert hit.text[hit.start : hit.stop] == "needle"
        assert len(hit.text) <= module.EXCERPT
    assert [found.hits[0].line for found in searched(folder, "end").found] == [1] * 6


def test_only_so_many_lines_are_kept_and_all_are_counted(output, monkeypatch):
    folder = Folder()
    folder.add(output(number, f"{number}\n" + "x\n" * 500) for number in range(5))
    folder.drain()
    monkeypatch.setattr(module, "MOST_KEPT", 250)
    search = searched(folder, "x")
    assert search.lines == 2500
    assert sum(len(found.hits) for found in search.found) == 250


def test_work_stops_when_its_time_is_over(folder):
    ticks = count()
    search = Search(folder, "up", clock=lambda: float(next(ticks)))
    assert search.step(0)
    assert not search.done
    while search.step(0):
        pass
    assert search.done


def test_outputs_may_change_meanwhile(folder, output):
    search = Search(folder, "up")
    folder.add([output(1, "new"), output(2, "new")])
    folder.drain()
    search.drain()
    assert search.found == []
