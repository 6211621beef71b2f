"""What the first line says, gathered from the scopes in force."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ssmtui.aws.mode import Mode, lower
from ssmtui.core.columns import age
from ssmtui.ui.contexts import Contexts, trouble_words
from ssmtui.ui.feed import Feed
from ssmtui.ui.launch import Launch
from ssmtui.ui.widgets.header import HeaderFacts

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope

# Credentials that end sooner than this are said in the colour of a warning.
EXPIRY_WARNING_SECONDS = 900


def header_facts(contexts: Contexts, feed: Feed, launch: Launch, connecting: str) -> HeaderFacts:
    """The header for the scopes that the feed covers. `connecting` says how that goes, until
    the scopes are known."""
    scopes = feed.scopes
    if not scopes:
        return HeaderFacts(
            contexts=connecting, demo=launch.demo, trouble=trouble_words(contexts.problems)
        )
    expires = _soonest(scopes)
    left = None if expires is None else expires - launch.now()
    return HeaderFacts(
        contexts=_contexts(scopes),
        production=any(scope.production for scope in scopes),
        identity=_identity(scopes),
        expires=_expiry(left),
        expiring=left is not None and left < EXPIRY_WARNING_SECONDS,
        mode=_mode(scopes),
        trouble=trouble_words([*contexts.problems, *feed.problems]),
        demo=launch.demo,
    )


def _contexts(scopes: Sequence[Scope]) -> str:
    accounts = _distinct(scopes, lambda scope: scope.key.account)
    regions = _distinct(scopes, lambda scope: scope.key.region)
    name = scopes[0].name if len(accounts) == 1 else f"{len(accounts)} acct"
    if len(regions) == 1:
        return f"{name} {regions[0]}" if len(accounts) == 1 else f"{name} in {regions[0]}"
    return f"{name} x {len(regions)} Regions"


def _identity(scopes: Sequence[Scope]) -> str:
    """Who is calling: one name, with the account's where all scopes are of one account."""
    identities = _distinct(scopes, lambda scope: scope.identity)
    names = _distinct(scopes, lambda scope: scope.name)
    if len(identities) > 1:
        return f"{len(identities)} identities"
    return f"{identities[0]}@{names[0]}" if len(names) == 1 else identities[0]


def _distinct(scopes: Sequence[Scope], of: Callable[[Scope], str]) -> list[str]:
    return list(dict.fromkeys(of(scope) for scope in scopes))


def _soonest(scopes: Sequence[Scope]) -> float | None:
    return min((at for scope in scopes if (at := scope.expires) is not None), default=None)


def _expiry(left: float | None) -> str:
    if left is None:
        return ""
    return f"expires {age(left)}" if left > 0 else "expired"


def _mode(scopes: Sequence[Scope]) -> str:
    """The countdown where something is armed, else the mode unless it is the open one."""
    armed = max(scope.armed_seconds for scope in scopes)
    if armed > 0:
        minutes, seconds = divmod(int(armed), 60)
        return f"armed {minutes:02}:{seconds:02}"
    mode = lowest_mode(scopes)
    return "" if mode is Mode.CHANGE else f"{mode} mode"


def lowest_mode(scopes: Sequence[Scope]) -> Mode:
    """The most careful mode of the scopes; look where there are none."""
    if not scopes:
        return Mode.LOOK
    mode = scopes[0].mode
    for scope in scopes[1:]:
        mode = lower(mode, scope.mode)
    return mode
