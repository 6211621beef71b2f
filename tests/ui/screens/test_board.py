"""From `r` to the board: a script on the simulated fleet, watched, folded, steered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ssmtui.ui.screens.board import BoardPage

UNEVEN = (
    "grep -q ubuntu /etc/os-release && { echo 'E: not here' >&2; exit 100; }\necho openssl 3.0.13"
)


async def test_a_script_is_run_and_its_outputs_are_folded(live: Any) -> None:
    async with live() as f:
        nodes = f.nodes()[:5]
        await f.shows(nodes)
        await f.type("*")
        await f.runs("echo openssl 3.0.13")
        await f.sees(r"DONE", r"ok 5  fail 0", r"5 exit 0 .*openssl 3\.0\.13", r"exact 5")
        (command,) = f.sent()
        assert set(command.invocations) == {node.id for node in nodes}
        assert command.request.comment.startswith("ssmtui ")


async def test_failures_come_first_and_a_block_leads_to_its_text_and_its_nodes(live: Any) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript", {"run:errors": ["100%"]}, f.world.clock.now
        )
        await f.shows(f.nodes()[:30])
        await f.runs(UNEVEN, "R")
        await f.sees("DONE", r"exit 100 .*E: not here", r"exit 0 .*openssl 3\.0\.13")
        lines = f.text.split("\n")
        at = [n for n, line in enumerate(lines) if "exit 100" in line or "exit 0 " in line]
        assert "exit 100" in lines[at[0]]
        await f.type("<enter>")
        await f.sees(r"E: not here", r"failed to run commands: exit status 100")
        await f.type("<escape>", "n")
        failed = f.app.screen.watched.state.bars.failed
        await f.sees(rf"▸ .*\b{failed}\n", "failed +100 Failed")
        await f.type("<escape>")
        await f.sees("Rollout", "outputs, failures first")


async def test_run_again_takes_the_failed_ones_with_edits(live: Any) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript", {"run:errors": ["100%"]}, f.world.clock.now
        )
        await f.shows(f.nodes()[:30])
        await f.runs(UNEVEN, "R")
        await f.sees("DONE")
        failed = {
            key.id
            for key, result in f.app.screen.watched.rollout.results.items()
            if result.bucket == "failed"
        }
        await f.type("r")
        await f.sees("Run again, with edits, on", "failed")
        await f.type("f")
        await f.sees("Ctrl-S preview", "E: not here")
        f.app.screen.query_one("ScriptArea").text = "echo better"
        await f.s.pilot.pause()
        await f.type("<ctrl+s>")
        await f.s.wait_for(lambda: f.app.screen.query("#do"))
        await f.s.wait_for(lambda: not f.app.screen.query_one("#do").disabled)
        await f.type("<tab>", "<tab>", "<enter>")
        await f.sees("DONE", r"exit 0 .*better")
        assert set(f.sent()[0].invocations) == failed


async def test_the_majority_is_what_others_are_compared_with(live: Any) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript", {"run:errors": ["100%"]}, f.world.clock.now
        )
        await f.shows(f.nodes()[:30])
        await f.runs(UNEVEN, "R")
        await f.sees("DONE")
        await f.type("D")
        await f.sees(r"- openssl 3\.0\.13|This is what most nodes gave")


async def test_outputs_are_searched_and_esc_ends_the_search_first(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:6])
        await f.runs("cat /etc/os-release; hostname", "R")
        await f.sees("DONE")
        board = f.app.screen
        await f.type("/", "PRETTY", "<enter>")
        await f.sees(r"/PRETTY +6 lines in \d outputs of 6 nodes", "PRETTY_NAME=")
        await f.type("<escape>")
        await f.sees("outputs, failures first")
        assert f.app.screen is board


async def test_held_it_sends_nothing_and_goes_on_by_hand(live: Any) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript",
            {"run:canary": ["2"], "run:by-hand": ["true"]},
            f.world.clock.now,
        )
        await f.shows(f.nodes()[:6])
        await f.runs("echo done", "R")
        await f.sees("HELD", r"wave 1/2", r"1 canary +2 +2", "Go on by hand", "g go on")
        assert len(f.sent()) == 1
        await f.type("g")
        await f.sees("DONE", r"ok 6 ")


async def test_cancelling_asks_first(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("sleep 900; echo late", "R")
        await f.sees("RUNNING", "running 3")
        await f.type("<ctrl+d>")
        await f.sees("Cancel the rollout", "3 nodes are not over", "Leave it running")
        await f.type("<enter>")
        await f.sees("RUNNING")
        await f.type("<ctrl+d>", "<tab>", "<enter>")
        await f.sees("CANCELLED", r"cancelled 3")


async def test_everything_is_saved_with_a_summary(live: Any, tmp_path: Path) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("hostname", "R")
        await f.sees("DONE")
        await f.type("<ctrl+s>")
        await f.sees("Save all outputs in")
        f.app.screen.query_one("Input").value = str(tmp_path / "out")
        await f.type("<enter>")
        await f.sees("Saved 3 outputs")
        (place,) = (tmp_path / "out").iterdir()
        summary = json.loads((place / "summary.json").read_text())
        assert summary["counts"]["ok"] == 3
        assert all((place / node["file"]).exists() for node in summary["nodes"])


async def test_leaving_the_board_leaves_the_rollout_which_is_said_when_over(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:3])
        await f.runs("sleep 30; echo slow", "R")
        await f.type("<escape>")
        assert f.app.screen is f.app.main
        await f.sees(r"Rollout \w{3} sleep 30; echo slow is done: 3 ok")
        await f.type(":rollouts", "<enter>")
        await f.sees("Rollouts", r"done +\w{3}  sleep 30; echo slow  AWS-RunShellScript", "ok 3")
        await f.type("<enter>")
        await f.sees(r"3 exit 0 .*slow")
        assert isinstance(f.app.screen, BoardPage)


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        (r"printf '\033[2J\033]0;title\007[/]a'", r"␛\[2J␛\]0;title␇\[/\]a"),
        ("echo Yf/+Yg== | base64 -d", "a\ufffd\ufffdb"),
        (r"head -c 1000000 /dev/zero | tr '\0' x", "x{40}"),
        ("true", r"\(no output\)"),
    ],
)
async def test_hostile_outputs_are_shown_and_break_nothing(
    live: Any, script: str, shown: str
) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.type("*")
        await f.runs(script)
        await f.sees("DONE", "ok 2", f"2 exit 0 .*{shown}")
        await f.type("<enter>")
        await f.sees("Esc back", "no output" if script == "true" else shown)
        await f.type("<escape>", "/", "x+y", "<enter>")
        await f.sees("/x\\+y")
        await f.type("<escape>", "N")
        await f.sees("2 .*ok|ok .*0")


async def test_without_a_block_its_keys_say_what_is_missing(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("sleep 900", "R")
        await f.sees("RUNNING", "running 2", "No output yet")
        await f.type("n")
        await f.sees("There is no block to list")
        await f.type("o")
        await f.sees("No output has been read")
