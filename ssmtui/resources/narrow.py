"""Which scopes an `@name` means: the same for the UI's contexts and the command line's filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ssmtui.core.problem import input_problem
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.scope import Scope


def narrowed(
    scopes: Sequence[Scope], names: Sequence[str], among: Sequence[Scope] = ()
) -> tuple[Scope, ...]:
    """The scopes that every kind of `@name` fits.

    Names of accounts (profile, configured name, id, alias) widen each other, and so do names of
    Regions; the two kinds narrow: `@prod @eu-west-1 @eu-central-1` is production in two Regions.
    Names are looked up in `among`, or in the scopes themselves. ProblemError for a wrong one.

    Aliases are learnt after the scopes. So that no name changes its meaning then, one that is a
    profile, a configured name or an id is no alias of another account.
    """
    known = among or scopes
    for name in names:
        if not any(is_account(scope, name) or is_region(scope, name) for scope in known):
            raise input_problem(f"There is no context @{plain(name)}", _remedy(known))
    kept = tuple(scopes)
    for fits in (_is_account_among(known), is_region):
        wanted = [name for name in names if any(fits(scope, name) for scope in known)]
        if wanted:
            kept = tuple(scope for scope in kept if any(fits(scope, name) for name in wanted))
    return kept


def _is_account_among(known: Sequence[Scope]) -> Callable[[Scope, str], bool]:
    """`is_account`, with aliases only where no scope has the name as its own."""
    own = {name for scope in known for name in scope.own_names}
    return lambda scope, name: name in scope.own_names if name in own else name == scope.alias


def is_account(scope: Scope, name: str) -> bool:
    return name in scope.own_names or name == scope.alias


def is_region(scope: Scope, name: str) -> bool:
    return name == scope.key.region


def context_names(scopes: Sequence[Scope]) -> list[str]:
    """What may stand after "@": profiles, aliases, account ids, Regions."""
    names: list[str] = []
    for scope in scopes:
        names += [scope.profile or "", scope.alias or "", *scope.own_names]
    names += [scope.key.region for scope in scopes]
    return [name for name in dict.fromkeys(names) if name]


def _remedy(scopes: Sequence[Scope]) -> str:
    names = context_names(scopes)
    return f"There are {plain(', '.join('@' + name for name in names[:8]))}" if names else ""
