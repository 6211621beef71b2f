from __future__ import annotations

from typing import get_args

import msgspec
import pytest

from ssmtui.core.wire import events
from ssmtui.core.wire.errors import Fault


def test_every_event_is_in_the_union() -> None:
    declared = {
        value
        for value in vars(events).values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value is not msgspec.Struct
    }

    assert set(get_args(events.Event)) == declared


def test_events_do_not_change() -> None:
    event = events.Failed(Fault.DECRYPT, "no")

    with pytest.raises(AttributeError):
        event.detail = "yes"  # type: ignore[misc]
