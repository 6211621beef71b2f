"""CloudWatch Logs: the groups, streams and events that commands have written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate
from ssmtui.simulator.world.logs import LogEvent, LogGroup, Logs, LogStream

_PAGE = 50
_EVENTS = 10_000
_BYTES = 1 << 20  # of events in an answer
_OVERHEAD = 26  # bytes that the service counts for each event besides its message
_TOKEN = re.compile(r"([fb])/(\d{1,19})/s")


class CloudWatchLogs:
    """The operations on logs. Times are in milliseconds since the epoch."""

    def DescribeLogGroups(self, call: Call) -> dict[str, Any]:
        prefix = call.params.get("logGroupNamePrefix", "")
        pattern = call.params.get("logGroupNamePattern", "").lower()
        groups = call.world.part(Logs).groups(call.account, call.region)
        chosen = [
            groups[name]
            for name in sorted(groups)
            if name.startswith(prefix) and pattern in name.lower()
        ]
        return paginate(
            call,
            chosen,
            "logGroups",
            _PAGE,
            position=lambda group: group.name,
            shape=lambda group: {
                "logGroupName": group.name,
                "creationTime": _milliseconds(group.created),
                "metricFilterCount": 0,
                "arn": f"{_arn(call, group)}:*",
                "storedBytes": group.size,
            },
            sized_by="limit",
            continued_by="nextToken",
            refusal="InvalidParameterException",
        )

    def DescribeLogStreams(self, call: Call) -> dict[str, Any]:
        group = _group(call)
        prefix = call.params.get("logStreamNamePrefix", "")
        by_time = call.params.get("orderBy") == "LastEventTime"
        if by_time and prefix:
            raise ServiceError(
                "InvalidParameterException",
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            )
        chosen = sorted(
            (stream for stream in group.streams.values() if stream.name.startswith(prefix)),
            key=lambda stream: (stream.last, stream.name) if by_time else (0.0, stream.name),
            reverse=call.params.get("descending", False),
        )
        return paginate(
            call,
            chosen,
            "logStreams",
            _PAGE,
            shape=lambda stream: _stream(call, group, stream),
            sized_by="limit",
            continued_by="nextToken",
            refusal="InvalidParameterException",
        )

    def GetLogEvents(self, call: Call) -> dict[str, Any]:
        """Events of one stream, from the latest back or from the head on.

        The tokens never end: at either end of the stream one gets the token back that one sent.
        """
        group = _group(call)
        name = call.params["logStreamName"]
        if name not in group.streams:
            raise ServiceError(
                "ResourceNotFoundException", "The specified log stream does not exist."
            )
        events = [event for event in group.streams[name].events if _within(call, event)]
        limit = call.params.get("limit", _EVENTS)
        token = call.params.get("nextToken")
        if token is None:
            forwards = call.params.get("startFromHead", False)
            at = 0 if forwards else len(events)
        else:
            found = _TOKEN.fullmatch(token)
            if found is None:
                raise ServiceError(
                    "InvalidParameterException", "The specified nextToken is invalid."
                )
            forwards, at = found[1] == "f", min(int(found[2]), len(events))
        chosen = _fitting(events[at:] if forwards else events[:at][::-1], limit)
        if not forwards:
            chosen.reverse()
        start = at if forwards else at - len(chosen)
        return {
            "events": [
                {
                    "timestamp": _milliseconds(event.at),
                    "message": event.message,
                    "ingestionTime": _milliseconds(event.at),
                }
                for event in chosen
            ],
            "nextForwardToken": f"f/{start + len(chosen):019d}/s",
            "nextBackwardToken": f"b/{start:019d}/s",
        }

    def FilterLogEvents(self, call: Call) -> dict[str, Any]:
        """Events of a group's streams in the order in which they were written."""
        group = _group(call)
        names = call.params.get("logStreamNames")
        prefix = call.params.get("logStreamNamePrefix", "")
        if names and prefix:
            raise ServiceError(
                "InvalidParameterException", "Give logStreamNames or logStreamNamePrefix."
            )
        wanted = _pattern(call.params.get("filterPattern", ""))
        chosen = sorted(
            (
                (event, stream)
                for stream in group.streams.values()
                if (not names or stream.name in names) and stream.name.startswith(prefix)
                for event in stream.events
                if _within(call, event) and wanted(event.message)
            ),
            key=_by_id,
        )
        answer = paginate(
            call,
            chosen,
            "events",
            _EVENTS,
            position=lambda pair: f"{pair[0].id:019d}",
            shape=lambda pair: {
                "logStreamName": pair[1].name,
                "timestamp": _milliseconds(pair[0].at),
                "message": pair[0].message,
                "ingestionTime": _milliseconds(pair[0].at),
                "eventId": f"{pair[0].id:056d}",
            },
            sized_by="limit",
            continued_by="nextToken",
            refusal="InvalidParameterException",
        )
        return {**answer, "searchedLogStreams": []}


def _by_id(pair: tuple[LogEvent, LogStream]) -> int:
    return pair[0].id


def _milliseconds(moment: float) -> int:
    return round(moment * 1000)


def _group(call: Call) -> LogGroup:
    name = call.params.get("logGroupName") or call.params.get("logGroupIdentifier", "")
    name = name.removeprefix(f"arn:aws:logs:{call.region}:{call.account}:log-group:")
    group = call.world.part(Logs).groups(call.account, call.region).get(name)
    if group is None:
        raise ServiceError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _arn(call: Call, group: LogGroup) -> str:
    return f"arn:aws:logs:{call.region}:{call.account}:log-group:{group.name}"


def _stream(call: Call, group: LogGroup, stream: LogStream) -> dict[str, Any]:
    first = stream.events[0].at if stream.events else None
    return {
        "logStreamName": stream.name,
        "creationTime": _milliseconds(stream.created),
        "firstEventTimestamp": None if first is None else _milliseconds(first),
        "lastEventTimestamp": None if first is None else _milliseconds(stream.last),
        "lastIngestionTime": None if first is None else _milliseconds(stream.last),
        "uploadSequenceToken": "0",
        "arn": f"{_arn(call, group)}:log-stream:{stream.name}",
        "storedBytes": 0,
    }


def _within(call: Call, event: LogEvent) -> bool:
    """From startTime on, and before endTime."""
    at = _milliseconds(event.at)
    start, end = call.params.get("startTime"), call.params.get("endTime")
    return (start is None or at >= start) and (end is None or at < end)


def _fitting(events: list[LogEvent], limit: int) -> list[LogEvent]:
    """As many as an answer holds, one at the least."""
    chosen: list[LogEvent] = []
    room = _BYTES
    for event in events[:limit]:
        room -= len(event.message.encode("utf-8", "replace")) + _OVERHEAD
        if chosen and room < 0:
            break
        chosen.append(event)
    return chosen


def _pattern(text: str) -> Callable[[str], bool]:
    """A filter pattern of words and "quoted texts": all must be there, none of those with `-`."""
    terms = [
        (found[1] == "-", found[2] or found[3])
        for found in re.finditer(r'(-?)(?:"([^"]*)"|(\S+))', text)
    ]

    def matches(message: str) -> bool:
        return all((word in message) != negated for negated, word in terms)

    return matches
