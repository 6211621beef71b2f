import os

import pytest

from benchmarks.measures import Pauses, alternate, ratio_of, resident_bytes


async def test_contestants_play_in_turn_after_one_round_that_does_not_count():
    played = []

    def contestant(name):
        async def play():
            played.append(name)
            return f"{name}{len(played)}"

        return play

    results = await alternate(2, contestant("a"), contestant("b"))
    assert played == ["a", "b"] * 3
    assert results == [["a3", "a5"], ["b4", "b6"]]


def test_the_ratio_is_that_of_neighbours():
    assert ratio_of([10.0, 60.0, 20.0], [1.0, 2.0, 1.0]) == 20.0


async def test_what_holds_the_loop_is_a_pause():
    now = [0.0]
    async with Pauses(clock=lambda: now[0]) as pauses:
        now[0] += 0.030
    assert pauses.longest == pytest.approx(0.029)  # the tick itself is 1 ms
    pauses.reset()
    assert pauses.longest == 0.0


def test_this_process_has_some_memory():
    assert resident_bytes(os.getpid()) > 1_000_000


def test_ratios_go_in_pairs():
    with pytest.raises(ValueError, match="longer"):
        ratio_of([1.0], [1.0, 2.0])
