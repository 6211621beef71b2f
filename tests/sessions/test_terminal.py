from __future__ import annotations

import pytest

from ssmtui.sessions.terminal import CONNECTING, OPEN, RECONNECTING, Ended, Output, State


def test_an_end_without_words_claims_nothing() -> None:
    assert Ended() == Ended(None, "")
    assert Ended(0) != Ended()


@pytest.mark.parametrize(
    ("event", "field"), [(Output(b"x"), "data"), (State(OPEN), "text"), (Ended(1), "code")]
)
def test_events_are_values(event: object, field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(event, field, None)


def test_the_states_are_told_apart() -> None:
    assert len({CONNECTING, OPEN, RECONNECTING}) == 3
