from __future__ import annotations

from ssmtui.aws.mode import Mode
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.ui.contexts import Contexts
from ssmtui.ui.facts import header_facts, lowest_mode
from ssmtui.ui.feed import Feed


def facts_of(explorer, scopes, problems=()):
    contexts = Contexts()
    contexts.resolve(explorer.fleet.scopes, problems)
    feed = Feed(
        explorer.fleet.resource(),
        memory=explorer.fleet,
        now=explorer.clock,
        changed=lambda: None,
        said=lambda problem: None,
    )
    feed._scopes = tuple(scopes)
    return header_facts(contexts, feed, explorer.launch(), "connecting")


def test_before_the_scopes_are_known(explorer) -> None:
    facts = facts_of(explorer, [], [Problem(ProblemKind.CREDENTIALS, "none")])
    assert facts.contexts == "connecting"
    assert facts.trouble == "1 no credentials"


def test_one_scope(explorer) -> None:
    dev = explorer.fleet.scopes[0]
    dev.expires = explorer.clock.now + 2460
    facts = facts_of(explorer, [dev])
    assert facts.contexts == "dev eu-west-1"
    assert facts.identity == "ops@dev"
    assert facts.expires == "expires 41m"
    assert (facts.expiring, facts.production, facts.mode) == (False, False, "")


def test_the_soonest_expiry_counts_and_warns(explorer) -> None:
    dev, staging, _ = explorer.fleet.scopes
    dev.expires, staging.expires = explorer.clock.now + 600, explorer.clock.now + 9000
    facts = facts_of(explorer, [dev, staging])
    assert (facts.expires, facts.expiring) == ("expires 10m", True)
    assert facts.contexts == "2 acct in eu-west-1"
    dev.expires = explorer.clock.now - 1
    assert facts_of(explorer, [dev]).expires == "expired"


def test_production_its_mode_and_the_countdown(explorer) -> None:
    facts = facts_of(explorer, explorer.fleet.scopes)
    assert facts.production
    assert facts.contexts == "3 acct x 2 Regions"
    assert facts.mode == "connect mode"
    explorer.fleet.scopes[2].arm(552)
    assert facts_of(explorer, explorer.fleet.scopes).mode == "armed 09:12"


def test_several_identities(explorer) -> None:
    explorer.fleet.scopes[0].identity = "other"
    assert facts_of(explorer, explorer.fleet.scopes).identity == "2 identities"


def test_the_most_careful_mode(explorer) -> None:
    assert lowest_mode(explorer.fleet.scopes) is Mode.CONNECT
    assert lowest_mode([]) is Mode.LOOK
