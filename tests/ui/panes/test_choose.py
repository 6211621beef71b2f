from __future__ import annotations

import pytest

from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources
from ssmtui.ui.panes.choose import pane_class
from ssmtui.ui.panes.resource import ResourcePane

OWN = {"nodes": "NodesPane", "sessions": "SessionsPane", "commands": "CommandsPane"}


@pytest.fixture
def declared(tmp_path):
    memory = Memory(Paths(tmp_path / "config", tmp_path / "state", tmp_path / "cache"))
    yield {resource.name: resource for resource in resources(memory)}
    memory.close()


@pytest.mark.parametrize("name", OWN)
def test_a_resource_with_keys_of_its_own_has_a_pane_of_its_own(declared, name):
    assert pane_class(declared[name]).__name__ == OWN[name]


def test_any_other_resource_is_shown_by_its_declaration_alone(declared):
    others = [resource for name, resource in declared.items() if name not in OWN]
    assert others
    assert {pane_class(resource) for resource in others} == {ResourcePane}
