"""Session Manager's operations: start, resume, end and list sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ssmtui.simulator.agent import documents
from ssmtui.simulator.agent.history import Record
from ssmtui.simulator.agent.sessions import DATA_CHANNEL_PATH, Session, Sessions, connected
from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.services.common import node_here
from ssmtui.simulator.world.node import Node

_PAGE = 200


class SessionManager:
    """The operations on sessions."""

    def StartSession(self, call: Call) -> dict[str, Any]:
        """A session on a node that is connected, by a session document."""
        name = call.params.get("DocumentName", documents.DEFAULT_DOCUMENT)
        document = documents.named(name)
        if document is None:
            raise ServiceError("InvalidDocument", f"Document with name {name} does not exist.")
        node = _target(call)
        _check_access(call, node)
        try:
            properties = document.resolve(call.params.get("Parameters", {}))
        except documents.ParameterError as error:
            raise ServiceError("InvalidParameters", f"{error}.") from None
        session = call.world.part(Sessions).start(
            node,
            call.identity.arn,
            document,
            properties,
            document_named=document.name,
            reason=call.params.get("Reason", ""),
        )
        return _opening(call, session)

    def ResumeSession(self, call: Call) -> dict[str, Any]:
        """Another token for a session. One that has ended has neither a token nor a channel."""
        sessions, session_id = call.world.part(Sessions), call.params["SessionId"]
        session = sessions.find(session_id)
        if session is None or not _is_here(call, session.node):
            raise ServiceError("DoesNotExistException", f"Session {session_id} does not exist.")
        if not session.active:
            return {"SessionId": session.id}
        sessions.resume(session)
        return _opening(call, session)

    def TerminateSession(self, call: Call) -> dict[str, Any]:
        """It cannot fail: what has ended already, or never was, is over too."""
        session_id = call.params["SessionId"]
        call.world.part(Sessions).terminate(call.account, call.region, session_id)
        return {"SessionId": session_id}

    def DescribeSessions(self, call: Call) -> dict[str, Any]:
        active = call.params["State"] == "Active"
        records = call.world.part(Sessions).records(call.account, call.region, active=active)
        tests = [_FILTERS[each["key"]](each["value"]) for each in call.params.get("Filters", ())]
        return paginate(
            call,
            [record for record in records if all(test(record) for test in tests)],
            "Sessions",
            _PAGE,
            position=Record.position,
            shape=_session,
        )


def _target(call: Call) -> Node:
    """The node to connect to. ServiceError as the service refuses all others."""
    target = call.params["Target"]
    node = node_here(call, target)
    if node is None or not connected(node):
        raise ServiceError("TargetNotConnected", f"{target} is not connected.")
    settings = call.world.part(Sessions).settings(call.account, call.region)
    if node.hybrid and not settings.advanced_tier:
        raise ServiceError(
            "BadRequest",
            "Enable advanced-instances tier to use Session Manager with your on-premises instances",
        )
    return node


def _check_access(call: Call, node: Node) -> None:
    """ServiceError AccessDeniedException where a policy wants the document to be named."""
    settings = call.world.part(Sessions).settings(call.account, call.region)
    if settings.document_must_be_named and "DocumentName" not in call.params:
        raise ServiceError(
            "AccessDeniedException",
            f"User: {call.identity.arn} is not authorized to perform: ssm:StartSession on "
            f"resource: {node.arn} because no identity-based policy allows the ssm:StartSession "
            "action",
        )


def _is_here(call: Call, node: Node) -> bool:
    return (node.account, node.region) == (call.account, call.region)


def _opening(call: Call, session: Session) -> dict[str, Any]:
    return {
        "SessionId": session.id,
        "TokenValue": session.token,
        "StreamUrl": f"ws://{call.host}{DATA_CHANNEL_PATH}{session.id}?role=publish_subscribe",
    }


def _session(record: Record) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "SessionId": record.id,
        "Target": record.target,
        "Status": str(record.status),
        "StartDate": round(record.started, 3),
        "EndDate": None if record.ended is None else round(record.ended, 3),
        "DocumentName": record.document,
        "Owner": record.owner,
        "Reason": record.reason or None,
        "Details": record.details or None,
        "OutputUrl": {
            "S3OutputUrl": record.s3_url or None,
            "CloudWatchOutputUrl": record.log_url or None,
        },
        "AccessType": "Standard",
    }
    if record.max_minutes is not None:
        answer["MaxSessionDuration"] = str(record.max_minutes)
    return answer


Test = Callable[[Record], bool]


def _after(value: str) -> Test:
    moment = _moment(value)
    return lambda record: record.started > moment


def _before(value: str) -> Test:
    moment = _moment(value)
    return lambda record: record.started < moment


_FILTERS: dict[str, Callable[[str], Test]] = {
    "InvokedAfter": _after,
    "InvokedBefore": _before,
    "Target": lambda value: lambda record: record.target == value,
    # An owner is an ARN, or the name at its end.
    "Owner": lambda value: lambda record: value in (record.owner, record.owner.rpartition("/")[2]),
    "Status": lambda value: lambda record: str(record.status) == value,
    "SessionId": lambda value: lambda record: record.id == value,
    "AccessType": lambda value: lambda record: value == "Standard",
}


def _moment(value: str) -> float:
    """A filter's time, such as 2026-11-02T08:00:00Z, in seconds since the epoch."""
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ServiceError("InvalidFilterValue", f"The filter value {value} is no time in UTC.")
    return moment.timestamp()
