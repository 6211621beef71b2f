"""Where credentials come from, by the configuration, and so how to renew them.

The order is the one in which botocore's own chain looks (`create_credential_resolver`). It is read
from the settings and not from the credentials, because it is needed where there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from ssmtui.core.text import plain

_Profiles = Mapping[str, Mapping[str, Any]]


class Source(StrEnum):
    """What gives credentials in the end; of a role, what it is assumed with."""

    ENVIRONMENT = "environment"  # AWS_ACCESS_KEY_ID and what belongs to it
    WEB_IDENTITY = "web identity"  # a token in a file
    SSO = "sso"  # IAM Identity Center
    KEYS = "keys"  # written into the shared files
    LOGIN = "login"  # `aws login`: the console's own login
    PROCESS = "process"  # a program that prints them
    CONTAINER = "container"  # the role of a task or pod
    INSTANCE = "instance"  # the role of the machine, by its metadata
    NONE = "none"  # nothing is configured


class Origin(msgspec.Struct, frozen=True):
    """Where the credentials of a profile come from.

    `profile` is whose settings say so, None for the environment and the machine: of a role it is
    the last one in the chain of source profiles. `file` is the credentials file.
    """

    source: Source
    profile: str | None = None
    temporary: bool = False  # keys with a session token
    file: str = ""

    @property
    def owner(self) -> str:
        """Whose they are, for a sentence: "of profile shop", "of this instance"."""
        match self.source:
            case Source.CONTAINER:
                return "of this container"
            case Source.INSTANCE:
                return "of this instance"
        return f"of profile {plain(self.profile)}" if self.profile else "of the environment"

    @property
    def outside(self) -> bool:
        """Whether a program or a file of somebody else gives them."""
        return self.source in (Source.PROCESS, Source.WEB_IDENTITY)

    @property
    def renewal(self) -> str:
        """What to do when they are missing, expired or not accepted."""
        name = plain(self.profile or "")
        option = f" --profile {name}" if name not in ("", "default") else ""
        match self.source:
            case Source.ENVIRONMENT:
                words = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY anew"
                if self.temporary:
                    words += ", and AWS_SESSION_TOKEN with them"
            case Source.WEB_IDENTITY:
                whose = f"the web_identity_token_file of profile {name}" if name else ""
                words = f"Renew the token in {whose or 'AWS_WEB_IDENTITY_TOKEN_FILE'}"
            case Source.SSO:
                words = f"Run: aws sso login{option}"
            case Source.LOGIN:
                words = f"Run: aws login{option}"
            case Source.KEYS if self.temporary:
                words = f"Get new temporary keys, and put them into profile {name} in {self.file}"
            case Source.KEYS:
                words = f"Correct the keys with: aws configure{option}"
            case Source.PROCESS:
                words = f"Run the credential_process of profile {name} by hand: it says why"
            case Source.CONTAINER:
                words = "Check the role of this task or pod, which gives them"
            case Source.INSTANCE:
                words = "Check the role of this instance, which gives them"
            case Source.NONE:
                words = f"Run aws configure sso{option} or aws configure{option}, or name "
                words += f"{'another' if name else 'a'} profile with --profile"
        return words


def origin_of(
    profile: str | None,
    profiles: _Profiles,
    environ: Mapping[str, str],
    *,
    named: bool,
    file: str = "",
) -> Origin:
    """Where the credentials of `profile` (None: the default one) come from.

    `profiles` are those of the shared files together. A profile that is `named` in so many words,
    and not by AWS_PROFILE, goes before keys in the environment.
    """
    name = profile or "default"
    own = profiles.get(name, {})
    keys = Origin(Source.ENVIRONMENT, temporary="AWS_SESSION_TOKEN" in environ)
    if not named and environ.get("AWS_ACCESS_KEY_ID"):
        return keys
    visited: set[str] = set()
    while _is_role(own) and name not in visited:
        visited.add(name)
        match own.get("credential_source"):
            case "Environment":
                return keys
            case "EcsContainer":
                return Origin(Source.CONTAINER)
            case "Ec2InstanceMetadata":
                return Origin(Source.INSTANCE)
        source = own.get("source_profile")
        if source is None:
            break
        name, own = str(source), profiles.get(str(source), {})
        if "aws_access_key_id" in own:
            break
    return _of_settings(name, own, file, environ, first=not visited and not named)


def _is_role(settings: Mapping[str, Any]) -> bool:
    return "role_arn" in settings and "web_identity_token_file" not in settings


def _of_settings(
    name: str, settings: Mapping[str, Any], file: str, environ: Mapping[str, str], *, first: bool
) -> Origin:
    """What one profile says, and, for the `first` one that nobody has named, the machine."""
    if first and environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return Origin(Source.WEB_IDENTITY)
    if "web_identity_token_file" in settings:
        return Origin(Source.WEB_IDENTITY, name)
    if "sso_account_id" in settings or "sso_role_name" in settings:
        return Origin(Source.SSO, name)
    if "aws_access_key_id" in settings:
        return Origin(Source.KEYS, name, "aws_session_token" in settings, file)
    if "login_session" in settings:
        return Origin(Source.LOGIN, name)
    if "credential_process" in settings:
        return Origin(Source.PROCESS, name)
    if any(f"AWS_CONTAINER_CREDENTIALS_{form}_URI" in environ for form in ("RELATIVE", "FULL")):
        return Origin(Source.CONTAINER)
    return Origin(Source.NONE, name if settings else None)
