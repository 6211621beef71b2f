"""The wheel holds what the program needs, and runs without the checkout."""

import os
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from ssmtui import __version__

ROOT = Path(__file__).parents[1]


def test_a_built_wheel_runs_and_has_its_themes(tmp_path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
        names = archive.namelist()
    themes = {Path(name).name for name in names if name.startswith("ssmtui/themes/")}
    assert themes == {path.name for path in (ROOT / "themes").glob("*.toml")}
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]
    code = (
        "import sys, ssmtui, ssmtui.local.paths as paths\n"
        "print(ssmtui.__file__)\n"
        "print(paths.builtin_themes())\n"
        "sys.argv[1:] = ['--version']\n"
        "from ssmtui.__main__ import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    package, found, said = done.stdout.splitlines()
    assert package.startswith(str(installed))
    assert found == str(installed / "ssmtui" / "themes")
    assert said == f"ssmtui, version {__version__}"


def test_every_locked_version_satisfies_what_is_asked_for():
    """constraints.txt names each dependency once, with an exact version and no address."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all("==" in pin and "://" not in pin for pin in pins)
    names = [pin.partition("==")[0].lower().replace("_", "-") for pin in pins]
    assert len(set(names)) == len(names)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    for requirement in asked:
        name = requirement.split(">")[0].split("=")[0].split("<")[0].strip().lower()
        assert name in names, f"{name} is not in constraints.txt"
