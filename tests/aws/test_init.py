"""What the rest of the program imports of the AWS floor must not import the AWS library."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = "botocore aiobotocore boto3 aiohttp textual yaml"


@pytest.mark.parametrize(
    "modules",
    [
        "scope, operations, limiter, audit, errors, mode, gateway, decode, changes, paging",
    ],
)
def test_the_light_modules_import_nothing_heavy(modules):
    code = (
        f"from ssmtui.aws import {modules}\n"
        "import sys\n"
        f"print(*sorted(name for name in {HEAVY.split()!r} if name in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
