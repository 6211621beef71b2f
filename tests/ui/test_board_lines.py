"""The board's lines, from values alone."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.core.folding import Folder, Outcome, Output
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.rollouts.state import (
    Bars,
    BudgetState,
    Phase,
    RolloutState,
    ScopeState,
    WavePhase,
    WaveState,
)
from ssmtui.ui import board_lines as lines

SCOPE = ScopeKey("111122223333", "eu-west-1")


def a_wave(number: int, title: str, phase: WavePhase, bars: Bars, gate: str = "") -> WaveState:
    return WaveState(number=number, title=title, phase=phase, bars=bars, gate=gate)


def a_state(**given: Any) -> RolloutState:
    values: dict[str, Any] = {
        "id": "7f3a91c2",
        "title": "openssl fix",
        "phase": Phase.RUNNING,
        "bars": Bars(waiting=167, running=18, ok=208, failed=3, no_answer=4),
        "waves": (
            a_wave(1, "canary", WavePhase.PASSED, Bars(ok=5), "5 of 5 succeeded, soaked 10m"),
            a_wave(2, "to 60%", WavePhase.RUNNING, Bars(ok=203, failed=3, running=18)),
        ),
        "scopes": (ScopeState(key=SCOPE, name="shop", bars=Bars(ok=208), expires=2460.0),),
        "calls": (),
        "budget": BudgetState(5, 3, 18),
        "left_out": 12,
    }
    return RolloutState(**{**values, **given})


def text(parts: Any) -> str:
    return "  ".join(part for part, _ in parts)


def block(outcome: Outcome = Outcome.FAILED, count: int = 3, **given: Any) -> tuple[Folder, Any]:
    folder = Folder()
    folder.add(
        Output(node=RowKey(*SCOPE, f"i-{n}"), name=f"web-{n:03d}", outcome=outcome, **given)
        for n in range(count)
    )
    folder.drain()
    return folder, folder.blocks()[0]


def test_the_title_says_which_rollout_is_how_far() -> None:
    said = text(lines.title_parts(a_state(), "ops@shop-prod"))
    assert said == "Rollout 7f3  openssl fix  ops@shop-prod  RUNNING  wave 2/2"


def test_counts_are_words_and_what_there_is_none_of_is_left_out() -> None:
    said = text(lines.count_parts(a_state().bars, 12))
    assert said == "ok 208  fail 3  running 18  no answer 4  waiting 167  frozen out 12"
    assert text(lines.count_parts(Bars(), 0)) == "ok 0  fail 0  running 0"


@pytest.mark.parametrize(
    ("counts", "sizes"),
    [
        ([1, 1], [5, 5]),
        ([999, 1], [9, 1]),
        ([0, 7], [0, 10]),
        ([0, 0], [0, 0]),
        ([100, 1, 1, 1], [7, 1, 1, 1]),
    ],
)
def test_what_there_is_has_a_cell_of_the_bar(counts: list[int], sizes: list[int]) -> None:
    assert lines.shared_out(counts, 10) == sizes


def test_the_bar_fills_its_width() -> None:
    bar = lines.bar_parts(a_state().bars, 40)
    assert sum(len(part) for part, _ in bar) == 40
    assert lines.bar_parts(Bars(), 12) == [("░" * 12, lines.MUTED)]


def test_the_pace_is_said_while_it_runs_and_the_time_when_it_is_over() -> None:
    running = a_state(per_minute=52.4, seconds_left=240.0)
    assert lines.pace_words(running) == "53%  52 a minute  4m left"
    assert lines.pace_words(a_state(started=0.0, ended=90.0)) == "53%  took 1m"


def test_the_budget_says_what_may_still_come_and_how_long_credentials_last() -> None:
    said = text(lines.budget_parts(a_state(), 0.0))
    assert said.startswith("failures 3 of 5 allowed")
    assert "if stopped now up to 18 more finish" in said
    assert said.endswith("credentials 41m")
    assert "expired" in text(lines.budget_parts(a_state(), 9999.0))


def test_waves_and_scopes_are_lines_of_a_table() -> None:
    first, second = lines.table_rows(a_state(), "wave", 0.0)
    assert "".join(part for part, _ in first).split() == [
        "1", "canary", "5", "5", "0", "0", "0", "5", "of", "5", "succeeded,", "soaked", "10m",
        "passed",
    ]  # fmt: skip
    assert second[-1] == ("running", lines.BUSY)
    (scope,) = lines.table_rows(a_state(), "scope", 0.0)
    assert "".join(part for part, _ in scope).startswith("shop eu-west-1 ")


def test_a_long_table_shows_the_part_that_matters() -> None:
    rows = [[(str(number), "")] for number in range(20)]
    shown, more = lines.window(rows, 10, 6)
    assert more == 14
    assert [("10", "")] in shown
    assert len(shown) == 6


def test_a_block_is_one_line_of_the_whole_width() -> None:
    folder, found = block(exit_code=100, status="Failed", stderr="E: no lock\nmore", stdout="hi")
    head = lines.head_words(found, *map(folder.text, (found.stdout, found.stderr)))
    assert head == "E: no lock"
    parts = lines.block_parts(found, "web-[000-002]", head, 0, 80)
    line = "".join(part for part, _ in parts)
    assert line.split() == ["3", "exit", "100", "web-[000-002]", "E:", "no", "lock"]
    assert len(line) == 80


def test_what_others_begin_with_too_tells_nothing() -> None:
    _, found = block(Outcome.OK, exit_code=0)
    usual = frozenset(("NAME=Amazon", "ID=amzn"))
    assert lines.head_words(found, "NAME=Amazon\n\nVERSION=2\n", "", usual) == "VERSION=2"
    assert lines.head_words(found, "NAME=Amazon\nID=amzn", "", usual) == "NAME=Amazon"
    assert lines.head_words(found, "", "", usual) == "(no output)"


def near(count: int, stdout: str = f"NAME\n{'x' * 92}", **given: Any) -> Any:
    """A folder, and its block of nodes that print the same but for their names in place of NAME."""
    folder = Folder(near=True)
    folder.add(
        Output(
            node=RowKey(*SCOPE, f"i-{n}"),
            name=f"web-{n:03d}",
            outcome=Outcome.OK,
            stdout=stdout.replace("NAME", f"web-{n:03d}"),
            **given,
        )
        for n in range(count)
    )
    folder.drain()
    (found,) = folder.blocks()
    return folder, found


def test_a_nodes_own_line_does_not_tell_its_block_from_others() -> None:
    folder, found = near(3, "OS=Amazon\nNAME\nVERSION=2", exit_code=0)
    text = folder.text(found.stdout)
    assert lines.head_words(found, text, "", frozenset(("OS=Amazon",))) == "VERSION=2"


def test_the_folder_of_the_agent_is_no_news() -> None:
    _, found = block(exit_code=2, status="Failed")
    path = "/var/lib/amazon/ssm/i-1/document/orchestration/2/x/0.y/_script.sh: line 2: syntax error"
    assert lines.head_words(found, "", path) == "_script.sh: line 2: syntax error"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"status": "Failed", "exit_code": 7}, ["exit", "7"]),
        ({"status": "Failed", "exit_code": 0}, ["failed"]),
        ({"status": "ExecutionTimedOut", "exit_code": 1}, ["timed", "out"]),
    ],
)
def test_a_failed_block_never_looks_like_a_success(given: dict[str, Any], words: list[str]) -> None:
    _, found = block(**given)
    line = "".join(part for part, _ in lines.block_parts(found, "web", "head", 0, 80))
    assert line.split() == ["3", *words, "web", "head"]


@pytest.mark.parametrize(
    ("given", "head"),
    [
        ({"exit_code": 7, "status": "Failed"}, "(no output)"),
        ({"exit_code": 0, "status": "Failed"}, "failed, exit code 0 (no output)"),
        (
            {"outcome": Outcome.CANCELLED, "exit_code": 137, "status": "Cancelled"},
            "cancelled, exit code 137 (no output)",
        ),
        ({"outcome": Outcome.CANCELLED, "status": "Cancelled"}, "cancelled (no output)"),
        ({"outcome": Outcome.OK, "exit_code": 0}, "(no output)"),
    ],
)
def test_blocks_without_output_are_told_by_how_they_ended(given: dict[str, Any], head: str) -> None:
    _, found = block(**given)
    assert lines.head_words(found, "", "") == head


def test_what_was_added_to_an_output_tells_less_than_the_output() -> None:
    _, found = block(exit_code=1, status="Failed")
    assert lines.head_words(found, "", "== linux ==\nE: no lock\n== two ==\n") == "E: no lock"
    assert lines.head_words(found, "== alone ==\n", "") == "== alone =="
    cut = "1\n2\n---Output truncated---\n"
    assert lines.head_words(found, cut, "", frozenset(("1", "2"))) == "1"


def test_hostile_texts_are_made_safe() -> None:
    folder, found = block(Outcome.OK, 1, exit_code=0, stdout="\x1b[31mred\u202e")
    head = lines.head_words(found, folder.text(found.stdout), "")
    assert "\x1b" not in head
    assert "\u202e" not in head
    assert lines.trouble_words(a_state(sentence="a\x1bb")) == "a␛b"


def test_the_tally_counts_nodes_and_says_of_which_only_heads_are_known() -> None:
    _, heads = block(Outcome.OK, 4, exit_code=0, stdout="x", stdout_cut=True)
    _, exact = block(Outcome.OK, 2, exit_code=0, stdout="x")
    assert lines.tally_words([heads, exact]) == "exact 2 · same first 1 characters 4"
    (_, alike), (_, alike_heads) = near(3), near(5, stdout_cut=True)
    assert lines.tally_words([alike_heads]) == "alike in the first 100 characters 5"
    assert lines.tally_words([alike, alike_heads, exact]) == (
        "exact 2 · alike 3 · alike in the first 100 characters 5"
    )
    signs = [lines.sign_words(each) for each in (exact, heads, alike, alike_heads)]
    assert signs == ["  ", " …", "~ ", "~…"]
