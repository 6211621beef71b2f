"""Who has sent commands, asked of CloudTrail: Run Command itself does not tell.

LookupEvents allows two calls a second for an account in a Region (the limiter keeps that), knows 90
days, and is some minutes behind. So it is asked on demand, around the moments at which the commands
were sent, and never for more pages than `MOST_PAGES`.
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from ssmtui.aws.scope import Priority, Scope
from ssmtui.core.text import plain
from ssmtui.resources.commands.row import Command, Sender

PAGE: Final = 50
MOST_PAGES: Final = 20  # of one scope: 1,000 commands, and ten seconds
# The event's time is that of the call, to the second.
AROUND: Final = 60.0
# Moments that are this near to each other are asked for at once.
TOGETHER: Final = 1_800.0


async def find_senders(
    scope: Scope, commands: Sequence[Command], arn: str
) -> AsyncGenerator[dict[str, Sender], None]:
    """Who has sent these commands of a scope, page by page: ids -> senders, those of others sent at
    the same time included. `arn` is the identity in force.

    It ends when all are found, or `MOST_PAGES` were read. ProblemError.
    """
    left = {command.id for command in commands}
    pages = 0
    for start, end in windows(commands):
        params = {
            "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "SendCommand"}],
            "StartTime": start,
            "EndTime": end,
        }
        answers = scope.pages(
            "cloudtrail", "LookupEvents", params, page_size=PAGE, priority=Priority.FOREGROUND
        )
        try:
            async for answer in answers:
                pages += 1
                found = senders_of(answer.get("Events") or (), arn)
                left -= found.keys()
                yield found
                if pages >= MOST_PAGES or not left:
                    return
        finally:
            await answers.aclose()


def windows(commands: Iterable[Command]) -> list[tuple[float, float]]:
    """The spans of time in which these commands were sent, the latest first."""
    times = sorted(
        (command.requested for command in commands if isinstance(command.requested, float)),
        reverse=True,
    )
    spans: list[tuple[float, float]] = []
    for at in times:
        if spans and spans[-1][0] - at <= TOGETHER:
            spans[-1] = (at - AROUND, spans[-1][1])
        else:
            spans.append((at - AROUND, at + AROUND))
    return spans


def senders_of(events: Iterable[Mapping[str, Any]], arn: str) -> dict[str, Sender]:
    """Command ids and who has sent them, of events that CloudTrail has answered with.

    What cannot be read is left out: the record is a text within the answer.
    """
    found = {}
    for event in events:
        try:
            record = msgspec.json.decode(event.get("CloudTrailEvent") or "")
            command_id = record["responseElements"]["command"]["commandId"]
            sender = str(record["userIdentity"]["arn"])
        except (msgspec.DecodeError, LookupError, TypeError):
            continue
        name = str(event.get("Username") or "") or sender.rpartition("/")[2]
        found[str(command_id)] = Sender(plain(name), sender, sender == arn)
    return found
