"""Rollouts behind the screen: refused where they must be, taken up again, said when quitting."""

from __future__ import annotations

import asyncio
from typing import Any

from ssmtui.aws.mode import Mode
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.commands import commands
from ssmtui.resources.nodes import nodes
from ssmtui.rollouts import conduct, dispatch
from ssmtui.rollouts.state import Bars, CallPhase, Phase
from ssmtui.ui.notices import Level
from ssmtui.ui.rolling import end_level, end_words
from tests.ui.test_board_lines import a_state


def test_an_ending_says_what_became_of_the_nodes() -> None:
    done = a_state(phase=Phase.DONE, bars=Bars(ok=3, no_answer=1))
    assert end_words(done) == "Rollout 7f3 openssl fix is done: 3 ok, 1 without an answer"
    assert end_level(done) is Level.WARNING
    assert end_level(a_state(phase=Phase.DONE, bars=Bars(ok=3))) is Level.INFORMATION


async def test_what_the_mode_forbids_is_not_offered(live: Any) -> None:
    async with live(fleet={"mode": Mode.CONNECT}) as f:
        assert "r run" not in f.text
        await f.type("r")
        assert f.app.screen is f.app.main
        await f.type(":run", "<enter>")
        said = [notice.text for notice in f.app.notices]
        assert said[0].startswith(":run needs change mode, and shop-dev is in connect mode: ")
        assert said[1].startswith("r (run) needs change mode, and shop-dev is in connect mode: ")


async def test_everything_shown_is_refused_over_a_list_that_is_not_whole(explorer: Any) -> None:
    shop = explorer.fleet
    dev = shop.scopes[0]
    shop.problems[dev.key] = Problem(ProblemKind.DENIED, "dev may not be listed", "Ask")
    async with explorer.open(size=(140, 30)) as s:
        await s.type(":arm", "<enter>", "R")
        assert "The list of dev is not whole" in " ".join(s.text.split())
        assert s.app.screen is s.app.main


async def test_marked_nodes_that_are_hidden_are_listed_apart(live: Any) -> None:
    async with live() as f:
        nodes = f.nodes()[:4]
        await f.shows(nodes)
        await f.type("*")
        await f.shows(nodes[:1])
        await f.fills("true")
        await f.type("<ctrl+s>")
        await f.sees("on 4 nodes", r"3 of them hidden by the filter")


async def test_what_was_typed_stays_when_the_form_is_given_up(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await f.fills("echo not lost")
        f.app.screen.query_one("#cancel").press()
        await f.s.wait_for(lambda: f.app.screen is f.app.main)
        assert [notice.text for notice in f.app.notices] == [
            "What was typed is kept for the next time"
        ]
        await f.type("r")
        await f.sees("Run on")
        await f.type("<enter>")
        await f.sees("echo not lost")


async def test_a_rollout_goes_on_in_another_run_and_quitting_says_so(
    live: Any, explorer: Any, tmp_path: Any
) -> None:
    async with live() as f:
        f.app.rolling.remembered.keep_values(
            "AWS-RunShellScript",
            {"run:canary": ["1"], "run:by-hand": ["true"]},
            f.world.clock.now,
        )
        await f.shows(f.nodes()[:3])
        await f.runs("echo once", "R")
        await f.sees("HELD")
        await f.type(":q", "<enter>")
        await f.sees("Quit while a rollout is being sent", "nothing is sent to the other 2 nodes")
        await f.type("<enter>")
        assert f.app.is_running
        # As a kill would: nobody says goodbye, the lock goes with the program.
        watched = f.app.rolling.all[0]
        watched.close()
        await watched.rollout.leave()
        f.app.rolling._watched.clear()
        await f.app.take_up_rollouts()
        await f.sees(r"was\s+taken\s+up\s+again|taken up again")
        await f.type("<escape>", ":rollouts", "<enter>", "<enter>")
        await f.sees("HELD", "ok 1", "Go on by hand")
        await f.type("g")
        await f.sees("DONE", "ok 3")
        reached = [node for command in f.sent() for node in command.invocations]
        assert len(reached) == len(set(reached)) == 3


async def test_quitting_leaves_the_words_for_the_terminal(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("sleep 900", "R")
        await f.sees("running 2")
        await f.app.end_sessions()
        assert f.app.exit_words.endswith("1 call on 2 nodes goes on at the service.")


async def test_quitting_waits_for_the_call_that_is_on_its_way(live: Any, monkeypatch: Any) -> None:
    answered, send_call = asyncio.Event(), dispatch.send_call

    async def slow(*args: Any, **given: Any) -> Any:
        await answered.wait()
        return await send_call(*args, **given)

    monkeypatch.setattr(dispatch, "send_call", slow)
    monkeypatch.setattr(conduct, "ON_ITS_WAY", 2000.0)
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await f.runs("echo there", "R")
        rollout = f.app.rolling.all[0].rollout
        await f.s.wait_for(lambda: rollout.on_its_way)
        await f.type(":q", "<enter>")
        await f.sees("Quit while a rollout is being sent")
        await f.s.pilot.press("tab", "enter")
        await f.s.wait_for(lambda: len(f.app.notices))
        (notice,) = f.app.notices
        assert notice.text == "Waiting for a call that is on the way, 2000 seconds at most"
        answered.set()
        async with asyncio.timeout(20):
            while not f.app.exit_words:
                await asyncio.sleep(0.01)
        assert [call.phase for call in rollout.state.calls] == [CallPhase.SENT]
        assert f.app.exit_words.endswith("1 call on 2 nodes goes on at the service.")


async def test_what_was_sent_is_soon_among_the_commands(live: Any) -> None:
    async with live(resources=(nodes(), commands())) as f:
        await f.type("5", "1")
        await f.shows(f.nodes()[:1])
        await f.runs("sleep 1000000")
        await f.sees("RUNNING", "running 1")
        await f.type("<escape>", "5")
        f.world.clock.advance(10)
        await f.app.main.running.look()
        await f.sees("running .* rollout [0-9a-f]{8} .*sleep 1", r"running \d+ \(")
