"""The user's own choice of columns: `columns.nodes = ["name", "ping", "zone"]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import Problem, ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.local.config import Place, dotted, nowhere
from ssmtui.resources.base import Resource
from ssmtui.resources.registry import find


def arranged(
    known: Sequence[Resource[Any]],
    columns: Mapping[str, Sequence[str]],
    place: Place = nowhere,
) -> tuple[tuple[Resource[Any], ...], list[Problem]]:
    """The resources with the columns of the configuration, and what is wrong with that.

    The chosen columns come first, in the chosen order, and leave a narrow screen from the right;
    the others are for wide mode. JSON and filters keep all. `place` says where the configuration
    says it.
    """
    by_name = {resource.name: resource for resource in known}
    problems = []
    for name, ids in columns.items():
        try:
            resource = find(known, name)
            by_name[resource.name] = _arranged(resource, ids)
        except ProblemError as error:
            where = f"{place('columns', name)}{dotted('columns', name)}"
            said = error.problem.what
            what = plain(f"{where}: {said[:1].lower()}{said[1:]}")
            problems.append(msgspec.structs.replace(error.problem, what=what))
    return tuple(by_name.values()), problems


def _arranged(resource: Resource[Any], ids: Sequence[str]) -> Resource[Any]:
    by_id = {column.id: column for column in resource.columns if not column.hidden}
    for wanted in ids:
        if wanted not in by_id:
            raise input_problem(
                f"There is no column {plain(wanted)}",
                did_you_mean(wanted, by_id, otherwise=f"There are {', '.join(by_id)}"),
            )
    chosen = [
        msgspec.structs.replace(by_id[name], wide=False, merged="", priority=place)
        for place, name in enumerate(dict.fromkeys(ids))
    ]
    rest = [
        column if column.hidden else msgspec.structs.replace(column, wide=True)
        for column in resource.columns
        if column.id not in ids
    ]
    return msgspec.structs.replace(resource, columns=(*chosen, *rest))
