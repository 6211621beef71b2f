"""The lines that a rollout's record grows by, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from ssmtui.rollouts.plan import PlannedCall
from ssmtui.rollouts.state import CallPhase, Phase


class Line(msgspec.Struct, frozen=True, kw_only=True, tag_field="line", omit_defaults=True):
    """Something that happened; `at` is in seconds since the epoch."""

    at: float


class Planned(Line, frozen=True, kw_only=True, tag="planned"):
    """A call that the plan did not have: a gate's check."""

    call: PlannedCall


class Sending(Line, frozen=True, kw_only=True, tag="sending"):
    """A call is about to be sent: from here on it may have had its effect."""

    call: int
    allowed: int | None = None  # what is left of the error budget


class Sent(Line, frozen=True, kw_only=True, tag="sent"):
    """The service has a call, under this id."""

    call: int
    command_id: str


class Lost(Line, frozen=True, kw_only=True, tag="lost"):
    """A call's answer was lost, and it could not be found."""

    call: int


class Refused(Line, frozen=True, kw_only=True, tag="refused"):
    """A call had no effect. `again` says that it may be sent once more."""

    call: int
    sentence: str = ""
    again: bool = False


class Without(Line, frozen=True, kw_only=True, tag="without"):
    """Nodes are left out of a call: the service does not take them, or somebody has `cancelled`
    them before it was sent. `status` is what is shown of them."""

    call: int
    ids: tuple[str, ...]
    status: str
    cancelled: bool = False


class Dropped(Line, frozen=True, kw_only=True, tag="dropped"):
    """Calls that are not going to be sent any more."""

    calls: tuple[int, ...]


class WavePassed(Line, frozen=True, kw_only=True, tag="passed"):
    """A wave's gate has opened; `words` say how."""

    wave: int
    words: str


class Soaking(Line, frozen=True, kw_only=True, tag="soaking"):
    """A wave has been good, and is watched until `until`."""

    wave: int
    until: float


class Turned(Line, frozen=True, kw_only=True, tag="turned"):
    """The rollout as a whole has got another phase."""

    phase: Phase
    sentence: str = ""


Entry = (
    Planned | Sending | Sent | Lost | Refused | Without | Dropped | WavePassed | Soaking | Turned
)

_decoder = msgspec.json.Decoder(Entry)


def decode(text: bytes) -> list[Any]:
    """The lines of a file in order. One that a crash has cut off, or that a newer program wrote, is
    left out."""
    entries = []
    for line in text.splitlines():
        try:
            entries.append(_decoder.decode(line))
        except msgspec.MsgspecError:
            continue
    return entries


class CallRecord(msgspec.Struct):
    """What is on record of one call."""

    phase: CallPhase = CallPhase.WAITING
    command_id: str = ""
    sent_at: float | None = None  # when it was about to be sent
    allowed: int | None = None
    sentence: str = ""
    without: dict[str, Without] = {}  # by node id


class Story(msgspec.Struct):
    """What all lines add up to."""

    calls: dict[int, CallRecord]
    extra: dict[int, PlannedCall]  # checks, by number
    passed: dict[int, str]  # waves -> how their gates opened
    soaking: dict[int, float]
    phase: Phase = Phase.PLANNED
    sentence: str = ""
    started: float | None = None
    ended: float | None = None

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be sent, whoever opens it."""
        return self.phase in (Phase.CANCELLING, Phase.CANCELLED, Phase.STOPPED, Phase.DONE)

    def call(self, number: int) -> CallRecord:
        return self.calls.setdefault(number, CallRecord())


def told(entries: Iterable[Any]) -> Story:
    """Go through the lines, from the first to the last."""
    story = Story({}, {}, {}, {})
    for entry in entries:
        tell(story, entry)
    return story


def tell(story: Story, entry: Any) -> None:
    """Add one line to a story."""
    match entry:
        case Planned(call=planned):
            story.extra[planned.number] = planned
        case Sending(call=number, allowed=allowed, at=at):
            record = story.call(number)
            record.phase, record.allowed = CallPhase.SENDING, allowed
            record.sent_at = at if record.sent_at is None else record.sent_at
        case Sent(call=number, command_id=command_id):
            record = story.call(number)
            record.phase, record.command_id = CallPhase.SENT, command_id
        case Lost(call=number):
            story.call(number).phase = CallPhase.UNKNOWN
        case Refused(call=number, sentence=sentence, again=again):
            record = story.call(number)
            record.phase = CallPhase.WAITING if again else CallPhase.REFUSED
            record.sentence = sentence
        case Without(call=number, ids=ids):
            record = story.call(number)
            record.without = {**record.without, **dict.fromkeys(ids, entry)}
        case Dropped(calls=numbers):
            for number in numbers:
                story.call(number).phase = CallPhase.DROPPED
        case WavePassed(wave=wave, words=words):
            story.passed[wave] = words
            story.soaking.pop(wave, None)
        case Soaking(wave=wave, until=until):
            story.soaking[wave] = until
        case Turned(phase=phase, sentence=sentence, at=at):
            _turn(story, phase, sentence, at)


def _turn(story: Story, phase: Phase, sentence: str, at: float) -> None:
    story.phase, story.sentence = phase, sentence
    if phase is Phase.RUNNING and story.started is None:
        story.started = at
    over = phase in (Phase.DONE, Phase.CANCELLED, Phase.STOPPED, Phase.LEFT)
    story.ended = at if over else None
