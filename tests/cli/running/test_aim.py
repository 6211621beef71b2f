"""Whom a run reaches: exact names, whole lists, and nobody under a freeze."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ssmtui.cli.finding import NotFoundError
from ssmtui.cli.running.aim import Aim, Missing, without
from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.nodes.row import Node
from ssmtui.rollouts.targets import Frozen, Target

SCOPE = ScopeKey("111122223333", "eu-west-1")


def a_scope(key: ScopeKey = SCOPE, profile: str = "prod") -> Any:
    names = (profile, key.account)
    return SimpleNamespace(key=key, profile=profile, alias="shop", own_names=names)


def denied(scope: ScopeKey | None = SCOPE) -> Problem:
    return Problem(ProblemKind.DENIED, "You may not list", scope=scope)


@pytest.mark.parametrize(
    "name", ["prod", "shop", "111122223333", "eu-west-1", "111122223333/eu-west-1"]
)
def test_what_is_missing_is_accepted_by_any_of_its_names(name: str, capsys: Any) -> None:
    left = Missing((name,), [a_scope()], ["prod"])
    left.add([denied(), denied()])
    left.add_unknown([Node(account=SCOPE.account, region=SCOPE.region, id="i-1")])
    left.refuse()
    assert left.accepted
    assert capsys.readouterr().err.count("You may not list") == 1


@pytest.mark.parametrize("names", [(), ("eu-central-1",), ("other",)])
def test_what_was_not_accepted_is_refused(names: tuple[str, ...], capsys: Any) -> None:
    left = Missing(names, [a_scope()], ["prod"])
    left.add([denied(), denied()])
    with pytest.raises(NotFoundError) as refused:
        left.refuse()
    assert refused.value.code == 3
    said = capsys.readouterr().err
    assert said.count("You may not list") == 1
    assert "--accept-missing" in said


def test_a_node_that_may_be_meant_is_refused(capsys: Any) -> None:
    left = Missing((), [a_scope()], ["prod"])
    left.add_unknown([Node(account=SCOPE.account, region=SCOPE.region, id="i-1")])
    with pytest.raises(NotFoundError):
        left.refuse()
    assert "1 nodes could not be judged" in capsys.readouterr().err


def test_a_profile_that_did_not_open_is_accepted_by_its_name() -> None:
    for names, accepted in ((("dev",), True), (("prod",), False)):
        left = Missing(names, [a_scope()], ["prod", "dev"])
        left.add([denied(None)])
        assert left.accepted is accepted


def test_what_is_left_when_nodes_are_taken_out() -> None:
    other = ScopeKey("444455556666", "eu-west-1")
    nodes = tuple(
        Target(account=key.account, region=key.region, id=f"i-{n}")
        for n, key in enumerate((SCOPE, SCOPE, other))
    )
    aim = Aim(targets=Frozen(nodes), scopes=[a_scope(), a_scope(other)])
    left = without(aim, [RowKey(*other, "i-2")])
    assert [node.id for node in left.targets.nodes] == ["i-0", "i-1"]  # type: ignore[union-attr]
    assert [scope.key for scope in left.scopes] == [SCOPE]
    assert without(aim, []) is aim


# Against a fleet


def test_names_are_exact_or_globs(shop: Any) -> None:
    first, *_ = shop.nodes()
    name = first.tags["Name"]
    result = shop.verb("run", "--nodes", name, "--dry-run", "--", "ls")
    assert f"nodes     1: {name}" in result.stdout
    result = shop.verb("run", "--nodes", "web-*", "--dry-run", "--", "ls")
    assert result.exit_code == 0, result.stderr
    assert ": web-[" in result.stdout


def test_nobody_is_called_so(shop: Any) -> None:
    for name in ("nobody", "no*body", "i-00000000000000000"):
        result = shop.verb("run", "--nodes", name, "--dry-run", "--", "ls")
        assert result.exit_code == 1
        assert f"there is no node called {name}" in result.stderr
    result = shop.verb("run", "--on", "name~^nobody$", "--dry-run", "--", "ls")
    assert result.exit_code == 1
    assert "no managed node matches" in result.stderr


def test_namesakes_are_named_by_their_ids(shop: Any) -> None:
    one, other, *_ = shop.nodes()
    other.tags["Name"] = one.tags["Name"]
    result = shop.verb("run", "--nodes", one.tags["Name"], "--dry-run", "--", "ls")
    assert result.exit_code == 2
    assert one.id in result.stderr
    assert other.id in result.stderr


def test_a_machine_without_an_agent(shop: Any) -> None:
    bare = next(node for node in shop.world.nodes.values() if not node.managed)
    result = shop.verb("run", "--nodes", bare.id, "--dry-run", "--", "ls")
    assert result.exit_code == 1
    assert f"ssmtui why {bare.id}" in result.stderr


def test_a_wrong_expression_is_one_sentence(shop: Any) -> None:
    result = shop.verb("run", "--on", "name~[", "--dry-run", "--", "ls")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


FREEZE = """
[freezes.year-end]
calendars = ["no-such-calendar"]
filter = "name={name}"
"""


def test_frozen_nodes_are_left_out_unless_that_is_overridden(shop: Any) -> None:
    one, other, *_ = shop.nodes()
    shop.configure(FREEZE.format(name=one.tags["Name"]))
    both = f"{one.id},{other.id}"
    result = shop.run("--nodes", both, "--", "hostname")
    assert result.exit_code == 0, result.stderr
    assert f"left out  1 node under the freeze year-end: {one.tags['Name']}\n" in result.stderr
    assert "1 more were left out for a freeze" in result.stderr
    assert set(shop.reached) == {other.id}
    alone = shop.run("--nodes", one.id, "--", "hostname")
    assert alone.exit_code == 1
    assert "--override-freeze" in alone.stderr
    overridden = shop.run("--nodes", one.id, "--override-freeze", "INC-7", "--", "hostname")
    assert overridden.exit_code == 0, overridden.stderr
    assert "freezes   are overridden: INC-7" in overridden.stderr
    audit = (shop.folder / "state" / "audit.jsonl").read_text()
    assert "the change freeze is overridden: INC-7" in audit
    assert shop.run("--nodes", one.id, "--override-freeze", " ", "--", "hostname").exit_code == 2


def test_tags_under_a_freeze_leave_the_whole_scope_out(shop: Any) -> None:
    shop.configure(FREEZE.format(name="web-0001"))
    result = shop.run("--targets", "tag:Role=web", "--", "hostname")
    assert result.exit_code == 1
    assert "everything is under a change freeze" in result.stderr
    assert "its filter cannot be judged for targets that the service resolves" in result.stderr
    assert shop.commands == []


def test_tags_in_a_scope_that_a_freeze_does_not_name_are_not_under_it(shop: Any) -> None:
    shop.configure(FREEZE.format(name="web-0001 @ap-south-1"))
    result = shop.verb("run", "--targets", "tag:Role=web", "--dry-run", "--", "hostname")
    assert result.exit_code == 0, result.stderr
    assert "freeze" not in result.stdout + result.stderr
