from __future__ import annotations

import pytest

from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.resources.base import Finished, Lacking, Progress
from ssmtui.ui.contexts import Contexts, Standing, State, trouble_words, without_common_prefix

KEY = ScopeKey("1", "eu-west-1")
DENIED = Problem(ProblemKind.DENIED, "You may not")


@pytest.fixture
def contexts(fleet) -> Contexts:
    made = Contexts()
    made.resolve(fleet.scopes)
    return made


def test_a_scope_that_joins_is_no_part_of_a_choice_that_was_made(fleet) -> None:
    contexts = Contexts()
    contexts.resolve(fleet.scopes[:2], [DENIED])
    contexts.resolve(fleet.scopes)
    assert contexts.chosen == tuple(fleet.scopes)
    contexts.resolve(fleet.scopes[:2])
    contexts.choose([fleet.scopes[0].key])
    contexts.resolve(fleet.scopes)
    assert contexts.chosen == (fleet.scopes[0],)


def names(scopes) -> list[str]:
    return [scope.name for scope in scopes]


def test_a_standing_s_life() -> None:
    standing = Standing()
    assert standing.state is State.WAITING
    standing.begin()
    standing.note(Progress(KEY, "nodes", 1200, 2000))
    standing.note(Progress(KEY, "EC2", 10))
    assert standing.state is State.LOADING
    assert standing.doing == "nodes 1,200 of 2,000, EC2 10"
    standing.note(Finished(KEY, "nodes"))
    assert standing.doing == "EC2 10"
    standing.note(Finished(KEY, "EC2"))
    standing.end()
    assert standing.state is State.COMPLETE
    assert standing.has_ended_well("EC2")


def test_partial_and_failed_are_told_apart() -> None:
    standing = Standing()
    standing.begin()
    standing.note(Finished(KEY, "nodes", DENIED))
    standing.end()
    assert standing.state is State.FAILED
    assert not standing.has_ended_well("nodes")
    assert not standing.has_ended_well("EC2")
    standing.note(Finished(KEY, "EC2"))
    assert standing.state is State.PARTIAL
    assert standing.problems == [DENIED]


def test_what_a_complete_list_lacks_is_trouble_and_no_failure() -> None:
    standing = Standing()
    standing.begin()
    standing.note(Lacking(KEY, DENIED))
    standing.note(Finished(KEY, "nodes"))
    standing.end()
    assert standing.state is State.COMPLETE
    assert standing.troubles == [DENIED]
    assert standing.problems == []
    standing.begin()
    assert standing.troubles == []


def test_choosing(contexts: Contexts) -> None:
    assert names(contexts.chosen) == ["dev", "staging", "prod"]
    contexts.choose([contexts.scopes[2].key])
    assert names(contexts.chosen) == ["prod"]
    contexts.choose([])
    assert len(contexts.chosen) == 3


@pytest.mark.parametrize(
    ("asked", "fitting"),
    [
        ((), ["dev", "staging", "prod"]),
        (("prod",), ["prod"]),
        (("shop-prod",), ["prod"]),
        (("111111111111",), ["dev"]),
        (("eu-west-1",), ["dev", "staging"]),
        (("dev", "prod"), ["dev", "prod"]),
        (("dev", "prod", "us-east-1"), ["prod"]),
    ],
)
def test_narrowing(contexts: Contexts, asked: tuple[str, ...], fitting: list[str]) -> None:
    assert names(contexts.narrowed(asked)) == fitting


def test_narrowing_stays_inside_what_is_chosen(contexts: Contexts) -> None:
    contexts.choose([contexts.scopes[0].key])
    assert names(contexts.narrowed(("eu-west-1",))) == ["dev"]


def test_an_unknown_name_is_refused(contexts: Contexts) -> None:
    with pytest.raises(ProblemError, match="no context @nowhere"):
        contexts.narrowed(("prod", "nowhere"))


def test_names_and_lookup(contexts: Contexts) -> None:
    assert contexts.names()[:3] == ["dev", "shop-dev", "111111111111"]
    assert contexts.names()[-2:] == ["eu-west-1", "us-east-1"]
    assert contexts.scope(contexts.scopes[1].key) is contexts.scopes[1]
    assert contexts.scope(KEY) is None


def test_trouble_is_counted_by_kind() -> None:
    gone = Problem(ProblemKind.ENDPOINT, "x")
    more = Problem(ProblemKind.DENIED, "You may not do that either")
    # Several calls may have met with the same one.
    assert trouble_words([gone, DENIED, more, DENIED]) == "2 denied 1 unreachable"
    assert trouble_words([]) == ""


def test_names_lose_the_words_that_all_begin_with() -> None:
    assert without_common_prefix({"1": "shop-dev", "2": "shop-prod"}) == {"1": "dev", "2": "prod"}
    assert without_common_prefix({"1": "shop-dev"}) == {"1": "shop-dev"}
    assert without_common_prefix({"1": "shop-", "2": "shop-prod"}) == {
        "1": "shop-",
        "2": "shop-prod",
    }
    assert without_common_prefix({"1": "dev", "2": "deploy"}) == {"1": "dev", "2": "deploy"}
    assert without_common_prefix({}) == {}


def test_scopes_without_a_way_to_them_are_remembered_and_others_are_not(contexts: Contexts) -> None:
    keys = tuple(scope.key for scope in contexts.scopes)
    contexts.remember(keys)
    assert contexts.to_remember == keys
    contexts.resolve(contexts.scopes[:1], [DENIED])
    assert set(contexts.to_remember) == set(keys)
    assert contexts.unresolved == contexts.cached(()) == keys[1:]
    assert contexts.cached(["dev"]) == ()
    contexts.resolve(contexts.scopes)
    assert contexts.unresolved == ()
    assert contexts.to_remember == keys[:1]
