"""One call at a time through the limiter, and reads repeated until they answer or it is enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from ssmtui.aws.clock import Clock
from ssmtui.aws.errors import CallSite, Failure, failure_before, failure_of
from ssmtui.aws.limiter import Limiter, Priority
from ssmtui.aws.retries import RetryPolicy
from ssmtui.aws.transport import Answer, Route, Transport
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import ProblemError


class CallFailedError(Exception):
    """A call that was not answered well, on its way to whoever decides about another attempt."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.problem.sentence)
        self.failure = failure


class Call(msgspec.Struct, frozen=True):
    """A call to be made. `profile` is the one to show, `route` the way in.

    `named` tells what the scope is called: asked when there is trouble to tell, as an account's
    alias may be learned while the call is under way. None before there is a scope.
    """

    scope: ScopeKey
    route: Route
    service: str
    operation: str
    params: Mapping[str, Any]
    profile: str | None = None
    raw: bool = False
    named: Callable[[], str] | None = None


class Caller:
    """Makes calls. What may be called is decided before, by the gate."""

    def __init__(
        self, transport: Transport, limiter: Limiter, clock: Clock, retry: RetryPolicy
    ) -> None:
        self.transport = transport
        self.limiter = limiter
        self.clock = clock
        self.retry = retry

    async def once(
        self, call: Call, priority: Priority, on_send: Callable[[], None] = lambda: None
    ) -> Answer:
        """Call once, telling `on_send` right before it may have an effect. CallFailedError."""
        try:
            await self.transport.prepare(call.route, call.service)
        except Exception as error:
            # Whatever the user's files, programs and variables make the library raise.
            raise CallFailedError(failure_before(error, self.site(call))) from error
        limiter = self.limiter
        async with limiter.slot(call.scope, call.service, call.operation, priority) as slot:
            on_send()
            try:
                answer = await self.transport.send(
                    call.route, call.service, call.operation, dict(call.params), raw=call.raw
                )
            except Exception as error:
                # The call may have had its effect: also of a bug it has to be said that way.
                failure = failure_of(error, self.site(call))
                if failure.throttled:
                    slot.throttled()
                raise CallFailedError(failure) from error
            slot.succeeded()
            return answer

    async def repeated(self, call: Call, priority: Priority) -> Answer:
        """Call until there is an answer. Only for what has no effect. ProblemError."""
        started = self.clock.now()
        attempt = 1
        while True:
            try:
                return await self.once(call, priority)
            except CallFailedError as failed:
                failure = failed.failure
                elapsed = self.clock.now() - started
                wait = self.retry.wait(attempt, attempts=failure.attempts, elapsed=elapsed)
                if wait is None:
                    raise ProblemError(failure.problem) from failed
            await self.clock.sleep(wait)
            attempt += 1

    def site(self, call: Call) -> CallSite:
        """Where a call goes, for the words of what goes wrong with it."""
        return CallSite(
            scope=call.scope,
            service=call.service,
            operation=call.operation,
            profile=call.profile,
            endpoint=self.transport.endpoint(call.route, call.service),
            origin=self.transport.origin(call.route),
            scope_name=call.named() if call.named else "",
        )
