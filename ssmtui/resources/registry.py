"""The resources there are: the one list from which panes, `:` names, verbs and docs are made."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.resources.base import Resource
from ssmtui.resources.changes import changes
from ssmtui.resources.commands import Origins, commands, no_origins
from ssmtui.resources.invocations import invocations
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes
from ssmtui.resources.sessions import sessions


def resources(memory: Memory, origins: Origins = no_origins) -> tuple[Resource[Any], ...]:
    """All resources, over one state folder, in the order of their panes; `origins` tells which
    rollouts are our own."""
    names = partial(memory.names, "nodes")
    return (
        nodes(memory.lost_since),
        commands(names, origins),
        invocations(names),
        sessions(names),
        changes(memory.journal),
    )


def names_of(resource: Resource[Any]) -> tuple[str, ...]:
    """Every word that names a resource."""
    return (resource.name, resource.singular, *resource.aliases)


def find(known: Sequence[Resource[Any]], name: str) -> Resource[Any]:
    """The resource of that name, singular or alias; ProblemError with near names if none has it."""
    by_name = {word: resource for resource in known for word in names_of(resource)}
    found = by_name.get(name.lower())
    if found is not None:
        return found
    listed = f"There are {', '.join(resource.name for resource in known)}"
    remedy = did_you_mean(name, by_name, otherwise=listed)
    raise input_problem(f"There is no resource called {plain(name)}", remedy)
