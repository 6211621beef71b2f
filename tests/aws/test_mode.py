from __future__ import annotations

import pytest

from ssmtui.aws.mode import Mode, Opening, lower


def test_each_mode_allows_what_the_one_before_it_allows():
    allowed = {mode: [needed for needed in Mode if mode.allows(needed)] for mode in Mode}
    assert allowed == {
        Mode.LOOK: [Mode.LOOK],
        Mode.CONNECT: [Mode.LOOK, Mode.CONNECT],
        Mode.CHANGE: [Mode.LOOK, Mode.CONNECT, Mode.CHANGE],
    }


def test_the_lower_of_two_modes_is_the_more_careful_one():
    assert lower(Mode.CHANGE, Mode.LOOK) is Mode.LOOK
    assert lower(Mode.CONNECT, Mode.CHANGE) is Mode.CONNECT


async def test_arming_ends_by_itself(clock):
    opening = Opening(Mode.CONNECT, Mode.CHANGE, clock)
    assert opening.can_arm
    opening.arm(900)
    await clock.advance(899)
    assert (opening.mode, opening.armed_seconds) == (Mode.CHANGE, 1)
    await clock.advance(1)
    assert (opening.mode, opening.armed_seconds) == (Mode.CONNECT, 0)


def test_disarming_closes_at_once(clock):
    opening = Opening(Mode.LOOK, Mode.CHANGE, clock)
    opening.arm(60)
    opening.disarm()
    assert opening.mode is Mode.LOOK


@pytest.mark.parametrize("ceiling", list(Mode))
def test_the_ceiling_bounds_everything(clock, ceiling):
    opening = Opening(Mode.CHANGE, ceiling, clock)
    opening.arm(60)
    assert opening.mode is ceiling
    assert not opening.can_arm
