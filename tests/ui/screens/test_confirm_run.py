"""The confirmation: Cancel in focus, everything read anew, production asks for its name."""

from __future__ import annotations

from typing import Any

from ssmtui.aws.gateway import ContextPolicy
from ssmtui.local.config import Config, Freeze

PRODUCTION = {"dev": ContextPolicy(production=True)}


async def preview(f: Any, script: str = "true", key: str = "r") -> None:
    await f.fills(script, key)
    await f.type("<ctrl+s>")
    await f.sees("Dry run", r"rate ")
    await f.s.wait_for(lambda: "reading tags" not in f.text)


async def test_enter_alone_runs_nothing(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await preview(f, key="R")
        assert f.app.focused.id == "cancel"
        await f.type("<enter>")
        await f.sees("Ctrl-S preview")  # the form is there again, with what was typed
        assert f.app.screen.query_one("ScriptArea").text == "true"
        assert f.sent() == []


async def test_offline_nodes_are_named_and_may_be_left_out(live: Any) -> None:
    async with live() as f:
        offline = [n for n in f.world.nodes.values() if n.managed and n.ping == "ConnectionLost"][
            :1
        ]
        await f.shows([*f.nodes()[:2], *offline])
        await preview(f, key="R")
        await f.sees("offline +1: ", "send to them too", "Run on 3", "on 3 nodes", r"nodes +3: ")
        await f.type("<tab>", "<tab>", "<tab>", "<space>")
        await f.sees("leave them out", "Run on 2", "on 2 nodes", r"nodes +2: ", "eu-west-1 2")


async def test_a_dry_run_shows_the_lines_and_sends_nothing(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:2])
        await preview(f, "echo dry", "R")
        await f.type("<tab>", "<enter>")
        await f.sees("Dry run: nothing is sent", "# wave 1", "aws ssm send-command", "echo dry")
        await f.type("<escape>")
        await f.sees("Run on 2")
        assert f.sent() == []


async def test_production_asks_for_the_accounts_alias(live: Any) -> None:
    async with live(fleet={"contexts": PRODUCTION}) as f:
        await f.type(":arm", "<enter>")
        await f.shows(f.nodes()[:1])
        await preview(f)
        scope = f.fleet.scopes[0]
        word = scope.alias or scope.name
        await f.sees(f"Type {word} to go on")
        button = f.app.screen.query_one("#do")
        assert button.disabled
        f.app.screen.query_one("#word").value = word
        await f.s.wait_for(lambda: not button.disabled)


async def test_a_freeze_is_left_out_and_overridden_only_for_a_reason(live: Any) -> None:
    # A calendar that cannot be read counts as closed.
    freezes = {"year-end": Freeze(calendars=["no-such-calendar"])}
    config = {"freezes": freezes}
    assert Config(**config).freezes
    async with live(config=config) as f:
        await f.shows(f.nodes()[:2])
        await preview(f, key="R")
        await f.sees("freeze +year-end", "frozen +2: ", "leave them out", "There are no nodes")
        assert f.app.screen.query_one("#do").disabled
        await f.type("<tab>", "<tab>", "<space>")
        await f.sees("override the freeze", "overridden for a reason")
        f.app.screen.query_one("#reason").value = "outage 42"
        await f.s.wait_for(lambda: not f.app.screen.query_one("#do").disabled)


async def test_a_freeze_holds_for_what_the_service_finds_as_well(live: Any) -> None:
    freezes = {"year-end": Freeze(calendars=["no-such-calendar"], filter="Env=prod")}
    async with live(config={"freezes": freezes}) as f:
        await f.shows(f.nodes()[:2])
        await f.fills("true", "R")
        await f.type("<ctrl+o>", "2")
        await f.sees("Instead of these nodes")
        await f.type("tag:Role=web", "<ctrl+s>")
        await f.sees("the service finds the nodes")
        await f.type("<ctrl+s>")
        await f.s.wait_for(lambda: "reading tags" not in f.text)
        await f.sees("freeze +year-end", "cannot be judged", "frozen +1: ", "no account and Region")
        assert f.app.screen.query_one("#do").disabled
        await f.type("<tab>", "<tab>", "<space>")
        f.app.screen.query_one("#reason").value = "outage 42"
        await f.s.wait_for(lambda: not f.app.screen.query_one("#do").disabled)


async def test_what_looks_like_a_secret_is_warned_of(live: Any) -> None:
    async with live() as f:
        await f.shows(f.nodes()[:1])
        await preview(f, "export DB_PASSWORD=hunter2hunter2")
        await f.sees("warning", "looks as if it held a secret")
