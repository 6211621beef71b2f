from __future__ import annotations

import msgspec
import pytest

from ssmtui.core.columns import UNKNOWN
from ssmtui.resources.commands.news import OVERLAP, sent_since


class Sent(msgspec.Struct):
    requested: object


def test_it_is_asked_from_some_minutes_before_the_newest() -> None:
    rows = [Sent(1_700_000_000.0), Sent(1_700_000_300.75), Sent(UNKNOWN), Sent(None)]
    assert OVERLAP == 300.0
    assert sent_since(rows) == [{"key": "InvokedAfter", "value": "2023-11-14T22:13:20Z"}]


@pytest.mark.parametrize("rows", [[], [Sent(UNKNOWN)]])
def test_where_nothing_is_known_everything_is_asked_for(rows: list[Sent]) -> None:
    assert sent_since(rows) == []
