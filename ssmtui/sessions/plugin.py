"""The session-manager-plugin: found, judged by its version, and called as the AWS CLI calls it.

The token is never an argument, where every user of the machine could read it, so a version that
takes it no other way is refused.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from typing import Final

import msgspec

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.start import Session

NAME: Final = "session-manager-plugin"
# From this one on (exclusive) the AWS CLI passes the response by the environment.
TOO_OLD: Final = (1, 2, 497, 0)
# "Session Manager will soon stop supporting earlier versions": they do not sign the data channel.
OLDEST_SUPPORTED: Final = (1, 2, 764, 0)
RESPONSE: Final = "AWS_SSM_START_SESSION_RESPONSE"

_VERSION: Final = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,3}")
_VERSION_SECONDS: Final = 5.0
_INSTALL: Final = (
    "Install it from https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "session-manager-working-with-install-plugin.html, or use ssmtui's own client (--no-plugin)"
)


class Plugin(msgspec.Struct, frozen=True):
    """An installed plugin that can be used. `path` is its executable."""

    path: str
    version: str

    @property
    def warning(self) -> str:
        """What is to be said about its age; "" if nothing is."""
        if _numbers(self.version) >= OLDEST_SUPPORTED:
            return ""
        oldest = ".".join(map(str, OLDEST_SUPPORTED))
        return (
            f"{NAME} {self.version} is older than {oldest}, which AWS will soon require: "
            "update it, or use ssmtui's own client"
        )


class Invocation(msgspec.Struct, frozen=True):
    """How to run the plugin for a session. `environment` is the whole one, and holds the token."""

    arguments: tuple[str, ...]
    environment: dict[str, str]

    def __repr__(self) -> str:
        return f"Invocation({self.arguments!r})"


async def find_plugin() -> Plugin:
    """The plugin on PATH. ProblemError where it is missing, too old or does not answer."""
    path = shutil.which(NAME)
    if path is None:
        raise input_problem(f"{NAME} is not on PATH", _INSTALL)
    version = await _version(path)
    if not _VERSION.fullmatch(version):
        raise input_problem(f"{path} does not say its version", _INSTALL)
    if _numbers(version) <= TOO_OLD:
        raise input_problem(f"{NAME} {version} is too old", _INSTALL)
    return Plugin(path, version)


async def invocation(
    plugin: Plugin, session: Session, environ: Mapping[str, str] = os.environ
) -> Invocation:
    """The plugin's arguments and environment for a session. ProblemError without credentials.

    As `aws ssm start-session` runs it. With a named profile the plugin finds the credentials by
    itself and can refresh them; all others are put into its environment.
    """
    scope, started = session.scope, session.started
    response = {
        "SessionId": started.session_id,
        "TokenValue": started.token.reveal(),
        "StreamUrl": started.stream_url,
    }
    # Several plugins may run at once below one parent.
    variable = f"{RESPONSE}_{secrets.token_hex(8).upper()}"
    environment = dict(environ)
    for name in _CREDENTIALS:
        environment.pop(name, None)
    if not scope.profile:
        environment.update((await scope.credentials()).environment())
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
    environment[variable] = json.dumps(response)
    arguments = (
        plugin.path,
        variable,
        scope.region,
        "StartSession",
        scope.profile or "",
        json.dumps(session.spec.request),
        scope.endpoint("ssm"),
    )
    return Invocation(arguments, environment)


# Keys in the environment would win over the profile that the session was started with.
_CREDENTIALS: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
)


async def _version(path: str) -> str:
    """What `--version` prints; "" if it does not end in time."""
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError as error:
        what = f"{path} cannot be run ({plain(error.strerror or 'unknown error')})"
        raise input_problem(what, _INSTALL) from error
    try:
        async with asyncio.timeout(_VERSION_SECONDS):
            output, _ = await process.communicate()
    except TimeoutError:
        return ""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output.decode("ascii", "replace").strip()


def _numbers(version: str) -> tuple[int, ...]:
    """Comparable: 1.2.764 as (1, 2, 764, 0)."""
    numbers = [int(part) for part in version.split(".")]
    return tuple(numbers + [0] * (4 - len(numbers)))
