"""Starting, resuming and ending sessions: everything that they ask of the service."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Final

import msgspec

from ssmtui.aws.codes import DENIED_CODES
from ssmtui.aws.decode import InstanceInformation
from ssmtui.aws.scope import Change, Outcome, Scope
from ssmtui.core.columns import ago
from ssmtui.core.keys import RowKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind
from ssmtui.core.secret import Secret
from ssmtui.core.tasks import settled, spawn
from ssmtui.core.text import plain
from ssmtui.core.wire.crypto import DATA_KEY_SIZE, encryption_context
from ssmtui.sessions.specs import DEFAULT_DOCUMENT, SessionSpec

_log = logging.getLogger(__name__)

# Long enough for a throttled call to be let through; nobody waits longer to leave a session.
TERMINATE_SECONDS: Final = 10.0
# Who is told to stop while a session starts waits so long for the answer, to end that session. What
# is answered later ends by being idle.
_PATIENCE_SECONDS: Final = 10.0

_UNMANAGED: Final = "it has no managed agent, or is stopped"


class Started(msgspec.Struct, frozen=True):
    """A session that the service has opened, and the way into it. `stream_url` is a websocket's."""

    session_id: str
    token: Secret
    stream_url: str


class Upgrade(msgspec.Struct, frozen=True):
    """What the websocket's upgrade takes: signed headers, and the certificates to trust.

    `ca_bundle` is a file; None for the system's own certificates.
    """

    headers: dict[str, str]
    ca_bundle: str | None = None


class Session:
    """A started session, and all that it asks of AWS while it lives. Raises ProblemError."""

    def __init__(self, scope: Scope, spec: SessionSpec, started: Started) -> None:
        self.scope = scope
        self.spec = spec
        self.started = started
        self._ending: asyncio.Task[Problem | None] | None = None

    @property
    def id(self) -> str:
        return self.started.session_id

    async def upgrade(self, url: str) -> Upgrade:
        """The websocket's headers, signed anew: credentials may have changed since."""
        return Upgrade(*await self.scope.upgrade(url))

    async def resume(self) -> Started | None:
        """Another token, after the connection was lost; None if the session is over."""
        change = await self.scope.change(
            "ssm",
            "ResumeSession",
            {"SessionId": self.id},
            intent=f"resume the session {plain(self.id)}",
            reconcile=_harmless,
        )
        if _gone(change):
            return None
        answer = _done(change)
        if not answer.get("TokenValue"):
            return None
        url = answer.get("StreamUrl") or self.started.stream_url
        return Started(self.id, Secret(answer["TokenValue"]), url)

    async def data_key(self, key_id: str) -> tuple[bytes, bytes]:
        """A key for an encrypted session: as it is, and as KMS has encrypted it."""
        change = await self.scope.change(
            "kms",
            "GenerateDataKey",
            {
                "KeyId": key_id,
                "NumberOfBytes": DATA_KEY_SIZE,
                "EncryptionContext": encryption_context(self.id, self.spec.target.id),
            },
            intent=f"encrypt the session {plain(self.id)}",
            reconcile=_harmless,
        )
        answer = _done(change)
        return answer["Plaintext"], answer["CiphertextBlob"]

    async def terminate(self) -> Problem | None:
        """End it on the service, once. Also when cancelled; what hinders it is returned."""
        if self._ending is None:
            self._ending = spawn(terminate(self.scope, self.id), f"terminate {self.id}")
        return await settled(self._ending)


async def start(scope: Scope, spec: SessionSpec) -> Session:
    """Start a session. ProblemError says in one sentence why there is none.

    A node that is not connected is told from GetConnectionStatus, before anything is started.
    When cancelled, a session that is on its way is awaited and ended again.
    """
    starting = spawn(_start(scope, spec), f"start a session on {spec.target.id}")
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # Whoever is impatient and cancels again only stops to wait for that.
        await settled(spawn(_end_at_once(starting), f"end a session on {spec.target.id}"))
        raise


async def _end_at_once(starting: asyncio.Task[Session]) -> None:
    await asyncio.wait([starting], timeout=_PATIENCE_SECONDS)
    if not starting.done():
        starting.cancel()
    elif not starting.cancelled() and starting.exception() is None:
        await starting.result().terminate()


async def _start(scope: Scope, spec: SessionSpec) -> Session:
    await _check_connection(scope, spec.target)
    change = await _send(scope, spec)
    if _denied(change) and not spec.document:
        # A policy may allow certain documents only (ssm:SessionDocumentAccessCheck); then also the
        # default has to be named. The service refuses without looking for it.
        spec = msgspec.structs.replace(spec, document=DEFAULT_DOCUMENT)
        named = await _send(scope, spec)
        change = change if _denied(named) else named
    if change.problem is not None and change.outcome is not Outcome.DONE:
        raise ProblemError(_explained(change.problem, spec))
    answer = change.answer
    started = Started(answer["SessionId"], Secret(answer["TokenValue"]), answer["StreamUrl"])
    return Session(scope, spec, started)


async def terminate(scope: Scope, session_id: str) -> Problem | None:
    """End a session on the service; returns what hindered it.

    Within TERMINATE_SECONDS, also when the caller is cancelled meanwhile. Ending what has ended
    is no matter to the service.
    """
    return await settled(spawn(_terminate(scope, session_id), f"terminate {session_id}"))


async def _terminate(scope: Scope, session_id: str) -> Problem | None:
    try:
        async with asyncio.timeout(TERMINATE_SECONDS):
            change = await scope.change(
                "ssm",
                "TerminateSession",
                {"SessionId": session_id},
                intent=f"end the session {plain(session_id)}",
                reconcile=_harmless,
            )
    except ProblemError as error:
        problem: Problem | None = error.problem
    except TimeoutError:
        problem = Problem(
            ProblemKind.UNKNOWN,
            f"The session {plain(session_id)} may still be open: ending it was not answered",
            "It ends by itself when it has been idle for long enough",
            operation="ssm:TerminateSession",
            scope=scope.key,
        )
    else:
        problem = None if change.outcome is Outcome.DONE else change.problem
    if problem is not None:
        _log.info("%s could not be ended: %s", plain(session_id), problem.sentence)
    return problem


async def _harmless() -> bool:
    """Reconciles what may simply be sent again: nothing is lost or done twice by that."""
    return False


async def _send(scope: Scope, spec: SessionSpec) -> Change:
    target = plain(spec.target.id)
    intent = f"open a session on {target}" + (f": {plain(spec.reason)}" if spec.reason else "")
    return await scope.change("ssm", "StartSession", spec.request, intent=intent)


def _done(change: Change) -> dict[str, Any]:
    if change.outcome is not Outcome.DONE and change.problem is not None:
        raise ProblemError(change.problem)
    return change.answer


def _denied(change: Change) -> bool:
    return change.problem is not None and change.problem.code in DENIED_CODES


def _gone(change: Change) -> bool:
    return change.problem is not None and change.problem.code == "DoesNotExistException"


async def is_connected(scope: Scope, target: RowKey) -> bool:
    """Whether a session can be started on a node, by GetConnectionStatus. ProblemError.

    Where that may not be asked, it can: it is a courtesy, and StartSession decides.
    """
    try:
        answer = await scope.read("ssm", "GetConnectionStatus", {"Target": target.id})
    except ProblemError as error:
        if error.problem.kind is ProblemKind.DENIED:
            return True
        raise
    return bool(answer.get("Status") == "connected")


async def _check_connection(scope: Scope, target: RowKey) -> None:
    if not await is_connected(scope, target):
        raise ProblemError(await _not_connected(scope, target))


async def _not_connected(scope: Scope, target: RowKey) -> Problem:
    """Why there can be no session now, with what the service knows of the node."""
    what = f"{plain(target.id)} is not connected to Systems Manager"
    state = await _state(scope, target)
    remedy = f"See why with: ssmtui why {plain(target.id)}"
    return Problem(
        ProblemKind.SERVICE,
        f"{what} ({state})" if state else what,
        remedy,
        code="TargetNotConnected",
        operation="ssm:StartSession",
        scope=scope.key,
    )


async def _state(scope: Scope, target: RowKey) -> str:
    """A few words on the node's state; none where they may not be read."""
    filters = [{"Key": "InstanceIds", "Values": [target.id]}]
    try:
        answer = await scope.read("ssm", "DescribeInstanceInformation", {"Filters": filters})
    except ProblemError as error:
        return _UNMANAGED if error.problem.code == "InvalidInstanceId" else ""
    nodes: list[InstanceInformation] = answer.get("InstanceInformationList") or []
    if not nodes:
        return _UNMANAGED
    return _ping(nodes[0])


def _ping(node: InstanceInformation) -> str:
    status = plain(node.ping_status or "of unknown state")
    if not isinstance(node.last_ping_date_time, float):
        return f"its agent is {status}"
    seconds = time.time() - node.last_ping_date_time
    return f"its agent is {status}, last heard of {ago(seconds)}"


def _explained(problem: Problem, spec: SessionSpec) -> Problem:
    """The service's refusals in the words of the one who asked."""
    target, document = plain(spec.target.id), plain(spec.document or DEFAULT_DOCUMENT)
    match problem.code:
        case "TargetNotConnected":
            what = f"{target} is not connected to Systems Manager"
            remedy = f"See why with: ssmtui why {target}"
        case "InvalidDocument" | "InvalidDocumentException":
            what, remedy = f"There is no session document {document} here", "Name another one"
        case _ if problem.kind is ProblemKind.UNKNOWN:
            what = f"StartSession on {target} was sent and its answer was lost"
            remedy = "A session may be open: it ends by itself when it has been idle long enough"
        case _:
            return problem
    return msgspec.structs.replace(problem, what=what, remedy=remedy)
