"""Which pane class shows which resource."""

from __future__ import annotations

from typing import Any

from ssmtui.resources.base import Resource
from ssmtui.ui.panes.nodes import NodesPane
from ssmtui.ui.panes.resource import ResourcePane


def pane_class(resource: Resource[Any]) -> type[ResourcePane]:
    """The resource's own pane, else the plain one, which any resource can use."""
    if resource.name == "sessions":
        from ssmtui.ui.panes.sessions import SessionsPane

        return SessionsPane
    if resource.name == "commands":
        from ssmtui.ui.panes.commands import CommandsPane

        return CommandsPane
    return NodesPane if resource.name == "nodes" else ResourcePane
