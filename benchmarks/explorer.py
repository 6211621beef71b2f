"""The explorer's own app, headless, on a simulated fleet: the same parts as `ssmtui` itself."""

from __future__ import annotations

from ssmtui.cli.backend import connected
from ssmtui.cli.options import Options
from ssmtui.local import paths as places
from ssmtui.local.config import Config
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.launch import Launch


def explorer() -> SsmtuiApp:
    """The app on what the environment says, with its memory in the state folder."""
    paths = places.default()
    memory = Memory(paths)
    options, config = Options(), Config()
    launch = Launch(
        config=config,
        paths=paths,
        resources=resources(memory),
        connect=lambda: connected(options, config, paths),
        memory=memory,
    )
    return SsmtuiApp(launch)
