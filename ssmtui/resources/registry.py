"""The resources there are: the one list from which panes, `:` names, verbs and docs are made."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.resources.base import Resource
from ssmtui.resources.changes import changes
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes


class Registry:
    """Resources by name, singular or alias; iterating gives them in the order of their panes."""

    def __init__(self, resources: tuple[Resource[Any], ...]) -> None:
        self._resources = resources
        self._by_name = {
            name: resource
            for resource in resources
            for name in (resource.name, resource.singular, *resource.aliases)
        }

    def __iter__(self) -> Iterator[Resource[Any]]:
        return iter(self._resources)

    @property
    def names(self) -> list[str]:
        """Every word that names a resource."""
        return sorted(self._by_name)

    def get(self, name: str) -> Resource[Any] | None:
        return self._by_name.get(name.lower())

    def find(self, name: str) -> Resource[Any]:
        """The resource of that name; ProblemError with near names if there is none."""
        found = self.get(name)
        if found is not None:
            return found
        near = difflib.get_close_matches(name.lower(), self.names, 2)
        remedy = (
            f"Did you mean {' or '.join(near)}"
            if near
            else ("There are " + ", ".join(resource.name for resource in self._resources))
        )
        raise input_problem(f"there is no resource called {plain(name)}", remedy)


def registry(memory: Memory) -> Registry:
    """All resources, over one state folder."""
    return Registry((nodes(memory.lost_since), changes(memory.journal)))
