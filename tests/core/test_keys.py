from __future__ import annotations

import gc

from ssmtui.core.keys import RowKey, ScopeKey


def test_a_row_is_in_its_scope() -> None:
    key = RowKey("111122223333", "eu-west-1", "i-1")
    assert key.scope == ScopeKey("111122223333", "eu-west-1")


def test_a_scope_reads_as_account_and_region() -> None:
    assert str(ScopeKey("111122223333", "eu-west-1")) == "111122223333/eu-west-1"


def test_keys_with_the_same_id_elsewhere_differ() -> None:
    assert RowKey("1", "eu-west-1", "i-1") != RowKey("1", "eu-west-2", "i-1")


def test_neither_keys_nor_mappings_by_them_are_gone_through_for_garbage() -> None:
    key = RowKey("111122223333", "eu-west-1", "i-1")
    assert not gc.is_tracked(key)
    assert not gc.is_tracked({key: 1})
