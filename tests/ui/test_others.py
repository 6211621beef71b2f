"""Commands that somebody else has sent: on a board of their own, and run again with edits."""

from __future__ import annotations

from typing import Any

import pytest

from ssmtui.aws.mode import Mode
from ssmtui.core.secret import MASK
from ssmtui.resources.commands import commands
from ssmtui.resources.nodes import nodes
from ssmtui.ui.screens.board import BoardPage

RESOURCES = (nodes(), commands())


async def sends(f: Any, script: str, count: int = 3, **rest: Any) -> str:
    """Somebody else sends a command; its id, with the cursor of the Commands pane on it."""
    request = {
        "DocumentName": "AWS-RunShellScript",
        "Comment": "theirs",
        "Parameters": {"commands": script.split("\n")},
        **({"InstanceIds": [node.id for node in f.nodes()[:count]]} if count else {}),
        **rest,
    }
    change = await f.fleet.scopes[0].change("ssm", "SendCommand", request, intent="theirs")
    command_id: str = change.answer["Command"]["CommandId"]
    await f.type("5")
    await f.app.main.pane.set_filter(f"id={command_id}")
    await f.s.settle()
    await f.s.wait_for(lambda: f.app.main.pane.row is not None)
    return command_id


async def test_enter_opens_the_same_board_that_sends_and_records_nothing(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        command_id = await sends(f, "uname -s")
        await f.type("<enter>")
        await f.sees(f"Command {command_id[:8]}", "theirs", "DONE", "ok 3", "Linux")
        assert "sender unknown" in f.text
        assert "hold" not in f.text
        assert f.app.rolling.all == ()
        assert not list(f.app.rolling.records.folder.glob("*"))
        await f.type("<escape>")
        assert f.app.main.resource.name == "commands"
        assert f.app.main.pane.row.id == command_id
        assert f.app.rolling.others._watched == set()


async def test_a_board_of_anothers_command_cancels_it(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        await sends(f, "sleep 100000")
        await f.type("<enter>")
        await f.sees("RUNNING", "running 3")
        await f.type("<ctrl+d>")
        await f.sees("Cancel command", "3 nodes are not over", "Leave it running")
        await f.type("<tab>", "<enter>")
        await f.sees("CANCELLED", "cancelled 3")


async def test_what_the_mode_forbids_is_not_offered_on_it(live: Any) -> None:
    async with live(fleet={"mode": Mode.LOOK}, resources=RESOURCES) as f:
        await f.type("5")
        await f.s.settle()
        assert "r run again" not in f.text
        await f.type("<enter>")
        await f.sees("Command [0-9a-f]{8}")
        assert isinstance(f.app.screen, BoardPage)
        for action in ("hold", "go_on", "cancel_rollout", "run_again"):
            assert f.app.screen.check_action(action, ()) is False


async def test_quitting_lets_go_of_it_without_a_question(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        await sends(f, "sleep 100000")
        await f.type("<enter>")
        await f.sees("RUNNING")
        assert f.app.rolling.after_quitting == []
        assert not f.app.rolling.sending


async def test_r_fills_the_form_with_what_the_command_was(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        await sends(f, "uname -s\nuptime", MaxConcurrency="2", MaxErrors="1", TimeoutSeconds=900)
        await f.type("r")
        await f.sees("AWS-RunShellScript on 3 nodes", "uname -s", "uptime", "theirs")
        await f.sees("2 at a time; stops after the 2nd failure", "begins within 15m")
        area = f.app.screen.query_one("ScriptArea")
        area.text = "hostname"
        await f.s.pilot.pause()
        await f.type("<ctrl+s>")
        await f.sees("Run on 3")
        await f.s.wait_for(lambda: not f.app.screen.query_one("#do").disabled)
        await f.type("<tab>", "<tab>", "<enter>")
        await f.sees("Rollout [0-9a-f]{3}", "DONE", "ok 3")
        ours, theirs = f.sent()
        assert list(ours.invocations) == list(theirs.invocations)
        assert ours.request.parameters["commands"] == ("hostname",)
        assert (str(ours.request.max_errors), ours.request.delivery_timeout) == ("1", 900)


async def test_a_masked_secret_is_not_sent(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        await sends(f, "deploy --password hunter22")
        await f.type("r")
        await f.sees("AWS-RunShellScript on 3 nodes", MASK, "holds a secret that is masked here")
        assert "hunter22" not in f.text
        await f.type("<ctrl+s>")
        await f.sees("holds a secret that is masked here")
        assert "Run on 3" not in f.text
        f.app.screen.query_one("ScriptArea").text = "deploy --password $PASSWORD"
        await f.s.wait_for(lambda: "holds a secret" not in f.text)
        await f.type("<ctrl+s>")
        await f.sees("Run on 3")


async def test_tags_are_asked_of_the_service_again(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        role = f.nodes()[0].tags["Role"]
        await sends(f, "true", 0, Targets=[{"Key": "tag:Role", "Values": [role]}])
        await f.type("r")
        await f.sees(f"AWS-RunShellScript on tag:Role={role}", "the service finds the nodes")


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ([{"Key": "InstanceIds", "Values": ["*"]}], "It was sent to every node"),
        ([{"Key": "tag:Team", "Values": ["a b"]}], "hold spaces or commas"),
    ],
)
async def test_targets_that_the_form_cannot_hold_are_said(
    live: Any, targets: Any, words: str
) -> None:
    async with live(resources=RESOURCES) as f:
        await sends(f, "true", 0, Targets=targets)
        await f.type("r")
        await f.sees(words)
        assert f.app.screen is f.app.main


async def test_nodes_that_are_no_more_are_left_out_and_said(live: Any) -> None:
    async with live(resources=RESOURCES) as f:
        gone = f.nodes()[2]
        await sends(f, "true")
        store = f.app.feed(RESOURCES[0]).store
        store.apply(gone=[key for key in store.keys if key.id == gone.id])
        await f.type("r")
        await f.sees("AWS-RunShellScript on 2 nodes", "Left out: 1 node that is not in the nodes")
