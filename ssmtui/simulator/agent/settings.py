"""What an account has set up for its sessions in a Region."""

from __future__ import annotations

from dataclasses import dataclass

from ssmtui.simulator.world.scope import Scope

MINUTE = 60.0


@dataclass(slots=True)
class SessionSettings:
    """Session preferences, and the few settings beside them that decide about sessions.

    The first ones are the inputs of the account's SSM-SessionManagerRunShell document ("Configure
    session preferences" of the user guide): times in minutes, `max_minutes` None for no limit.
    `kms_key` is an id, alias or ARN; empty: sessions are not encrypted with a key of the account.
    """

    idle_minutes: int = 20
    max_minutes: int | None = None
    kms_key: str = ""
    s3_bucket: str = ""
    s3_prefix: str = ""
    log_group: str = ""
    run_as: str = ""

    # The activation tier: without it, sessions to hybrid nodes are refused.
    advanced_tier: bool = True
    # A policy with the condition ssm:SessionDocumentAccessCheck: who names no document is refused,
    # also where the default one would be allowed.
    document_must_be_named: bool = False
    # Of the agents' own configuration (SessionWorkersLimit): how many sessions one has at a time.
    sessions_per_node: int = 1000


def usual(scope: Scope) -> SessionSettings:
    """What a scope begins with: accounts of production keep logs and end long sessions."""
    if scope.account.env != "prod":
        return SessionSettings()
    return SessionSettings(
        max_minutes=720,
        s3_bucket=f"{scope.account.alias}-session-logs",
        s3_prefix=scope.region,
        log_group="/ssm/sessions",
    )
