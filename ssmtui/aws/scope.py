"""The gate: one account in one Region, and the only way to AWS."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any

import msgspec

from ssmtui.aws.audit import Audit, Deed
from ssmtui.aws.calls import Call, Caller
from ssmtui.aws.changes import Change, Outcome, Reconcile, send_change
from ssmtui.aws.clock import Clock
from ssmtui.aws.commandline import command_line
from ssmtui.aws.errors import failure_before, failure_of
from ssmtui.aws.limiter import Priority
from ssmtui.aws.mode import Mode, Opening
from ssmtui.aws.operations import OpClass, class_of, full_name, needed_mode
from ssmtui.aws.paging import Pager
from ssmtui.aws.signing import Credentials, Grant, signed_headers
from ssmtui.aws.transport import Answer, Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain

__all__ = ["Account", "Change", "Mode", "Outcome", "Priority", "Scope"]

_log = logging.getLogger(__name__)

_START_AGAIN = "Start again without --read-only and --mode"
_ON_SESSIONS = frozenset({"ResumeSession", "TerminateSession"})

NO_PARAMS: Mapping[str, Any] = {}


class Account:
    """What all scopes of one account share: who is calling, and the alias once it is known."""

    def __init__(self, account_id: str, identity: str, arn: str) -> None:
        self.id = account_id
        self.identity = identity
        self.arn = arn
        self.alias: str | None = None


class Scope:
    """One account in one Region, through one profile. All methods raise ProblemError only."""

    def __init__(
        self,
        *,
        key: ScopeKey,
        account: Account,
        route: Route,
        caller: Caller,
        audit: Audit,
        profile: str | None = None,
        given_name: str | None = None,
        production: bool = False,
        mode: Mode = Mode.CHANGE,
        ceiling: Mode = Mode.CHANGE,
        expires: Callable[[], float | None] = lambda: None,
    ) -> None:
        self.key = key
        self.account = account
        self.route = route
        self.profile = profile
        self.production = production
        self._given_name = given_name
        self._opening = Opening(mode, ceiling, caller.clock)
        self._caller = caller
        self._audit = audit
        self._expires = expires
        self._pager = Pager(key)
        self._sessions: set[str] = set()

    def __repr__(self) -> str:
        return f"<Scope {self.key}>"

    # Who and where

    @property
    def region(self) -> str:
        return self.key.region

    @property
    def identity(self) -> str:
        """Who is calling: the last part of the ARN."""
        return self.account.identity

    @property
    def alias(self) -> str | None:
        """The account's alias; None while it is not known, and where there is none."""
        return self.account.alias

    @property
    def name(self) -> str:
        """A short name for people: the configured one, the alias, the profile or the account."""
        return self._given_name or self.alias or self.profile or self.key.account

    @property
    def own_names(self) -> tuple[str, ...]:
        """What it is called whatever the alias, which comes late, turns out to be."""
        names = (self._given_name, self.profile, self.key.account)
        return tuple(name for name in names if name)

    @property
    def place(self) -> str:
        """Where, for a sentence: "prod (111122223333/eu-west-1)"."""
        name, where = plain(self.name), str(self.key)
        return where if name == self.key.account else f"{name} ({where})"

    @property
    def expires(self) -> float | None:
        """When the credentials expire, in seconds since the epoch; None if they do not say."""
        return self._expires()

    @property
    def clock(self) -> Clock:
        """The clock by which its calls wait."""
        return self._caller.clock

    def command_line(self, service: str, operation: str, params: Mapping[str, Any]) -> str:
        """The `aws ...` line of a call that is not made, with secrets masked."""
        call = self._call(service, operation, params)
        shape = self._caller.transport.input_shape(service, operation)
        return command_line(service, operation, call.params, shape, call.route)

    # Modes

    @property
    def mode(self) -> Mode:
        """The mode in force: raised while the scope is armed."""
        return self._opening.mode

    @property
    def armed_seconds(self) -> float:
        """How long the scope is still armed; 0 if it is not."""
        return self._opening.armed_seconds

    @property
    def can_arm(self) -> bool:
        """Whether arming opens anything: not where the program was started for reading only."""
        return self._opening.can_arm

    def arm(self, seconds: float) -> None:
        """Open the scope for changes until `seconds` from now. ProblemError if it cannot be."""
        ceiling = self._opening.ceiling
        if not ceiling.allows(Mode.CHANGE):
            what = f"{plain(self.name)} cannot be armed: it was opened in {ceiling} mode"
            raise ProblemError(Problem(ProblemKind.MODE, what, _START_AGAIN, scope=self.key))
        self._opening.arm(seconds)

    def disarm(self) -> None:
        """Close the scope again."""
        self._opening.disarm()

    # Reads

    async def read(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        priority: Priority = Priority.FOREGROUND,
        raw: bool = False,
    ) -> Answer:
        """The answer of a read, tried again while that makes sense.

        Times are seconds since the epoch (float) or None; the large pages hold the Structs of
        `aws.decode`. `raw` gives the service's own members, with times as RFC 3339 text.
        """
        self._refuse_unless(service, operation, {OpClass.READ}, "read")
        call = self._call(service, operation, params, raw=raw)
        return await self._caller.repeated(call, priority)

    async def pages(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        page_size: int | None = None,
        priority: Priority = Priority.FOREGROUND,
    ) -> AsyncGenerator[Answer, None]:
        """Every page of a read, as `read` gives it, through empty pages to the last token.

        A list that cannot be read to its end ends with a ProblemError, after the pages so far.
        Where a service allows less than `page_size`, its own limit is taken.
        """
        self._refuse_unless(service, operation, {OpClass.READ}, "pages")

        async def fetch(asked: Mapping[str, Any]) -> Answer:
            return await self._caller.repeated(self._call(service, operation, asked), priority)

        following = self._pager.follow(service, operation, params, page_size, fetch)
        async with aclosing(following):
            async for page in following:
                yield page

    async def secret_read(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        intent: str,
        priority: Priority = Priority.FOREGROUND,
    ) -> Answer:
        """The answer of a read that may hold secrets: audited. SecureString values are Secret."""
        self._refuse_unless(service, operation, {OpClass.SECRET_READ}, "secret_read")
        call = self._call(service, operation, params)
        deed = self._deed(call, OpClass.SECRET_READ, intent)
        await self._audit.intend(deed)
        try:
            answer = await self._caller.repeated(call, priority)
        except ProblemError as error:
            self._conclude(deed, "failed", error.problem)
            raise
        except asyncio.CancelledError:
            self._conclude(deed, "cancelled", None)
            raise
        self._conclude(deed, "done", None)
        return answer

    # Changes

    async def change(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        intent: str,
        reconcile: Reconcile | None = None,
        priority: Priority = Priority.FOREGROUND,
    ) -> Change:
        """Send a change once, with its intent and its outcome on record.

        It is sent again only after a definite throttling refusal, or after `reconcile` has said of
        a lost answer that the change was definitely not done. Also for what hands out credentials:
        sessions and tokens. ProblemError: the class or the mode forbids it, or the intent could not
        be recorded; nothing was sent.
        """
        allowed = {OpClass.CHANGE, OpClass.CREDENTIAL}
        op_class = self._refuse_unless(service, operation, allowed, "change")
        self._refuse_by_mode(service, operation, params)
        call = self._call(service, operation, params)
        deed = self._deed(call, op_class, intent)
        await self._audit.intend(deed)
        sent = False

        def on_send() -> None:
            nonlocal sent
            sent = True

        try:
            change = await send_change(
                self._caller,
                call,
                command=deed.command,
                priority=priority,
                reconcile=reconcile,
                on_send=on_send,
            )
        except asyncio.CancelledError:
            self._conclude(deed, Outcome.UNKNOWN if sent else Outcome.REFUSED, None)
            raise
        if operation == "StartSession" and "SessionId" in change.answer:
            self._sessions.add(change.answer["SessionId"])
        audit_problem = self._conclude(deed, change.outcome, change.problem, change.answer)
        if change.problem is None and audit_problem is not None:
            return msgspec.structs.replace(change, problem=audit_problem)
        return change

    @asynccontextmanager
    async def lent(
        self, service: str, operation: str, params: Mapping[str, Any], *, intent: str
    ) -> AsyncIterator[Grant]:
        """A way in for another library's calls, on record by the one that stands for them all.

        Whatever they raise comes out as a ProblemError.
        """
        op_class = self._refuse_unless(service, operation, set(OpClass), "lent")
        self._refuse_by_mode(service, operation, params)
        call = self._call(service, operation, params)
        credentials, ca_bundle = await self._credentials()
        deed = self._deed(call, op_class, intent)
        await self._audit.intend(deed)
        route = self.route
        try:
            yield Grant(route.profile, route.region, route.endpoint_url, credentials, ca_bundle)
        except asyncio.CancelledError:
            self._conclude(deed, "cancelled", None)
            raise
        except Exception as error:
            problem = failure_of(error, self._caller.site(call)).problem
            self._conclude(deed, "failed", problem)
            raise ProblemError(problem) from error
        self._conclude(deed, "done", None)

    # Around a session that was started

    def endpoint(self, service: str) -> str:
        """The address that calls of a service go to; "" before the first one."""
        return self._caller.transport.endpoint(self.route, service)

    async def credentials(self) -> Credentials:
        """The credentials in force, for a session's own tools."""
        return (await self._credentials())[0]

    async def upgrade(self, url: str) -> tuple[dict[str, str], str | None]:
        """What opening a session's data channel at `url` takes.

        The headers that sign it, and the file of certificates to trust, None for the system's.
        """
        credentials, ca_bundle = await self._credentials()
        return signed_headers(url, "ssmmessages", self.region, credentials), ca_bundle

    async def _credentials(self) -> tuple[Credentials, str | None]:
        try:
            return await self._caller.transport.credentials(self.route)
        except Exception as error:  # as of `Caller.once`
            call = self._call("ssmmessages", "OpenDataChannel", NO_PARAMS)
            raise ProblemError(failure_before(error, self._caller.site(call)).problem) from error

    # What the gate checks and records

    def _refuse_unless(
        self, service: str, operation: str, allowed: set[OpClass], method: str
    ) -> OpClass:
        name = full_name(service, operation)
        try:
            op_class = class_of(service, operation)
        except KeyError:
            what = f"{name} has no class and is never called"
        else:
            if op_class in allowed:
                return op_class
            what = f"{name} is of class {op_class}, which {method}() does not call"
        raise ProblemError(
            Problem(ProblemKind.BUG, what, "Please report it", operation=name, scope=self.key)
        )

    def _refuse_by_mode(self, service: str, operation: str, params: Mapping[str, Any]) -> None:
        needed = needed_mode(service, operation)
        # A session that was opened here may be kept up and must be ended, also when the time for
        # which the scope was armed is over.
        ours = operation in _ON_SESSIONS and params.get("SessionId") in self._sessions
        if ours or self.mode.allows(needed):
            return
        name = full_name(service, operation)
        can_open = self._opening.ceiling.allows(needed)
        raise ProblemError(
            Problem(
                ProblemKind.MODE,
                f"{name} is not allowed in {self.mode} mode in {self.place}",
                "Open it for a while with :arm 15m" if can_open else _START_AGAIN,
                operation=name,
                scope=self.key,
            )
        )

    def _call(
        self, service: str, operation: str, params: Mapping[str, Any], *, raw: bool = False
    ) -> Call:
        return Call(
            self.key, self.route, service, operation, params, self.profile, raw, lambda: self.name
        )

    def _deed(self, call: Call, op_class: OpClass, intent: str) -> Deed:
        shape = self._caller.transport.input_shape(call.service, call.operation)
        return Deed(
            scope=self.key,
            identity=self.identity,
            profile=self.profile,
            operation=full_name(call.service, call.operation),
            op_class=op_class,
            intent=intent,
            command=command_line(call.service, call.operation, call.params, shape, call.route),
        )

    def _conclude(
        self, deed: Deed, outcome: str, problem: Problem | None, answer: Answer | None = None
    ) -> Problem | None:
        """Record an outcome. The deed is past: a full disk is a problem to show, no failure."""
        facts = {"code": problem.code, "problem": problem.what} if problem else {}
        if answer and (request_id := answer.get("ResponseMetadata", {}).get("RequestId")):
            facts["request_id"] = str(request_id)
        try:
            self._audit.conclude(deed, outcome, **facts)
        except OSError as error:
            _log.error("The outcome of %s could not be audited: %s", deed.operation, error.strerror)
            return Problem(
                ProblemKind.INPUT,
                f"The outcome of {deed.operation} ({outcome}) could not be audited",
                "Make the state folder writable",
                operation=deed.operation,
                scope=self.key,
            )
        return None
