"""Start-up stays light: what is heavy is imported when it is needed, and not before."""

import asyncio
import json
import subprocess
import sys

import pytest

HEAVY = ("aiobotocore", "botocore", "boto3", "aiohttp", "keyring", "pyperclip", "yaml", "sqlite3")


# What the explorer has loaded when it paints for the first time.
FIRST_PAINT = (
    "import ssmtui.cli.entry, ssmtui.cli.explore, ssmtui.resources.arranged\n"
    "from ssmtui.local import paths\n"
    "from ssmtui.resources.memory import Memory\n"
    "from ssmtui.resources.registry import resources\n"
    "import ssmtui.ui.app\n"
    "resources(Memory(paths.default()))"
)


def modules_of(code):
    """All modules that a fresh interpreter has after running `code`."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def loaded_by(code):
    """The same, by the names of the top-level packages."""
    return {name.partition(".")[0] for name in modules_of(code)}


@pytest.mark.parametrize(
    ("code", "never"),
    [
        ("import ssmtui.cli.main", (*HEAVY, "textual", "rich", "ssmtui.ui")),
        ("import ssmtui.ui.app", ("aiobotocore", "botocore", "boto3", "aiohttp", "pyperclip")),
        ("import ssmtui.cli.explore, ssmtui.cli.backend", ("aiobotocore", "botocore", "textual")),
        (
            "import ssmtui.cli.get, ssmtui.resources.registry",
            ("aiobotocore", "botocore", "textual"),
        ),
        ("import ssmtui.ui.actions", (*HEAVY, "textual")),
        ("import ssmtui.aws.scope, ssmtui.aws.gateway", ("aiobotocore", "botocore", "aiohttp")),
        ("import ssmtui.sessions.copying.manager", ("boto3", "s3transfer", "botocore", "textual")),
    ],
)
def test_importing(code, never):
    assert loaded_by(code).isdisjoint(never)


def test_a_verb_imports_no_textual():
    code = (
        "from click.testing import CliRunner\n"
        "from ssmtui.cli.main import cli\n"
        "assert CliRunner().invoke(cli, ['get', 'nodes', '--region', 'eu-west-1']).exit_code == 2"
    )
    found = loaded_by(code)
    assert "textual" not in found
    assert "botocore" in found, "the verb did not get as far as AWS"


def test_the_configuration_is_checked_without_textual(tmp_path, monkeypatch):
    monkeypatch.setenv("SSMTUI_CONFIG_DIR", str(tmp_path))
    config = 'theme = "nope"\n[keys]\ndescribe = "f3"\nyaml = "f3"\n[columns]\nnodes = ["pnig"]\n'
    (tmp_path / "config.toml").write_text(config)
    code = (
        "from click.testing import CliRunner\n"
        "from ssmtui.cli.main import cli\n"
        "result = CliRunner().invoke(cli, ['get', 'nodes'])\n"
        "assert result.exit_code == 2\n"
        "assert result.stderr.count('config.toml line ') == 3, result.stderr"
    )
    assert "textual" not in loaded_by(code)


@pytest.mark.parametrize(
    "arguments",
    [
        ("get", "nodes", "--filter", "ping=online"),
        ("get", "nodes", "-o", "json"),
        ("get", "nodes", "-o", "yaml"),
        ("why", "NODE"),
        ("info",),
    ],
)
async def test_a_verb_that_runs_to_its_end_imports_no_textual(open_fleet, arguments):
    """Listing, filter, export, table, why and info, against a fleet."""
    async with open_fleet(nodes=20) as fleet:
        node = next(iter(fleet.world.nodes))
        words = [node if word == "NODE" else word for word in arguments]
        code = (
            "from click.testing import CliRunner\n"
            "from ssmtui.cli.main import cli\n"
            f"result = CliRunner().invoke(cli, {words!r})\n"
            "assert result.exit_code == 0, result.output\n"
            "assert result.stdout"
        )
        found = await asyncio.to_thread(loaded_by, code)
    assert "textual" not in found
    assert "botocore" in found


def test_the_first_paint_waits_for_nothing_that_it_does_not_show():
    found = modules_of(FIRST_PAINT)
    later = (
        *("sqlite3", "xml", "csv", "click"),
        *("ssmtui.sessions", "ssmtui.aws.scope", "ssmtui.aws.gateway"),
    )
    assert found.isdisjoint(later)
    assert "textual.app" in found
