"""The explorer as a whole, in two verbs: type keys, read the screen."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.ui.launch import Launch


async def test_it_opens_on_everything(explorer) -> None:
    async with explorer.open() as s:
        first, second, third, *_ = s.text.split("\n")
        assert "PROD" in first
        assert "3 acct x 2 Regions  ops  connect mode" in first
        assert "❶Nodes" in second
        assert second.endswith("240  0s")
        assert third.endswith("lost 24  stopped 31")
        assert "F forward  w why  d describe  y yaml" in s.text.split("\n")[-1]


async def test_the_first_paint_does_not_wait_for_the_connection(explorer) -> None:
    explorer.fleet.gate.clear()
    async with explorer.open(wait=False) as s:
        for _ in range(5):
            await s.pilot.pause()
        assert "❶Nodes" in s.text
        assert "loading" in s.text
        # `:`, Esc and `:q` work at any moment.
        await s.pilot.press("colon", "q", "enter")
        await s.pilot.pause()
        assert not s.app.is_running


async def test_threads_give_way_to_the_loop_soon(explorer) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        async with explorer.open():
            assert sys.getswitchinterval() == pytest.approx(0.001)
    finally:
        sys.setswitchinterval(before)


async def test_the_snapshot_is_shown_stale_and_then_replaced(explorer) -> None:
    async with explorer.open():
        pass
    explorer.clock.now += 120
    explorer.fleet.gate.clear()
    async with explorer.open(wait=False) as s:
        await s.wait_for(lambda: len(s.app.feed(s.app.main.resource).store) == 240)
        s.app.main.touch()
        await s.pilot.pause()
        assert "stale 2m" in s.text
        assert "api-0001" in s.text
        explorer.fleet.gate.set()
        await s.settle()
        assert "stale" not in s.text


async def test_a_connection_that_fails_is_said_with_its_remedy_and_can_be_tried_again(
    explorer,
) -> None:
    explorer.fleet.connect_problem = Problem(
        ProblemKind.CREDENTIALS, "The profile dev has no credentials", "Run aws configure"
    )
    async with explorer.open() as s:
        assert "not connected" in s.text
        assert "The profile dev has no credentials" in s.text
        assert "Run aws configure" in s.text
        explorer.fleet.connect_problem = None
        await s.type("<ctrl+r>")
        assert "api-0001" in s.text


@pytest.mark.parametrize("lost", [1, 3])
async def test_a_start_without_credentials_keeps_the_snapshot(explorer, lost) -> None:
    async with explorer.open():
        pass
    expired = Problem(ProblemKind.EXPIRED, "The credentials have expired")
    explorer.fleet.unresolved = {scope.key: expired for scope in explorer.fleet.scopes[:lost]}
    for _ in range(2):  # the start after it has the same to show
        explorer.clock.now += 60
        async with explorer.open(wait=False) as s:
            feed = s.app.feed(s.app.main.resource)
            await s.wait_for(lambda: s.app.contexts.resolved)
            if lost < 3:
                await s.settle()
            s.app.main.touch()
            await s.pilot.pause()
            assert len(feed.store) == 240
            assert "stale" in s.text
            assert "expired" in s.text


async def test_a_denied_scope_is_counted_and_the_rest_stays(explorer) -> None:
    scope = explorer.fleet.scopes[0].key
    explorer.fleet.problems[scope] = Problem(
        ProblemKind.DENIED, "dev may not list nodes", scope=scope
    )
    async with explorer.open() as s:
        assert "!1 denied" in s.text
        assert "160" in s.text.split("\n")[1]
        await s.type("!")
        assert "dev may not list nodes" in s.text


async def test_what_a_list_lacks_is_said_and_everything_else_goes_on(explorer) -> None:
    scope = explorer.fleet.scopes[0].key
    explorer.fleet.lacking[scope] = Problem(
        ProblemKind.DENIED, "The list of dev lacks terminated nodes", "Ask for a policy", "", ""
    )
    async with explorer.open() as s:
        assert "!1 denied" in s.text
        assert "240" in s.text.split("\n")[1]
        s.app.main.pane.require_whole()  # of what can be acted on nothing is missing
        await s.type(":ctx", "<enter>")
        assert "The list of dev lacks terminated nodes. Ask for a policy." in s.text
        assert s.text.count("complete") == 3


async def test_the_first_command(explorer) -> None:
    async with explorer.open(command=":no Env=prod @dev") as s:
        assert "40/80" in s.text.split("\n")[1]
        assert "Nodes ▸ Env=prod @dev" in s.text
        assert "dev eu-west-1" in s.text


async def test_an_unknown_command_is_one_sentence(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":nodse", "<enter>")
        assert "There is no command :nodse. Did you mean :nodes" in " ".join(s.text.split())


async def test_a_key_for_no_action_is_said_with_its_line(explorer) -> None:
    file = explorer.folder / "config" / "config.toml"
    file.parent.mkdir()
    file.write_text('theme = "night"\n\n[keys]\ndescirbe = "f3"\n')
    async with explorer.open(config={"keys": {"descirbe": "f3"}}) as s:
        assert next(iter(s.app.notices)).text == (
            "config.toml line 4: keys.descirbe: there is no action of that name. "
            "Did you mean describe."
        )


async def test_columns_and_themes_that_are_not_there_are_said(explorer) -> None:
    async with explorer.open(config={"theme": "nope", "columns": {"nodes": ["pnig"]}}) as s:
        said = " ".join(notice.text for notice in s.app.notices)
        assert "there is no theme 'nope'" in said
        assert "columns.nodes: there is no column pnig" in said


async def test_keys_in_one_burst_are_taken_in_order(explorer) -> None:
    async with explorer.open() as s:
        # All at once, as a pasted line or a fast hand gives them.
        for key in ("colon", "c", "t", "x"):
            s.app.post_message(key_event(key))
        await s.settle()
        assert s.text.split("\n")[-2].strip() == ":ctx"


async def test_a_line_takes_keys_in_one_burst_in_order(explorer) -> None:
    async with explorer.open() as s:
        for key in ("slash", "x", "ctrl+u", "w", "e", "x", "backspace", "b", "enter"):
            s.app.post_message(key_event(key))
        await s.settle()
        assert s.app.main.pane.filter == "web"


async def burst(s, *keys: str) -> None:
    """Keys all at once, before any of them has done its work."""
    for key in keys:
        s.app.post_message(key_event(key))
    await s.settle()


async def test_keys_behind_enter_go_where_the_focus_goes(explorer) -> None:
    async with explorer.open() as s:
        await burst(s, "slash", *"web", "enter", "j", "j")
        main = s.app.main
        assert (main.pane.filter, main.prompt.line.value) == ("web", "web")
        assert main.pane.table.cursor_line == 2
        await burst(s, "colon", *"no", "space", *"batch", "enter", "j")
        assert (main.pane.filter, main.pane.table.cursor_line) == ("batch", 1)


async def test_a_line_behind_a_line_in_one_burst(explorer) -> None:
    async with explorer.open() as s:
        lines = ("colon", *"no", "space", *"web", "enter", "slash", "ctrl+u", *"batch", "enter")
        await burst(s, *lines, "j")
        assert (s.app.main.pane.filter, s.app.main.pane.table.cursor_line) == ("batch", 1)


async def test_a_wrong_line_takes_what_was_typed_behind_it(explorer) -> None:
    async with explorer.open() as s:
        await burst(s, "slash", *"web(", "enter", "backspace", "x")
        assert s.app.main.prompt.line.value == "webx"
        assert s.app.main.prompt.is_open


def key_event(key: str):
    from textual import events

    named = {"colon": ":", "slash": "/", "space": " "}
    return events.Key(key, named.get(key, key if len(key) == 1 else None))


async def test_ctrl_c_says_how_to_quit_and_twice_quits(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+c>")
        assert "Press Ctrl-C again or :q to quit" in s.text
        explorer.clock.now += 60
        await s.type("<ctrl+c>")
        assert s.app.is_running
        await s.pilot.press("ctrl+c")
        await s.pilot.pause()
        assert not s.app.is_running


async def test_textual_s_own_quit_is_off(explorer) -> None:
    async with explorer.open() as s:
        await s.type("<ctrl+q>")
        assert s.app.is_running


async def test_history(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":no Env=prod", "<enter>", ":no Env=dev", "<enter>")
        assert "▸ Env=dev" in s.text
        await s.type("[")
        assert "▸ Env=prod" in s.text
        await s.type("]")
        assert "▸ Env=dev" in s.text
        await s.type("-")
        assert "▸ Env=prod" in s.text


async def test_remapped_keys(explorer) -> None:
    async with explorer.open(config={"keys": {"help": "f9", "nonsense": "x"}}) as s:
        assert "keys.nonsense" in s.text
        assert "F9 help" in s.text
        await s.type("<f9>")
        assert "On nodes" in s.text
        await s.type("<escape>", "?")
        assert "On nodes" not in s.text


async def test_a_crowd_of_problems_is_one_toast_and_each_stands_in_the_log(explorer) -> None:
    scope = explorer.fleet.scopes[0].key
    async with explorer.open() as s:
        for number in range(5):
            s.app.report(Problem(ProblemKind.EXPIRED, f"Expired {number}", "Log in", scope=scope))
        await s.settle()
        assert len(s.app._notifications) == 1
        assert "and 4 more like it" in " ".join(s.text.split())
        await s.type("!")
        assert len(s.app._notifications) == 0
        assert all(f"Expired {number}" in s.text for number in range(5))


async def test_sorting_by_a_column_s_name(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":sort seen", "<enter>")
        assert s.app.main.pane.table.sorting[:2] == ("seen", False)
        await s.type(":sort seen", "<enter>")
        assert s.app.main.pane.table.sorting[:2] == ("seen", True)
        await s.type(":sort nothing", "<enter>")
        assert "There is no column" in next(iter(s.app.notices)).text


async def test_arming_shows_the_countdown(explorer) -> None:
    async with explorer.open() as s:
        await s.type(":arm 15m", "<enter>")
        assert "armed 15:00" in s.text
        await s.type(":arm off", "<enter>")
        assert "connect mode" in s.text
        await s.type(":arm 15", "<enter>")
        assert "is not a duration" in s.text


async def test_what_was_typed_is_kept_between_runs(explorer) -> None:
    async with explorer.open() as s:
        await s.type("/Env=prod", "<enter>")
    async with explorer.open() as s:
        await s.type("/", "<up>")
        assert s.text.split("\n")[-2].strip().startswith("/Env=prod")


async def test_a_bug_in_a_worker_is_a_report_and_not_the_end(explorer, tmp_path) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    async with explorer.open() as s:
        s.app.work(broken, "breaking")
        await s.settle()
        assert "ZeroDivisionError" in s.text
    assert len(list((tmp_path / "state" / "crashes").iterdir())) == 1


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5), (200, 50)])
async def test_any_size(explorer, size) -> None:
    async with explorer.open(size=size) as s:
        assert len(s.text.split("\n")) == size[1]
        await s.pilot.resize_terminal(90, 20)
        await s.settle()
        assert "❶Nodes" in s.text


async def test_importing_the_app_imports_nothing_of_aws() -> None:
    code = (
        "import sys, ssmtui.ui.app;"
        "heavy = {'botocore', 'aiobotocore', 'boto3', 'aiohttp', 'yaml', 'pyperclip', 'click'};"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_launch_finds_its_resources(explorer) -> None:
    launch: Launch = explorer.launch()
    assert launch.find("no") is launch.resources[0]
    assert launch.find("nothing") is None


async def test_nothing_is_listed_for_a_screen_that_nobody_sees(explorer) -> None:
    async with explorer.open() as s:
        feed = s.app.main.pane.feed
        before = explorer.fleet.listings
        with s.app.unseen():
            await s.pilot.press("ctrl+r")
            await s.pilot.pause()
            assert explorer.fleet.listings == before
        await s.settle()
        await s.wait_for(lambda: explorer.fleet.listings == before + 1)
        assert feed.seen.is_set()
