"""Draw the README's pictures from the demo: `make screenshots`.

The fleet, the pictures' sizes and the keys are fixed; ages are counted from now, as the demo does.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from textual.pilot import Pilot

from ssmtui.cli.backend import connected, signature_of
from ssmtui.cli.options import Options
from ssmtui.local.config import Config
from ssmtui.local.paths import Paths
from ssmtui.resources.memory import Memory
from ssmtui.resources.registry import resources
from ssmtui.ui.app import SsmtuiApp
from ssmtui.ui.launch import Launch
from ssmtui.ui.screens.pick import Pick
from ssmtui.ui.widgets.script_area import ScriptArea

HERE = Path(__file__).parent

# What a key asks for is read from the simulated fleet within this time.
READ_SECONDS = 2.0

# A script that fails on some of the fleet's kernels, and says another thing on each of the others.
SCRIPT = """\
uname -r | grep -q '^6.1.79' && {
  echo 'E: Could not get lock /var/lib/rpm/.rpm.lock' >&2; exit 100; }
grep -E '^(NAME|VERSION)=' /etc/os-release; uname -r"""
WAVES = {
    "run:canary": ["5"],
    "run:steps": ["60"],
    "run:successes": ["50%"],
    "run:errors": ["30%"],
    "run:at-once": ["20%"],
    "run:delivery": ["30s"],
    "run:comment": ["openssl fix"],
}


async def run_a_script(pilot: Pilot[None], app: SsmtuiApp) -> None:
    """Run a script in three waves on everything shown, until the last wave is under way."""

    async def until(happened: Callable[[], object]) -> None:
        async with asyncio.timeout(240):
            while not happened():
                await pilot.pause(0.2)

    app.rolling.remembered.keep_values("AWS-RunShellScript", WAVES, app.launch.now())
    await pilot.press("R")
    await until(lambda: isinstance(app.screen, Pick))
    await pilot.press("enter")
    await until(lambda: app.screen.query("ScriptArea"))
    app.screen.query_one("ScriptArea", ScriptArea).text = SCRIPT
    await pilot.press("ctrl+s")
    await until(lambda: app.screen.query("#do") and not app.screen.query_one("#do").disabled)
    await pilot.press("tab", "tab", "enter")
    await until(lambda: app.rolling.all)
    watched = app.rolling.all[0]
    *_, last = watched.state.waves
    await until(lambda: watched.state.waves[-1].bars.ended >= last.bars.total // 2)
    await until(lambda: watched.state.bars.failed and len(watched.folder.blocks()) > 3)


# name -> (columns, rows, theme, first command, keys, or what is done instead of pressing them)
Story = Callable[[Pilot[None], SsmtuiApp], Awaitable[None]]
PICTURES: dict[str, tuple[int, int, str, str, Sequence[str] | Story]] = {
    "nodes": (132, 34, "night", ":no Env=prod", ("j", "j", "space", "j", "space", "j")),
    "panel": (180, 40, "day", ":no @prod ping=lost", ("j", "j")),
    "why": (110, 30, "night", ":no Env=prod ping=lost asg=*", ("j", "w")),
    "board": (110, 32, "night", ":no @dev Role=web ping=online,lost", run_a_script),
}


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
        if callable(keys):
            await keys(pilot, app)
        else:
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
