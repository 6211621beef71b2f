"""A profile as the library sees it: its configuration and its credentials.

Everything that the AWS CLI honours is honoured, because the chain is botocore's own: environment,
shared files, SSO, roles, processes, containers and the instance's metadata (one attempt of one
second, unless the user's configuration says otherwise).
"""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from typing import Any

from aiobotocore.session import AioSession
from botocore.exceptions import NoCredentialsError

from ssmtui.aws.origins import Origin, Source, origin_of
from ssmtui.aws.parsers import TypedParserFactory
from ssmtui.aws.signing import Credentials
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.secret import Secret
from ssmtui.core.text import plain


def open_profile(profile: str | None, loader: Any, config: Any = None) -> Profile:
    """The sessions of a profile (None: the default chain). Reads the shared files.

    `config` is of the clients by which the chain itself calls STS and SSO.
    Blocking for as long as these files take: make it in a thread. botocore's ProfileNotFound and
    ConfigParseError come through.
    """
    session = _session(profile, loader)
    if config is not None:
        session.set_default_client_config(config)
    session.get_scoped_config()
    origin = origin_of(
        session.get_config_variable("profile"),
        session.full_config["profiles"],
        os.environ,
        named=profile is not None,
        file=plain(str(session.get_config_variable("credentials_file"))),
    )
    resolver = session.get_component("credential_provider")
    # The default prompter would read the terminal that the UI is drawn on.
    resolver.get_provider("assume-role")._prompter = _MfaPrompter(profile)
    return Profile(session, _session(profile, loader), origin)


def _session(profile: str | None, loader: Any) -> Any:
    session = AioSession(profile=profile)
    session.register_component("data_loader", loader)
    return session


def profile_names() -> list[str]:
    """The names of all profiles in the shared files. Blocking; ConfigParseError comes through."""
    return sorted(AioSession().full_config["profiles"])


class _MfaPrompter:
    """Stands where an MFA code will be asked for; until then it says what to do."""

    def __init__(self, profile: str | None) -> None:
        self._profile = profile

    def __call__(self, _prompt: str) -> str:
        of_profile = f"Profile {plain(self._profile)}" if self._profile else "The default profile"
        raise ProblemError(
            Problem(
                ProblemKind.CREDENTIALS,
                f"{of_profile} asks for an MFA code, which ssmtui cannot ask for yet",
                "Get temporary credentials with: aws sts get-session-token, and use their profile",
            )
        )


class Profile:
    """The configuration of one profile, and its credentials: resolved once, then kept fresh.

    `session` is the library's own, by which the chain calls STS and SSO: it needs their answers as
    they are. `typed` makes our clients: it has our parsers and takes the credentials from here.
    """

    def __init__(self, session: Any, typed: Any, origin: Origin) -> None:
        self.session = session
        self._origin = origin
        self.typed = typed
        typed.register_component("response_parser_factory", TypedParserFactory())
        typed.register_component("credential_provider", self)
        self._lock = asyncio.Lock()
        self._credentials: Any = None

    async def load_credentials(self) -> Any:
        """What botocore asks of a credential provider; `ready` comes first."""
        return self._credentials

    async def ready(self) -> None:
        """Resolve, and refresh where needed. NoCredentialsError, and whatever the chain raises."""
        async with self._lock:
            if self._credentials is None:
                self._credentials = await self.session.get_credentials()
            if self._credentials is None:
                raise NoCredentialsError
            await self._credentials.get_frozen_credentials()

    async def credentials(self) -> Credentials:
        """The credentials in force, as of now. As `ready`."""
        await self.ready()
        frozen = await self._credentials.get_frozen_credentials()
        token = Secret(frozen.token) if frozen.token else None
        return Credentials(frozen.access_key, Secret(frozen.secret_key), token)

    @property
    def ca_bundle(self) -> str | None:
        """The file of certificates to trust instead of the system's, where one is named."""
        bundle = self.session.get_config_variable("ca_bundle")
        return str(bundle) if bundle else None

    @property
    def origin(self) -> Origin:
        """Where the credentials come from, or would."""
        # No setting says that this is an instance: the chain asks it when all else has failed.
        if getattr(self._credentials, "method", None) == "iam-role":
            return Origin(Source.INSTANCE)
        return self._origin

    @property
    def expires(self) -> float | None:
        """Seconds since the epoch; None for credentials that do not expire or do not say."""
        expiry = getattr(self._credentials, "_expiry_time", None)
        return expiry.timestamp() if isinstance(expiry, datetime) else None
