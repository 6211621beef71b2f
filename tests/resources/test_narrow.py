"""What an @name means."""

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.resources.narrow import context_names, narrowed


async def test_accounts_widen_regions_widen_and_both_narrow(open_fleet):
    async with open_fleet(nodes=30, accounts=2, regions=2) as fleet:
        await fleet.gateway.aliases()
        dev, staging = fleet.endpoint.profiles
        first, second = fleet.world.regions

        def keys(*names):
            return [(s.profile, s.region) for s in narrowed(fleet.scopes, names)]

        assert keys(dev) == [(dev, first), (dev, second)]
        assert len(keys(dev, staging)) == 4
        assert keys(dev, second) == [(dev, second)]
        assert keys(fleet.scopes[0].key.account, first) == [(dev, first)]
        assert keys(fleet.scopes[0].alias, second) == [(dev, second)]
        assert keys() == [(s.profile, s.region) for s in fleet.scopes]
        with pytest.raises(ProblemError, match="@nowhere"):
            keys("nowhere")
        assert {dev, staging, first, second} <= set(context_names(fleet.scopes))


async def test_a_name_means_the_same_before_and_after_the_aliases_have_come(open_fleet):
    async with open_fleet(nodes=30, accounts=2, regions=1) as fleet:
        await fleet.gateway.aliases()
        mine, other = fleet.scopes
        other.account.alias = mine.profile  # as an account of somebody else may be called
        assert narrowed(fleet.scopes, [mine.profile]) == (mine,)
        other.account.alias = None
        assert narrowed(fleet.scopes, [mine.profile]) == (mine,)
        other.account.alias = "elsewhere"
        assert narrowed(fleet.scopes, ["elsewhere"]) == (other,)
        other.account.alias = mine.key.account
        assert narrowed(fleet.scopes, [mine.key.account]) == (mine,)


async def test_a_name_outside_the_chosen_scopes_is_known_but_fits_none(open_fleet):
    async with open_fleet(nodes=30, accounts=1, regions=2) as fleet:
        here, there = fleet.scopes
        assert narrowed([here], [there.region], fleet.scopes) == ()
