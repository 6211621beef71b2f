"""The gate: one account in one Region, and the only way to AWS."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from ssmtui.aws.audit import Audit, Deed
from ssmtui.aws.calls import Call, Caller, CallFailedError
from ssmtui.aws.commandline import command_line
from ssmtui.aws.errors import Failure, Fate
from ssmtui.aws.limiter import Priority
from ssmtui.aws.mode import Mode, lower
from ssmtui.aws.operations import OpClass, class_of, full_name, needed_mode
from ssmtui.aws.paging import next_token, smaller_page, tokens_of
from ssmtui.aws.transport import Answer, Route
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.text import plain

__all__ = ["Account", "Change", "Mode", "Outcome", "Priority", "Scope"]

_log = logging.getLogger(__name__)

NO_PARAMS: Mapping[str, Any] = {}

# Says what became of a change whose answer was lost: True it was done, False it was definitely not,
# None that cannot be told.
Reconcile = Callable[[], Awaitable[bool | None]]


class Outcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    REFUSED = "refused"  # it had no effect
    UNKNOWN = "unknown"  # it was sent, and nobody can say


class Change(msgspec.Struct, frozen=True):
    """A change that was asked for, and what became of it.

    `answer` is the service's; it is empty where a lost answer was reconciled. `problem` says why it
    was refused or is unknown, or what else went wrong around a change that was done. `command` is
    the equivalent `aws ...` line, with secrets masked.
    """

    outcome: Outcome
    command: str
    answer: Answer = {}
    problem: Problem | None = None
    reconciled: bool = False


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
        self._mode = lower(mode, ceiling)
        self._ceiling = ceiling
        self._armed_until = float("-inf")
        self._caller = caller
        self._audit = audit
        self._expires = expires
        self._page_limits: dict[str, int] = {}

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
    def expires(self) -> float | None:
        """When the credentials expire, in seconds since the epoch; None if they do not say."""
        return self._expires()

    # Modes

    @property
    def mode(self) -> Mode:
        """The mode in force: raised while the scope is armed."""
        return self._ceiling if self.armed_seconds > 0 else self._mode

    @property
    def armed_seconds(self) -> float:
        """How long the scope is still armed; 0 if it is not."""
        return max(0.0, self._armed_until - self._caller.clock.now())

    @property
    def can_arm(self) -> bool:
        """Whether arming opens anything: not where the program was started for reading only."""
        return not self._mode.allows(self._ceiling)

    def arm(self, seconds: float) -> None:
        """Open the scope for changes until `seconds` from now. ProblemError if it cannot be."""
        if not self._ceiling.allows(Mode.CHANGE):
            raise ProblemError(
                Problem(
                    ProblemKind.MODE,
                    f"{plain(self.name)} cannot be armed: it was opened in {self._ceiling} mode",
                    "Start again without --read-only and --mode",
                    scope=self.key,
                )
            )
        self._armed_until = self._caller.clock.now() + seconds

    def disarm(self) -> None:
        """Close the scope again."""
        self._armed_until = float("-inf")

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
        raw: bool = False,
    ) -> AsyncIterator[Answer]:
        """Every page of a read, as `read` gives it, through empty pages to the last token.

        A token that comes twice would go on for ever: it ends with a ProblemError, after the pages
        so far. Where a service allows less than `page_size`, its own limit is taken.
        """
        self._refuse_unless(service, operation, {OpClass.READ}, "pages")
        tokens = tokens_of(service)
        name = full_name(service, operation)
        seen: set[int] = set()
        token: str | None = None
        while True:
            size = self._page_limits.get(name, page_size) if page_size else None
            asked = dict(params)
            if size is not None:
                asked[tokens.size] = size
            if token is not None:
                asked[tokens.sent] = token
            call = self._call(service, operation, asked, raw=raw)
            try:
                page = await self._caller.repeated(call, priority)
            except ProblemError as error:
                limit = smaller_page(error.problem, size)
                if limit is None:
                    raise
                self._page_limits[name] = limit
                continue
            yield page
            token = next_token(tokens, page)
            if token is None:
                return
            if hash(token) in seen:
                raise ProblemError(
                    Problem(
                        ProblemKind.SERVICE,
                        f"{name} gave the same page token twice in {self.key}: the list is partial",
                        "Reload",
                        operation=name,
                        scope=self.key,
                    )
                )
            seen.add(hash(token))

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
        self._refuse_by_mode(service, operation)
        call = self._call(service, operation, params)
        deed = self._deed(call, op_class, intent)
        await self._audit.intend(deed)
        sent = False

        def on_send() -> None:
            nonlocal sent
            sent = True

        try:
            change = await self._send(call, deed.command, priority, reconcile, on_send)
        except asyncio.CancelledError:
            self._conclude(deed, Outcome.UNKNOWN if sent else Outcome.REFUSED, None)
            raise
        audit_problem = self._conclude(deed, change.outcome, change.problem, change.answer)
        if change.problem is None and audit_problem is not None:
            return msgspec.structs.replace(change, problem=audit_problem)
        return change

    async def _send(
        self,
        call: Call,
        command: str,
        priority: Priority,
        reconcile: Reconcile | None,
        on_send: Callable[[], None],
    ) -> Change:
        clock, retry = self._caller.clock, self._caller.retry
        started, attempt, may_resend = clock.now(), 1, True
        while True:
            try:
                answer = await self._caller.once(call, priority, on_send)
            except CallFailedError as failed:
                failure = failed.failure
            else:
                return Change(Outcome.DONE, command, answer)
            if failure.throttled:
                elapsed = clock.now() - started
                wait = retry.wait(attempt, attempts=failure.attempts, elapsed=elapsed)
                if wait is None:
                    return Change(Outcome.REFUSED, command, problem=failure.problem)
                await clock.sleep(wait)
                attempt += 1
                continue
            if failure.fate is not Fate.LOST:
                return Change(Outcome.REFUSED, command, problem=failure.problem)
            done = await _reconciled(reconcile)
            if done:
                return Change(Outcome.DONE, command, reconciled=True)
            if done is None:
                return Change(Outcome.UNKNOWN, command, problem=_lost(call, failure))
            if not may_resend:
                return Change(Outcome.REFUSED, command, problem=failure.problem, reconciled=True)
            may_resend = False

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

    def _refuse_by_mode(self, service: str, operation: str) -> None:
        needed = needed_mode(service, operation)
        if self.mode.allows(needed):
            return
        name = full_name(service, operation)
        armable = self._ceiling.allows(needed)
        raise ProblemError(
            Problem(
                ProblemKind.MODE,
                f"{name} is not allowed in {self.mode} mode in {plain(self.name)} ({self.key})",
                "Open it for a while with :arm 15m"
                if armable
                else "Start again without --read-only and --mode",
                operation=name,
                scope=self.key,
            )
        )

    def _call(
        self, service: str, operation: str, params: Mapping[str, Any], *, raw: bool = False
    ) -> Call:
        return Call(self.key, self.route, service, operation, params, self.profile, raw)

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


async def _reconciled(reconcile: Reconcile | None) -> bool | None:
    """What reconciling says; not being able to look is not being able to tell."""
    if reconcile is None:
        return None
    try:
        return await reconcile()
    except ProblemError:
        return None


def _lost(call: Call, failure: Failure) -> Problem:
    return Problem(
        ProblemKind.UNKNOWN,
        f"{failure.problem.what}. It was sent and may have been done",
        "Look before doing it again",
        code=failure.problem.code,
        operation=full_name(call.service, call.operation),
        scope=call.scope,
    )
