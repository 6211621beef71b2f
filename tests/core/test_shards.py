from __future__ import annotations

import gc
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.shards import Shards

KEYS = st.tuples(st.sampled_from("ab"), st.integers(0, 300))


def shards_of(pairs: dict[str, int]) -> Shards[str, int]:
    shards: Shards[str, int] = Shards()
    shards.update(pairs.items())
    return shards


def held_by(shards: Shards[Any, Any]) -> dict[Any, Any]:
    return {key: value for part in shards.parts() for key, value in part.items()}


@given(st.lists(st.tuples(KEYS, st.none() | st.integers())))
def test_it_holds_what_a_dict_would(steps):
    shards, model = Shards(), {}
    for key, value in steps:
        if value is not None:
            shards[key] = model[key] = value
        elif key in model:
            del shards[key], model[key]
    assert len(shards) == len(model)
    assert held_by(shards) == model
    for key, _ in steps:
        assert (key in shards) == (key in model)
        assert shards.get(key) == model.get(key)


def test_a_key_that_is_not_there_is_an_error_as_in_a_dict() -> None:
    shards = shards_of({"a": 1})
    assert shards["a"] == 1
    with pytest.raises(KeyError):
        shards["b"]
    with pytest.raises(KeyError):
        del shards["b"]


def test_an_update_replaces_and_adds() -> None:
    shards = shards_of({"a": 1, "b": 2})
    shards.update([("b", 3), ("c", 4)])
    assert held_by(shards) == {"a": 1, "b": 3, "c": 4}


def test_parts_tell_of_what_has_happened_meanwhile() -> None:
    shards = shards_of({str(number): number for number in range(1000)})
    seen: dict[str, int] = {}
    for part in shards.parts():
        seen.update(part)
        for key in held_by(shards).keys() - seen.keys():
            del shards[key]
    assert len(shards) == len(seen) < 1000


def test_no_part_of_a_fleet_is_large() -> None:
    shards = shards_of({f"i-{number:017x}": number for number in range(100_000)})
    sizes = [len(part) for part in shards._shards]
    assert sum(sizes) == 100_000
    assert max(sizes) < 3_000


def test_a_mapping_of_rows_is_not_gone_through_for_garbage() -> None:
    row = msgspec.defstruct("Row", ["id"], frozen=True, gc=False)
    shards: Shards[object, object] = Shards()
    shards.update((row(number), row("value")) for number in range(1000))
    assert not [part for part in shards._shards if gc.is_tracked(part)]
