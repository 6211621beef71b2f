from __future__ import annotations

import gc

import pytest

from ssmtui.core.garbage import made_to_stay


def test_nothing_is_looked_for_inside_and_what_was_made_is_left_alone_later():
    before = gc.get_freeze_count()
    with made_to_stay():
        assert not gc.isenabled()
        made = [[] for _ in range(100)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= before + len(made)
    gc.unfreeze()


def test_it_is_looked_for_again_after_an_error():
    with pytest.raises(KeyError), made_to_stay():
        raise KeyError
    assert gc.isenabled()
    gc.unfreeze()


def test_where_nothing_was_looked_for_it_stays_so():
    gc.disable()
    try:
        with made_to_stay():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
