"""Which scopes an `@name` means: the same for the UI's contexts and the command line's filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


def narrowed(
    scopes: Sequence[Scope], names: Sequence[str], among: Sequence[Scope] = ()
) -> tuple[Scope, ...]:
    """The scopes that every kind of `@name` fits.

    Names of accounts (profile, alias, configured name, id) widen each other, and so do names of
    Regions; the two kinds narrow: `@prod @eu-west-1 @eu-central-1` is production in two Regions.
    Names are looked up in `among`, or in the scopes themselves. ProblemError for a wrong one.
    """
    known = among or scopes
    for name in names:
        if not any(is_account(scope, name) or is_region(scope, name) for scope in known):
            raise input_problem(f"There is no context @{plain(name)}", _remedy(known))
    kept = tuple(scopes)
    for fits in (is_account, is_region):
        wanted = [name for name in names if any(fits(scope, name) for scope in known)]
        if wanted:
            kept = tuple(scope for scope in kept if any(fits(scope, name) for name in wanted))
    return kept


def is_account(scope: Scope, name: str) -> bool:
    return name in (scope.profile, scope.alias, scope.name, scope.key.account)


def is_region(scope: Scope, name: str) -> bool:
    return name == scope.key.region


def context_names(scopes: Sequence[Scope]) -> list[str]:
    """What may stand after "@": profiles, aliases, account ids, Regions."""
    names: list[str] = []
    for scope in scopes:
        names += [scope.profile or "", scope.alias or "", scope.name, scope.key.account]
    names += [scope.key.region for scope in scopes]
    return [name for name in dict.fromkeys(names) if name]


def _remedy(scopes: Sequence[Scope]) -> str:
    names = context_names(scopes)
    return f"There are {plain(', '.join('@' + name for name in names[:8]))}" if names else ""
