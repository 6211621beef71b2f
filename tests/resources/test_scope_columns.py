from __future__ import annotations

from ssmtui.resources.scope_columns import scope_columns, short_region


def test_both_are_drawn_only_where_there_is_more_than_one():
    account, region = scope_columns(account=5, region=2)
    assert (account.id, account.merged, account.priority) == ("account", "account", 5)
    assert (region.id, region.merged, region.priority) == ("region", "region", 2)
    assert region.draw is not None
    assert region.draw("eu-west-1", None) == "euw1"


def test_short_regions():
    assert short_region("eu-west-1") == "euw1"
    assert short_region("ap-southeast-2") == "apse2"
    assert short_region("us-gov-west-1") == "usgw1"
    assert short_region("mars") == "mars"


def test_regions_do_not_collide_when_shortened():
    import botocore.session

    regions = botocore.session.Session().get_available_regions("ssm")
    assert len(regions) > 20
    assert len({short_region(region) for region in regions}) == len(regions)
