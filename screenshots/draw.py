"""Draw the README's pictures from the demo: `make screenshots`.

The fleet, the pictures' sizes and the keys are fixed; ages are counted from now, as the demo does.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ssmtui.cli.backend import connected, signature_of
from ssmtui.cli.options import Options
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.launch import Launch

HERE = Path(__file__).parent

# name -> (columns, rows, theme, first command, keys)
PICTURES: dict[str, tuple[int, int, str, str, Sequence[str]]] = {
    "nodes": (132, 34, "night", ":no Env=prod", ("j", "j", "space", "j", "space", "j")),
    "panel": (180, 40, "day", ":no @prod ping=lost", ("j", "j")),
    "why": (110, 30, "night", ":no Env=prod ping=lost asg=*", ("j", "w")),
}


# What a key asks for is read from the simulated fleet within this time.
READ_SECONDS = 2.0


async def draw(name: str, folder: Path, into: Path = HERE) -> None:
    """Draw one picture into that folder; the explorer keeps its own files in `folder`."""
    columns, rows, theme, command, keys = PICTURES[name]
    options = Options(demo=True)
    config = Config(theme=theme)
    paths = Paths(folder / "config", folder / name, folder / "cache")
    memory = Memory(paths)
    launch = Launch(
        config=config,
        paths=paths,
        resources=resources(memory),
        connect=lambda: connected(options, config, paths),
        command=command,
        demo=True,
        selection=signature_of(options, config),
        memory=memory,
    )
    app = SsmtuiApp(launch)
    async with app.run_test(size=(columns, rows)) as pilot:
        feed = app.feed(launch.resources[0])
        async with asyncio.timeout(60):
            while not feed.ended:
                await pilot.pause(0.05)
        await pilot.press(*keys)
        await pilot.pause(READ_SECONDS)
        (into / f"{name}.svg").write_text(app.export_screenshot(title="ssmtui --demo"))
    memory.close()


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in PICTURES:
            await draw(name, Path(folder))
            print(f"screenshots/{name}.svg")


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    asyncio.run(main())
