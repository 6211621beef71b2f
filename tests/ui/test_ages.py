from __future__ import annotations

from ssmtui.core.keys import RowKey, ScopeKey
from ssmtui.ui.ages import Ages

SCOPE = ScopeKey("1", "eu-west-1")
ONE, TWO = RowKey("1", "eu-west-1", "i-1"), RowKey("1", "eu-west-1", "i-2")


def test_rows_of_the_snapshot_are_stale_until_they_are_brought() -> None:
    ages = Ages()
    ages.restored(SCOPE, 5.0, [ONE, TWO])
    assert ONE in ages
    assert ages.any_stale([SCOPE])
    before = ages.version
    ages.brought(SCOPE, [ONE])
    assert ages.version != before
    assert ONE not in ages
    assert TWO in ages
    ages.ended(SCOPE, 9.0, whole=True)
    assert ages.unlisted(SCOPE) == {TWO}
    ages.settled(SCOPE)
    assert not ages.any_stale([SCOPE])
    assert ages.read_at(SCOPE) == 9.0


def test_a_refresh_that_fails_makes_every_row_as_old_as_the_last_good_one() -> None:
    ages = Ages()
    ages.ended(SCOPE, 1.0, whole=True)
    ages.ended(SCOPE, 2.0, whole=False)
    assert ONE in ages
    assert ages.read_at(SCOPE) == 1.0
    ages.brought(SCOPE, [ONE])  # by a lesser source: its main facts are as old
    assert ONE in ages
    ages.ended(SCOPE, 3.0, whole=True)
    assert ONE not in ages


def test_what_never_could_be_listed_is_not_out_of_date() -> None:
    ages = Ages()
    ages.ended(SCOPE, 1.0, whole=False)
    assert ONE not in ages
    assert ages.read_at(SCOPE) is None


def test_another_listing_knows_nothing_of_the_rows_that_are_there() -> None:
    ages = Ages()
    ages.ended(SCOPE, 1.0, whole=True)
    ages.relisted(SCOPE, [ONE], old=False)
    assert ONE not in ages
    ages.ended(SCOPE, 2.0, whole=False)
    assert ONE in ages
    ages.relisted(SCOPE, [ONE], old=False)
    assert ONE in ages  # it has been stale before


def test_what_it_knows_nothing_of_is_not_stale() -> None:
    assert ONE not in Ages()
    assert not Ages().any_stale([SCOPE])
    assert Ages().unlisted(SCOPE) == set()
