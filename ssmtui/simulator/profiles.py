"""The shared configuration files by which the AWS CLI and SDKs reach the simulated accounts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from ssmtui.simulator.identities import Identity


def write_profiles(
    folder: Path, endpoint: str, region: str, identities: Iterable[tuple[str, Identity]]
) -> tuple[Path, Path]:
    """Write `config` and `credentials` (both 0600) for pairs of profile name and identity.

    The first profile is also the default one. Each names the endpoint, so that these keys are never
    sent to AWS itself, even where AWS_ENDPOINT_URL is forgotten; the variable still wins.
    """
    pairs = list(identities)
    config, credentials = [], []
    for name, identity in [("default", pairs[0][1]), *pairs]:
        section = name if name == "default" else f"profile {name}"
        config.append(f"[{section}]\nregion = {region}\nendpoint_url = {endpoint}\n")
        credentials.append(
            f"[{name}]\naws_access_key_id = {identity.access_key}\n"
            f"aws_secret_access_key = {identity.secret_key}\n"
        )
    config_file, credentials_file = folder / "config", folder / "credentials"
    _write_private(config_file, "\n".join(config))
    _write_private(credentials_file, "\n".join(credentials))
    return config_file, credentials_file


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
