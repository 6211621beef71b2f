"""The `aws ...` line that does what a call does, for the audit and the screen."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

import msgspec

from ssmtui.aws.transport import Route

MASK = "***"

# AWS marks these members as sensitive for other reasons than secrecy from the one who sends them.
_HARMLESS = frozenset({"IPAddress", "IpAddress", "MaintenanceWindowDescription"})
_SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token(?!Type)|credential|private.?key|api.?key", re.IGNORECASE
)
# Tokens that name a page or a request and open nothing.
_HARMLESS_NAMES = frozenset({"NextToken", "PaginationToken", "ClientToken"})


def kebab(name: str) -> str:
    """The AWS CLI's spelling of a name: describe-instance-properties."""
    from botocore import xform_name

    return str(xform_name(name, "-"))


def command_line(
    service: str, operation: str, params: Mapping[str, Any], shape: Any, route: Route
) -> str:
    """One shell-quoted line. What is secret by the model or by its name is masked."""
    words = ["aws", service, kebab(operation)]
    for name, value in params.items():
        words += _option(name, value, _member(shape, name))
    words += ["--region", route.region]
    if route.profile:
        words += ["--profile", route.profile]
    if route.endpoint_url:
        words += ["--endpoint-url", route.endpoint_url]
    return shlex.join(words)


def _option(name: str, value: Any, shape: Any) -> list[str]:
    option = f"--{kebab(name)}"
    shown = masked(name, value, shape)
    if isinstance(shown, bool):
        return [option if shown else f"--no-{kebab(name)}"]
    if isinstance(shown, list) and all(isinstance(item, (str, int, float)) for item in shown):
        return [option, *map(str, shown)]
    return [option, _text(shown)]


def masked(name: str, value: Any, shape: Any = None) -> Any:
    """The value as plain JSON values, with every secret in it replaced."""
    if _secret(name, shape):
        return MASK
    if isinstance(value, Mapping):
        return {
            str(key): masked(str(key), item, _member(shape, str(key)))
            for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [masked(name, item, getattr(shape, "member", None)) for item in value]
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return MASK  # a Secret, a stream: nothing that can be shown


def _secret(name: str, shape: Any) -> bool:
    if shape is not None and shape.name not in _HARMLESS and shape.metadata.get("sensitive"):
        return True
    return name not in _HARMLESS_NAMES and _SECRET_NAME.search(name) is not None


def _member(shape: Any, name: str) -> Any:
    """The shape of a structure's member or of a map's values; None where the model is silent."""
    if shape is None:
        return None
    if shape.type_name == "structure":
        return shape.members.get(name)
    return shape.value if shape.type_name == "map" else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
