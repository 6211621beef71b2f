"""CloudTrail: who sent commands and opened sessions.

Rules: LookupEvents of the API reference: two calls a second for an account in a Region, one
attribute to look up by, the latest event first. Events come some minutes late.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ssmtui.simulator.agent.sessions import Sessions
from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.commands import Command, Commands
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.shell.machine.hashing import fraction, number
from ssmtui.simulator.world import World

_PAGE = 50
_CALLS_A_SECOND = 2
_LEAST_DELAY, _MOST_DELAY = 60.0, 300.0
_SOURCE = "ssm.amazonaws.com"


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """One event. `user` is the name by which CloudTrail looks people up."""

    id: str
    name: str
    at: float
    arn: str
    resources: tuple[tuple[str, str], ...]  # type and name
    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def user(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def access_key(self) -> str:
        kind = "ASIA" if ":assumed-role/" in self.arn else "AKIA"
        return f"{kind}{number(self.arn):016X}"

    def position(self) -> str:
        return f"{10**14 - round(self.at * 1000):015d} {self.id}"


class Trail:
    """How often an account has asked lately: `world.part(Trail)`.

    The limit is one of simulated time; where time stands still, nobody is too fast.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._asked: dict[tuple[str, str], list[float]] = {}

    def admit(self, account: str, region: str) -> bool:
        """Whether one more call may be made now."""
        now = self._world.now
        key = (account, region)
        recent = [moment for moment in self._asked.get(key, ()) if moment > now - 1.0]
        self._asked[key] = recent
        if self._world.clock.pace and len(recent) >= _CALLS_A_SECOND:
            return False
        recent.append(now)
        return True


class CloudTrail:
    """The operation on events."""

    def LookupEvents(self, call: Call) -> dict[str, Any]:
        if not call.world.part(Trail).admit(call.account, call.region):
            raise ServiceError("ThrottlingException", "Rate exceeded")
        attributes = call.params.get("LookupAttributes", [])
        if len(attributes) > 1:
            raise ServiceError(
                "InvalidLookupAttributesException", "Only one lookup attribute can be given."
            )
        start, end = call.params.get("StartTime"), call.params.get("EndTime")
        if start is not None and end is not None and start > end:
            raise ServiceError("InvalidTimeRangeException", "The start is after the end.")
        since = start.timestamp() if start is not None else 0.0
        until = end.timestamp() if end is not None else call.now
        chosen = [
            event
            for event in _events(call)
            if since <= event.at <= until
            and event.at + _delay(event) <= call.now
            and all(_has(event, each) for each in attributes)
        ]
        return paginate(
            call,
            sorted(chosen, key=TrailEvent.position),
            "Events",
            _PAGE,
            position=TrailEvent.position,
            shape=lambda event: _shown(call, event),
            refusal="InvalidNextTokenException",
        )


def _delay(event: TrailEvent) -> float:
    return _LEAST_DELAY + (_MOST_DELAY - _LEAST_DELAY) * fraction(event.id, "delay")


def _events(call: Call) -> Iterator[TrailEvent]:
    for command in call.world.part(Commands).all(call.account, call.region):
        yield _sent(command)
    sessions = call.world.part(Sessions)
    for active in (True, False):
        for record in sessions.records(call.account, call.region, active=active):
            yield TrailEvent(
                id=_id(record.id),
                name="StartSession",
                at=record.started,
                arn=record.owner,
                resources=(("AWS::EC2::Instance", record.target),),
                request={"target": record.target, "documentName": record.document},
                response={"sessionId": record.id},
            )


def _sent(command: Command) -> TrailEvent:
    request = command.request
    nodes = tuple(("AWS::EC2::Instance", node_id) for node_id in request.node_ids)
    return TrailEvent(
        id=_id(command.id),
        name="SendCommand",
        at=command.requested,
        arn=command.owner,
        resources=(*nodes, ("AWS::SSM::Document", command.document_name)),
        request={
            "documentName": command.document_name,
            "instanceIds": list(request.node_ids),
            "targets": [{"key": each.key, "values": list(each.values)} for each in request.targets],
            "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
            "comment": request.comment,
            "maxConcurrency": request.max_concurrency,
            "maxErrors": request.max_errors,
        },
        response={"command": {"commandId": command.id, "documentName": command.document_name}},
    )


def _id(seed: str) -> str:
    digits = f"{number(seed, 'event'):016x}{number(seed, 'trail'):016x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_ATTRIBUTES: dict[str, Callable[[TrailEvent, str], bool]] = {
    "EventId": lambda event, value: event.id == value,
    "EventName": lambda event, value: event.name == value,
    "ReadOnly": lambda event, value: value == "false",
    "Username": lambda event, value: event.user == value,
    "ResourceType": lambda event, value: any(kind == value for kind, _ in event.resources),
    "ResourceName": lambda event, value: any(name == value for _, name in event.resources),
    "EventSource": lambda event, value: value == _SOURCE,
    "AccessKeyId": lambda event, value: event.access_key == value,
}


def _has(event: TrailEvent, attribute: dict[str, str]) -> bool:
    return _ATTRIBUTES[attribute["AttributeKey"]](event, attribute["AttributeValue"])


def _shown(call: Call, event: TrailEvent) -> dict[str, Any]:
    role = ":assumed-role/" in event.arn
    record = {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "AssumedRole" if role else "IAMUser",
            "arn": event.arn,
            "accountId": call.account,
            "accessKeyId": event.access_key,
            **({} if role else {"userName": event.user}),
        },
        "eventSource": _SOURCE,
        "eventName": event.name,
        "awsRegion": call.region,
        "sourceIPAddress": f"198.51.100.{number(event.user) % 250 + 1}",
        "userAgent": "aws-cli/2.27.50",
        "requestParameters": event.request,
        "responseElements": event.response,
        "eventID": event.id,
        "readOnly": False,
        "eventType": "AwsApiCall",
        "recipientAccountId": call.account,
    }
    return {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": "false",
        "AccessKeyId": event.access_key,
        "EventTime": round(event.at, 3),
        "EventSource": _SOURCE,
        "Username": event.user,
        "Resources": [
            {"ResourceType": kind, "ResourceName": name} for kind, name in event.resources
        ],
        "CloudTrailEvent": json.dumps(record),
    }
