from __future__ import annotations

from collections import Counter

from ssmtui.ui.widgets.table_actions import TABLE_ACTIONS


def test_no_id_and_no_key_is_there_twice() -> None:
    assert max(Counter(action.id for action in TABLE_ACTIONS).values()) == 1
    assert max(Counter(key for action in TABLE_ACTIONS for key in action.keys).values()) == 1


def test_the_keys_that_terminals_send_differently_are_both_bound() -> None:
    keys = {action.id: action.keys for action in TABLE_ACTIONS}
    assert set(keys["mark-range"]) == {"ctrl+@", "ctrl+space"}


def test_nothing_of_a_table_changes_the_world() -> None:
    assert {action.danger.value for action in TABLE_ACTIONS} == {"none"}
    assert {action.context for action in TABLE_ACTIONS} == {"table"}
