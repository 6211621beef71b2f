"""Start-up stays light: what is heavy is imported when it is needed, and not before."""

import json
import subprocess
import sys

import pytest

HEAVY = ("aiobotocore", "botocore", "boto3", "aiohttp", "keyring", "pyperclip", "yaml", "sqlite3")


def loaded_by(code):
    """The top-level modules that a fresh interpreter has after running `code`."""
    script = f"{code}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


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
        ("import ssmtui.aws.scope, ssmtui.aws.gateway", ("aiobotocore", "botocore", "aiohttp")),
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
