"""The engine: a request goes in, an answer comes out, whatever the protocol.

Who asks, and where, is read from the credential scope of the signature; what is asked for, from the
service's model. Then come the faults, the checks of the model, and the service's handler. Every
refusal on the way is an error that the protocol has words for.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import re
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from botocore.model import OperationModel

from ssmtui.simulator import presigned
from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.constraints import validate
from ssmtui.simulator.errors import Refusal, RefusedError, worded
from ssmtui.simulator.faults import (
    CHANNEL_OPERATIONS,
    FaultError,
    FaultKind,
    Faults,
    Rule,
    Verdict,
)
from ssmtui.simulator.identities import Identities, Identity
from ssmtui.simulator.models import Service, Services
from ssmtui.simulator.protocols import Answer, Incoming, Protocol, likely, protocol

if TYPE_CHECKING:
    from ssmtui.simulator.world import World

log = logging.getLogger(__name__)

# The largest request of the simulated services is a document of 64 KB, except for what is put into
# a bucket: an object, or a part of one (S3's own limit is 5 GB).
MAX_BODY = 1024 * 1024
MAX_OBJECT = 64 * MAX_BODY

# Seconds that a request waits for the world to catch up with its clock, where that is busy.
_PATIENCE = 0.03


class Fate(StrEnum):
    """What becomes of an answer on its way back."""

    SENT = "sent"
    CUT = "cut"  # the connection is cut before the first byte
    TRUNCATED = "truncated"  # ... half-way through the body
    HELD = "held"  # nothing is ever sent


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and its fate."""

    answer: Answer
    fate: Fate = Fate.SENT


@dataclass(frozen=True, slots=True)
class Scope:
    """Who signed a request, for which Region and service."""

    access_key: str
    region: str
    service: str


class Engine:
    """The simulated services over one world.

    `world` has accounts (each with `id` and `name`), regions, a clock and events; `services` are
    handler classes by botocore's service names. `sleep` is where latencies pass, and `wall` the
    time of who signs, in seconds since the epoch.
    """

    def __init__(
        self,
        world: World,
        services: Mapping[str, type] | None = None,
        *,
        seed: int = 0,
        latency_ms: float = 0.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        wall: Callable[[], float] = time.time,
    ) -> None:
        if services is None:
            from ssmtui.simulator.services import SERVICES

            services = SERVICES
        self.world = world
        self.services = Services(services)
        self.identities = Identities(account.id for account in world.accounts)
        self.faults = Faults(seed, latency_ms, self._check_rule)
        self.calls: Counter[str] = Counter()
        self.mistakes: list[Exception] = []
        self._sleep = sleep
        self._wall = wall
        self._request_ids = Random(f"{seed} request ids")
        self._in_flight = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def in_flight(self) -> int:
        """Requests that have come and are not answered yet, held ones too."""
        return self._in_flight

    async def idle(self) -> None:
        """Wait until no request is in flight and nothing that was due is undone."""
        await self._idle.wait()
        self.world.clock.catch_up()

    @contextmanager
    def flight(self) -> Iterator[None]:
        """The time from a request's arrival to the end of its answer."""
        self._in_flight += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()

    async def reply(self, request: Incoming) -> Reply:
        """Answer a request. Never raises: what a handler gets wrong is a modelled 500."""
        request_id = str(uuid.UUID(int=self._request_ids.getrandbits(128), version=4))
        service: Service | None = None
        speech: Protocol = likely(request)
        try:
            scope = scope_of(request)
            service = self.services.signed_for(scope.service)
            if service is None:
                speech.operation(request, None)
                raise RefusedError(
                    Refusal.UNKNOWN_OPERATION, f"The service {scope.service} is not simulated."
                )
            speech = protocol(service.protocol)
            return await self._reply(request, request_id, scope, service, speech)
        except RefusedError as error:
            failure = worded(error, speech.name)
        except ServiceError as error:
            failure = error
        except Exception as error:  # a mistake of ours: say so, and go on serving
            log.exception("%s %s failed", request.method, request.path)
            self.mistakes.append(error)
            mistake = RefusedError(Refusal.INTERNAL, f"{type(error).__name__}: {error}")
            failure = worded(mistake, speech.name)
        model = service.model if service is not None else None
        return Reply(speech.error(failure, model, request_id))

    async def _reply(
        self,
        request: Incoming,
        request_id: str,
        scope: Scope,
        service: Service,
        speech: Protocol,
    ) -> Reply:
        self.world.clock.catch_up(_PATIENCE)
        if len(request.body) > largest_body(request):
            raise RefusedError(Refusal.TOO_LARGE)
        name = speech.operation(request, service.model)
        token = session_token(request)
        identity = self.identities.authenticate(scope.access_key, token, self.world.clock.now)
        self._check_region(scope)
        if service.name == "s3" and presigned.is_presigned(request):
            presigned.check(request, identity, scope.region, self._wall())
        operation = service.operation(name)
        if operation is None or service.handler(name) is None:
            raise _unknown_operation(name, service, known=operation is not None)
        action = f"{service.name}:{name}"
        self.calls[action] += 1

        verdict = self.faults.verdict(action, identity.account, scope.region)
        if verdict.delay:
            await self._sleep(verdict.delay)
        if verdict.kind is FaultKind.HANG:
            return Reply(Answer(200), Fate.HELD)
        if verdict.kind is FaultKind.ABORT:
            return Reply(Answer(200), Fate.CUT)
        _refuse_for(verdict, action, identity, scope.region)

        params = speech.params(request, operation)
        if operation.input_shape is not None:
            validate(operation.input_shape, params, speech.name)
        self.world.clock.catch_up(_PATIENCE)  # the delay took its time
        call = Call(
            service=service.name,
            operation=name,
            account=identity.account,
            region=scope.region,
            access_key=scope.access_key,
            params=params,
            world=self.world,
            now=self.world.clock.now,
            identity=identity,
            identities=self.identities,
            request_id=request_id,
            host=request.headers.get("host", ""),
        )
        return Reply(await _perform(call, operation, service, speech), _fate(verdict))

    def _check_region(self, scope: Scope) -> None:
        """Refuse a Region that the world does not have, as AWS does one that is not enabled.

        The services that are one for all Regions are signed for us-east-1 wherever they are asked.
        """
        at_home = scope.service in _GLOBAL and scope.region == "us-east-1"
        if scope.region not in self.world.regions and not at_home:
            raise RefusedError(Refusal.UNKNOWN_KEY, f"The Region {scope.region} is not enabled.")

    def _check_rule(self, rule: Rule) -> None:
        """Refuse a rule that can never match."""
        accounts = [account.id for account in self.world.accounts]
        if rule.account and rule.account not in accounts:
            raise FaultError(
                f"account={rule.account} is not simulated: use one of {', '.join(accounts)}"
            )
        regions = self.world.regions
        if rule.region and rule.region not in regions:
            raise FaultError(
                f"region={rule.region} is not simulated: use one of {', '.join(regions)}"
            )
        names = self.services.names
        if (
            rule.operation == "*"
            or rule.about_commands
            or any(fnmatchcase(known, rule.operation) for known in CHANNEL_OPERATIONS)
        ):
            return
        of_service, _, of_operation = rule.operation.partition(":")
        matching = [name for name in names if fnmatchcase(name, of_service)]
        if not matching:
            raise FaultError(
                f"{of_service!r} is no simulated service: use one of {', '.join(names)}"
            )
        for name in matching:
            service = self.services.named(name)
            if service is not None and any(
                fnmatchcase(operation, of_operation) for operation in service.model.operation_names
            ):
                return
        raise FaultError(
            f"{', '.join(matching)} has no operation {of_operation!r}: write its name as in the "
            "API, such as ssm:DescribeInstanceInformation"
        )


async def _perform(
    call: Call, operation: OperationModel, service: Service, speech: Protocol
) -> Answer:
    """Run the handler; a service's own error is an answer like any other, and may be lost too."""
    try:
        result: Any = service.handler(call.operation)(call)
        if inspect.isawaitable(result):
            result = await result
    except ServiceError as error:
        return speech.error(error, service.model, call.request_id)
    return speech.answer(result or {}, operation, call.request_id)


def _fate(verdict: Verdict) -> Fate:
    if verdict.kind is FaultKind.REPLY_LOST:
        return Fate.CUT
    return Fate.TRUNCATED if verdict.kind is FaultKind.TRUNCATE else Fate.SENT


def _refuse_for(verdict: Verdict, action: str, identity: Identity, region: str) -> None:
    """Raise the refusal that a fault stands for, if it stands for one."""
    match verdict.kind:
        case FaultKind.THROTTLE:
            raise RefusedError(Refusal.THROTTLED)
        case FaultKind.EXPIRED:
            raise RefusedError(Refusal.EXPIRED)
        case FaultKind.DENIED:
            raise RefusedError(Refusal.DENIED, _denial(action, identity, region))
        case FaultKind.ERROR:
            refusal = Refusal.INTERNAL if verdict.status == 500 else Refusal.UNAVAILABLE
            raise RefusedError(refusal, status=verdict.status)


# Services with one endpoint for the whole partition.
_GLOBAL = frozenset({"iam", "sts"})

# Services whose actions have another prefix in IAM policies than their name in botocore.
_IAM_PREFIXES = {"resourcegroupstaggingapi": "tag"}


def _denial(action: str, identity: Identity, region: str) -> str:
    """The sentence of a refusal for want of permission; EC2 has an introduction to it."""
    service, _, operation = action.partition(":")
    prefix = _IAM_PREFIXES.get(service, service)
    introduction = "You are not authorized to perform this operation. " if service == "ec2" else ""
    return (
        f"{introduction}User: {identity.arn} is not authorized to perform: {prefix}:{operation} "
        f"on resource: arn:aws:{prefix}:{region}:{identity.account}:* because no identity-based "
        f"policy allows the {prefix}:{operation} action"
    )


def _unknown_operation(name: str, service: Service, *, known: bool) -> RefusedError:
    why = "is not simulated" if known else "does not exist"
    return RefusedError(Refusal.UNKNOWN_OPERATION, f"The operation {service.name}:{name} {why}.")


def largest_body(request: Incoming) -> int:
    """How many bytes a request may bring along, by its headers and query alone."""
    try:
        service = scope_of(request).service
    except RefusedError:
        return MAX_BODY
    return MAX_OBJECT if service == "s3" else MAX_BODY


_CREDENTIAL = re.compile(r"\bCredential=([^,\s]+)")


def scope_of(request: Incoming) -> Scope:
    """Who signed for what: the credential scope of the header or of a presigned URL.

    Raises RefusedError (unsigned, bad signature). The scope is KEY/DATE/REGION/SERVICE/aws4_request
    (Signature Version 4).
    """
    header = request.headers.get("authorization")
    if header is not None:
        found = _CREDENTIAL.search(header)
        credential = found.group(1) if found and header.startswith("AWS4-HMAC-SHA256 ") else ""
    else:
        in_query = parse_qs(request.query).get("X-Amz-Credential")
        if in_query is None:
            raise RefusedError(Refusal.UNSIGNED)
        credential = in_query[0]
    parts = credential.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request" or not all(parts):
        raise RefusedError(Refusal.BAD_SIGNATURE)
    return Scope(access_key=parts[0], region=parts[2], service=parts[3])


def session_token(request: Incoming) -> str:
    """The session token of temporary credentials, empty for long-lived ones."""
    token = request.headers.get("x-amz-security-token")
    if token is None:
        token = parse_qs(request.query).get("X-Amz-Security-Token", [""])[0]
    return token
