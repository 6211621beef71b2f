"""Which pane class shows which resource."""

from __future__ import annotations

from typing import Any

from ssmtui.resources.base import Resource
from ssmtui.ui.panes.nodes import NodesPane
from ssmtui.ui.panes.resource import ResourcePane
from ssmtui.ui.panes.sessions import SessionsPane

_CLASSES: dict[str, type[ResourcePane]] = {"nodes": NodesPane, "sessions": SessionsPane}


def pane_class(resource: Resource[Any]) -> type[ResourcePane]:
    """The resource's own pane, else the plain one, which any resource can use."""
    return _CLASSES.get(resource.name, ResourcePane)
