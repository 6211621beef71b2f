from __future__ import annotations

from random import Random

import pytest

from ssmtui.simulator.world.associations import (
    NONE,
    OUTCOMES,
    Association,
    Outcome,
    associations,
    last_run,
)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ((), ""),
        (("Success", "Success"), "Success"),
        (("Success", "Skipped"), "Success"),
        (("Success", "InProgress"), "Pending"),
        (("Pending", "UnsupportedAgent"), "Failed"),
        (("Skipped",), "Success"),
    ],
)
def test_the_worst_status_is_the_nodes(statuses: tuple[str, ...], status: str) -> None:
    assert Outcome(statuses).status == status


def test_counts_are_by_detailed_status() -> None:
    outcome = Outcome(("Success", "Failed", "Success", "Skipped"))
    assert outcome.counts == {"Failed": 1, "Skipped": 1, "Success": 2}
    assert NONE.counts == {}


def test_every_outcome_has_a_status_for_each_association_of_a_scope() -> None:
    bound = associations(Random(1))
    for outcome in OUTCOMES.values:
        assert len(outcome.statuses) in (0, len(bound))


def test_an_association_runs_at_registration_and_at_its_interval() -> None:
    association = Association("id", "name", "document", interval=100.0)
    assert last_run(association, registered=1000.0, seen=1000.0) == 1000.0
    assert last_run(association, registered=1000.0, seen=1099.0) == 1000.0
    assert last_run(association, registered=1000.0, seen=1250.0) == 1200.0


def test_ids_are_uuids_of_the_stream() -> None:
    first, again, other = associations(Random(1)), associations(Random(1)), associations(Random(2))
    assert first == again
    assert first[0].id != other[0].id
    assert [len(part) for part in first[0].id.split("-")] == [8, 4, 4, 4, 12]
