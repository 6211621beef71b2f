"""Finding a resource by any of its names."""

import pytest

from ssmtui.core.problem import ProblemError
from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import find, names_of, resources


@pytest.fixture
def known(tmp_path):
    return resources(Memory(Paths(tmp_path, tmp_path, tmp_path)))


def test_every_name_finds_its_resource(known):
    for resource in known:
        for name in names_of(resource):
            assert find(known, name) is resource
            assert find(known, name.upper()) is resource


def test_names_are_unique(known):
    names = [name for resource in known for name in names_of(resource)]
    assert len(set(names)) == len(names)


def test_a_near_name_is_offered(known):
    with pytest.raises(ProblemError, match="Did you mean node"):
        find(known, "nodse")
    with pytest.raises(ProblemError, match="There are nodes"):
        find(known, "zzz")


def test_declarations_hold_together(known):
    for resource in known:
        ids = [column.id for column in resource.columns]
        assert len(set(ids)) == len(ids)
        assert resource.sort in ids
        assert resource.column(resource.sort).id == resource.sort
        assert all(hasattr(resource.row_type, name) for name in ids)
        with pytest.raises(KeyError):
            resource.column("no-such-column")
