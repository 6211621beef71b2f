"""The entry point of the `ssmtui` script."""

from __future__ import annotations

import os
import sys

from ssmtui.cli.run import guarded


def main() -> None:
    """Do what the command line asks for, and exit. Exit codes: see docs/architecture.md."""
    sys.exit(guarded(_opened if _is_bare() else _parsed))


def _is_bare() -> bool:
    """Whether there is nothing to parse; a shell that asks for completions gives no arguments."""
    return len(sys.argv) == 1 and "_SSMTUI_COMPLETE" not in os.environ


def _opened() -> int:
    """The explorer, which is on the screen sooner without the parser of arguments."""
    from ssmtui.cli.explore import explore
    from ssmtui.cli.options import Options

    return explore(Options(), "")


def _parsed() -> int:
    from ssmtui.cli.main import parsed

    return parsed()
