"""From profiles and Regions to scopes: who is calling, where, and how far each context is open."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import msgspec

from ssmtui.aws.audit import Audit
from ssmtui.aws.calls import Call, Caller
from ssmtui.aws.clock import Clock, SystemClock
from ssmtui.aws.endpoints import endpoints_are_set, wrong_endpoint
from ssmtui.aws.errors import CallSite, failure_before
from ssmtui.aws.limiter import Limiter, Priority
from ssmtui.aws.mode import Mode, lower
from ssmtui.aws.retries import RetryPolicy
from ssmtui.aws.scope import Account, Scope
from ssmtui.aws.transport import Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.near import did_you_mean
from ssmtui.core.problem import Problem, ProblemError, ProblemKind, input_problem
from ssmtui.core.tasks import spawn
from ssmtui.core.text import plain

if TYPE_CHECKING:
    from ssmtui.aws.clients import Clients


class ContextPolicy(msgspec.Struct, frozen=True):
    """What the user's configuration says of a profile or an account.

    Production contexts start in connect mode at most, unless `mode` says otherwise.
    """

    name: str | None = None
    production: bool = False
    mode: Mode | None = None


class Settings(msgspec.Struct, frozen=True):
    """How to reach AWS. `contexts` goes by profile name or account id; times are in seconds."""

    audit: Path | None = None
    contexts: Mapping[str, ContextPolicy] = {}
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    retry: RetryPolicy = RetryPolicy()


class Selection(msgspec.Struct, frozen=True):
    """Which scopes are wanted. Nothing named is what the AWS CLI would take.

    `mode` is the furthest that any scope may be opened, also by arming (None: no bound).
    `production` True treats every scope as production.
    """

    profiles: Sequence[str] = ()
    regions: Sequence[str] = ()
    all_regions: bool = False
    endpoint_url: str | None = None
    mode: Mode | None = None
    production: bool = False


class Gateway:
    """The way to AWS, for as long as the program runs: `async with Gateway(settings) as gateway`.

    Entering imports the AWS library and reads its models in a thread; everything else happens on
    the loop that entered.
    """

    def __init__(self, settings: Settings = Settings(), *, clock: Clock | None = None) -> None:  # noqa: B008 - frozen
        self._settings = settings
        self._clock = clock or SystemClock()
        self._audit = Audit(settings.audit)
        self.limiter = Limiter(clock=self._clock)
        self._opened: tuple[Clients, Caller] | None = None
        self._accounts: dict[str, Account] = {}
        self._scopes: dict[tuple[ScopeKey, Route], Scope] = {}
        self._aliases: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        clients = await asyncio.to_thread(_load, self._settings)
        caller = Caller(clients, self.limiter, self._clock, self._settings.retry)
        self._opened = (clients, caller)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._aliases.values():
            task.cancel()
        await asyncio.gather(*self._aliases.values(), return_exceptions=True)
        await self._clients.close()

    @property
    def _clients(self) -> Clients:
        return self._open()[0]

    @property
    def _caller(self) -> Caller:
        return self._open()[1]

    def _open(self) -> tuple[Clients, Caller]:
        if self._opened is None:
            raise RuntimeError("the gateway is used before it is entered")
        return self._opened

    # What the user sees of it

    async def profiles(self) -> list[str]:
        """The names of all profiles in the shared files. ProblemError if these cannot be read."""
        from botocore.exceptions import BotoCoreError

        from ssmtui.aws.credentials import profile_names

        try:
            return await asyncio.to_thread(profile_names)
        except (BotoCoreError, OSError, ValueError) as error:  # what reading files raises
            raise ProblemError(failure_before(error, _NOWHERE).problem) from error

    async def resolve(self, selection: Selection) -> tuple[list[Scope], list[Problem]]:
        """The scopes of a selection in its order, and the trouble of those that cannot be had.

        Two profiles that lead to the same account give one scope a Region. A wrong Region is one
        problem, and leaves the others be.
        """
        found = [item async for item in self.resolving(selection)]
        scopes = [item for item in found if isinstance(item, Scope)]
        return scopes, [item for item in found if isinstance(item, Problem)]

    async def resolving(self, selection: Selection) -> AsyncIterator[Scope | Problem]:
        """What `resolve` gives, a profile at a time; the profiles are resolved side by side."""
        profiles: Sequence[str | None] = list(dict.fromkeys(selection.profiles)) or [None]
        tasks = [
            spawn(self._profile_scopes(profile, selection), f"resolve {profile or 'default'}")
            for profile in profiles
        ]
        given: set[ScopeKey | Problem] = set()
        try:
            for task in tasks:
                for item in await task:
                    same = item.key if isinstance(item, Scope) else item
                    if same not in given:
                        given.add(same)
                        yield item
        finally:
            for task in tasks:
                task.cancel()

    async def aliases(self) -> None:
        """Wait until the alias of every account is known or denied."""
        await asyncio.gather(*self._aliases.values())

    def renew(self, profile: str | None) -> None:
        """Resolve a profile's credentials anew from the next call on, after a login say."""
        self._clients.forget(profile)

    # One profile

    async def _profile_scopes(
        self, profile: str | None, selection: Selection
    ) -> list[Scope | Problem]:
        wrong: list[Problem] = []
        try:
            regions, wrong = await self._regions(profile, selection)
            if not regions:
                return [*wrong]
            first = Route(profile, regions[0], selection.endpoint_url)
            account = await self._account(first)
        except ProblemError as error:
            return [*wrong, error.problem]
        routes = [msgspec.structs.replace(first, region=region) for region in regions]
        return [*(self._scope(route, account, selection) for route in routes), *wrong]

    async def _account(self, route: Route) -> Account:
        """Who is calling. One object an account, so that all its scopes learn the alias."""
        answer = await self._ask(route, "sts", "GetCallerIdentity")
        arn, account_id = str(answer.get("Arn", "")), str(answer.get("Account", ""))
        identity = arn.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
        account = self._accounts.setdefault(account_id, Account(account_id, identity, arn))
        if account_id not in self._aliases:
            task = spawn(self._learn_alias(account, route), f"alias of {account_id}")
            self._aliases[account_id] = task
        return account

    async def _learn_alias(self, account: Account, route: Route) -> None:
        try:
            answer = await self._ask(
                route, "iam", "ListAccountAliases", priority=Priority.BACKGROUND
            )
        except ProblemError:
            return  # an alias is a convenience: many may not list it, and nobody misses it
        if aliases := answer.get("AccountAliases"):
            account.alias = str(aliases[0])

    def _scope(self, route: Route, account: Account, selection: Selection) -> Scope:
        key = ScopeKey(account.id, route.region)
        if scope := self._scopes.get((key, route)):
            return scope
        profile = _shown_profile(route.profile)
        policy = self._policy(profile, account.id)
        production = policy.production or selection.production
        mode = policy.mode or (Mode.CONNECT if production else Mode.CHANGE)
        scope = Scope(
            key=key,
            account=account,
            route=route,
            caller=self._caller,
            audit=self._audit,
            profile=profile,
            given_name=policy.name,
            production=production,
            mode=mode,
            ceiling=selection.mode or Mode.CHANGE,
            expires=lambda: self._clients.expires(route.profile),
        )
        self._scopes[key, route] = scope
        return scope

    def _policy(self, profile: str | None, account: str) -> ContextPolicy:
        """What the configuration says, of the profile first; either may mark it as production."""
        contexts = self._settings.contexts
        by_account = contexts.get(account, ContextPolicy())
        by_profile = contexts.get(profile, ContextPolicy()) if profile else ContextPolicy()
        modes = [policy.mode for policy in (by_profile, by_account) if policy.mode]
        return ContextPolicy(
            name=by_profile.name or by_account.name,
            production=by_profile.production or by_account.production,
            mode=lower(modes[0], modes[-1]) if modes else None,
        )

    # Regions

    async def _regions(
        self, profile: str | None, selection: Selection
    ) -> tuple[list[str], list[Problem]]:
        """The Regions to open, and the trouble with those that are none. ProblemError."""
        session = await self._session(profile)
        if not selection.endpoint_url and (problem := wrong_endpoint(session, _READ_FROM)):
            raise ProblemError(problem)
        default = os.environ.get("AWS_REGION") or session.get_config_variable("region")
        if selection.all_regions:
            return await self._all_regions(profile, session, default, selection), []
        regions = list(dict.fromkeys(selection.regions)) or ([default] if default else [])
        if not regions:
            shown = _shown_profile(profile)
            raise input_problem(
                f"No Region is set for profile {plain(shown)}" if shown else "No Region is set",
                "Name one with --region, or run aws configure set region",
            )
        known = await _known_regions(session)
        # Behind an endpoint may be a Region newer than the library, but it is called like one.
        open_end = bool(selection.endpoint_url) or endpoints_are_set(session)
        good = [each for each in regions if each in known or (open_end and _REGION.fullmatch(each))]
        wrong = [
            input_problem(
                f"{plain(region)} is not a Region", did_you_mean(region, sorted(known))
            ).problem
            for region in regions
            if region not in good
        ]
        return good, wrong

    async def _all_regions(
        self, profile: str | None, session: Any, default: str | None, selection: Selection
    ) -> list[str]:
        """The Regions that the account is opted in to, or may be if it may not ask."""
        start = default or "us-east-1"
        route = Route(profile, start, selection.endpoint_url)
        try:
            answer = await self._ask(route, "ec2", "DescribeRegions")
        except ProblemError as error:
            if error.problem.kind is not ProblemKind.DENIED:
                raise
            return await self._possible_regions(session, route)
        return sorted(str(region["RegionName"]) for region in answer.get("Regions", ()))

    async def _possible_regions(self, session: Any, home: Route) -> list[str]:
        """The Regions of the partition without those that are off: they accept no credentials.

        The home Region comes first and is never left out: its refusal is said as what it is.
        """
        others = [
            msgspec.structs.replace(home, region=region)
            for region in await _partition_regions(session, home.region)
            if region != home.region
        ]
        tasks = [spawn(self._is_off(route), f"try {route.region}") for route in others]
        off = await asyncio.gather(*tasks)
        return [
            home.region,
            *(route.region for route, is_off in zip(others, off, strict=True) if not is_off),
        ]

    async def _is_off(self, route: Route) -> bool:
        try:
            await self._ask(route, "sts", "GetCallerIdentity")
        except ProblemError as error:
            return error.problem.kind is ProblemKind.CREDENTIALS
        return False

    # The library's session, and calls before there is a scope

    async def _session(self, profile: str | None) -> Any:
        from botocore.exceptions import BotoCoreError, ProfileNotFound

        name, clients = _shown_profile(profile), self._clients
        try:
            opened = await clients.profile(profile)
        except ProfileNotFound as error:
            remedy = _near_profile(str(name), await self.profiles())
            if not name:  # AWS_PROFILE= is a profile without a name to the library
                what, remedy = "AWS_PROFILE is set, but empty", "Unset it, or name a profile in it"
                raise input_problem(what, remedy) from error
            raise input_problem(f"There is no profile {plain(str(name))}", remedy) from error
        except (BotoCoreError, OSError, ValueError) as error:  # what reading files raises
            site = msgspec.structs.replace(_NOWHERE, profile=name)
            raise ProblemError(failure_before(error, site).problem) from error
        return opened.session

    async def _ask(
        self,
        route: Route,
        service: str,
        operation: str,
        *,
        priority: Priority = Priority.FOREGROUND,
    ) -> dict[str, Any]:
        """A read of our own, before or beside a scope. ProblemError."""
        key = ScopeKey("", route.region)
        call = Call(key, route, service, operation, {}, _shown_profile(route.profile))
        return await self._caller.repeated(call, priority)


_SHARED_FILES = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")

# What every scope is read from: a wrong endpoint of these is found before anything is called.
_READ_FROM = ("sts", "ssm", "ec2")

# us-east-1, us-gov-west-1, eusc-de-east-1
_REGION = re.compile(r"[a-z]{2,5}(-[a-z]+){1,2}-[0-9]{1,2}")

# Where trouble is before there is a Region.
_NOWHERE = CallSite(ScopeKey("", ""), "sts", "GetCallerIdentity")


def _load(settings: Settings) -> Clients:
    from ssmtui.aws.clients import Clients

    return Clients.load(
        connect_timeout=settings.connect_timeout, read_timeout=settings.read_timeout
    )


def _shown_profile(profile: str | None) -> str | None:
    """The profile's name for people: the one in force may come from the environment."""
    return profile or os.environ.get("AWS_PROFILE") or os.environ.get("AWS_DEFAULT_PROFILE")


async def _known_regions(session: Any) -> set[str]:
    """The Regions of all partitions, as the library knows them."""
    known: set[str] = set()
    for partition in session.get_available_partitions():
        known.update(await session.get_available_regions("ssm", partition))
    return known


async def _partition_regions(session: Any, region: str) -> list[str]:
    """The Regions beside this one, in the first partition where it is in none."""
    for partition in session.get_available_partitions():
        regions: list[str] = await session.get_available_regions("ssm", partition)
        if region in regions:
            return sorted(regions)
    return sorted(await session.get_available_regions("ssm"))


def _near_profile(name: str, known: Sequence[str]) -> str:
    """The remedy for a profile that is not there, also where there is none at all."""
    if known:
        return did_you_mean(name, known)
    named = [name for name in _SHARED_FILES if name in os.environ]
    where = f", or correct {' and '.join(named)}" if named else ""
    return f"There are none yet: run aws configure{where}"
