"""What is said before anything is sent, and what has to be typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from ssmtui.cli.running import asking
from ssmtui.cli.running.aim import Aim
from ssmtui.cli.running.asking import Sketch, agreed, passwords
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.freezes import Calendar
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.preview import Place, Preview
from ssmtui.rollouts.spec import RolloutSpec, Waves
from ssmtui.rollouts.targets import TagTargets
from tests.rollouts.conftest import SCOPE, a_command, some_nodes


def a_scope(key: ScopeKey = SCOPE, *, production: bool = False, alias: str | None = "shop") -> Any:
    return SimpleNamespace(
        key=key,
        identity="ops",
        name="shop",
        region=key.region,
        production=production,
        alias=alias,
        expires=None,
    )


def sketched(spec: RolloutSpec, aim: dict[str, Any] | None = None, **preview: Any) -> list[str]:
    targets = spec.command.targets
    total = spec.command.total
    place = Place(SCOPE, "shop", total or 0, production=False)
    seen = Preview(total=total, rate=spec.command.rate, places=(place,), **preview)
    of = Aim(targets=targets, scopes=[a_scope()], **(aim or {}))
    return Sketch(plan(spec), seen, of, some_nodes(2, prefix="old")).lines


def test_a_plain_command() -> None:
    spec = RolloutSpec(a_command(3, at_a_time=Amount(2), allowed_errors=Amount(1)))
    assert sketched(spec) == [
        "as        ops@shop",
        "where     shop: eu-west-1 3",
        "runs      AWS-RunShellScript",
        "          | uptime",
        "rate      2 at a time; stops after the 2nd failure",
        (
            "at worst  1 node may still run when the budget is spent; "
            "3 fail in all if everything fails at once"
        ),
        "nodes     3: web-[000-002]",
        "left out  2 nodes with linux, on which the document does not run: old-[000-001]",
    ]


def test_everything_that_speaks_against_it() -> None:
    spec = RolloutSpec(a_command(40), Waves(canary=5, steps=(50,)), reason="INC\x1b7")
    problem = Problem(ProblemKind.DENIED, "You may not list invocations")
    lines = sketched(
        spec,
        {
            "frozen_out": {"year-end": some_nodes(12, prefix="pay")},
            "frozen_scopes": {"shop (us-east-1)": "year-end"},
            "calendars": (Calendar("year-end", "shop", "CLOSED", region="eu-west-1"),),
            "missing": True,
        },
        offline=some_nodes(2),
        busy={RowKey(*SCOPE, "i-1"): 1},
        busy_partial=True,
        warnings=("commands looks as if it held a secret",),
        problems=(problem,),
    )
    text = "\n".join(lines)
    for words in (
        "waves     5 first, then to 50%, then the rest",
        "wave 1 canary: 5 nodes in 1 call; then 5 of 5 succeed",
        "wave 3 the rest: 20 nodes in 1 call",
        "left out  12 nodes under the freeze year-end: pay-[000-011]",
        "left out  shop (us-east-1): under the freeze year-end",
        "freeze    year-end is CLOSED in shop (eu-west-1)",
        "freezes   are overridden: INC␛7",
        "partial   the lists were not whole, which was accepted",
        "offline   2: web-[000-001]; waited for up to 10m",
        "busy      a command is in progress on at least 1: i-1",
        "warning   commands looks as if it held a secret",
        "unread    You may not list invocations.",
    ):
        assert words in text


def test_tags_and_long_scripts() -> None:
    spec = RolloutSpec(a_command(parameters={"commands": ["\n".join(["x"] * 30)]}))
    assert "          | ... 10 more lines" in sketched(spec)
    tags = RolloutSpec(a_command())
    targets = TagTargets({"Role": ("web", "api")}, (SCOPE,))
    command = msgspec.structs.replace(tags.command, targets=targets)
    lines = sketched(msgspec.structs.replace(tags, command=command))
    assert "nodes     the service finds them by tag:Role=web,api" in lines


@pytest.mark.parametrize(
    ("typed", "answer"), [("y", True), ("YES", True), ("", False), ("n", False), ("shop", False)]
)
async def test_yes_is_typed(monkeypatch: Any, typed: str, answer: bool) -> None:
    monkeypatch.setattr(asking, "read_line", _typed(typed))
    assert await agreed([a_scope()]) is answer


@pytest.mark.parametrize(("typed", "answer"), [("y", False), ("shop", True), ("Shop", False)])
async def test_production_asks_for_the_alias(monkeypatch: Any, typed: str, answer: bool) -> None:
    monkeypatch.setattr(asking, "read_line", _typed(typed))
    assert await agreed([a_scope(production=True)]) is answer


def test_what_production_asks_for() -> None:
    scopes = [
        a_scope(production=True),
        a_scope(ScopeKey(SCOPE.account, "us-east-1"), production=True),
        a_scope(ScopeKey("444455556666", "eu-west-1"), production=True, alias=None),
        a_scope(ScopeKey("777788889999", "eu-west-1"), alias="test"),
    ]
    assert passwords(scopes) == "shop 444455556666"
    assert passwords(scopes[3:]) == ""


def _typed(text: str) -> Any:
    async def read_line(_: int) -> str:
        return text

    return read_line
