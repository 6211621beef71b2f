"""Lines of a journal add up to what happened, in whatever state the file is."""

from __future__ import annotations

import msgspec

from ssmtui.core.keys import ScopeKey
from ssmtui.rollouts.amounts import Amount
from ssmtui.rollouts.journal import (
    Dropped,
    Lost,
    Planned,
    Refused,
    Sending,
    Sent,
    Soaking,
    Turned,
    WavePassed,
    Without,
    decode,
    told,
)
from ssmtui.rollouts.plan import PlannedCall
from ssmtui.rollouts.state import CallPhase, Phase

CHECK = PlannedCall(
    number=7, wave=0, scope=ScopeKey("1", "r"), at_a_time=Amount(1), ids=("i-1",), check=True
)
LINES = [
    Turned(at=1.0, phase=Phase.RUNNING),
    Sending(at=2.0, call=0, allowed=5),
    Sent(at=3.0, call=0, command_id="c-0"),
    Sending(at=3.0, call=1),
    Refused(at=4.0, call=1, again=True),
    Sending(at=5.0, call=1),
    Lost(at=6.0, call=1),
    Sending(at=6.0, call=2),
    Refused(at=6.0, call=2, sentence="No."),
    Without(at=7.0, call=3, ids=("i-1", "i-2"), status="InvalidInstanceId"),
    Without(at=7.5, call=3, ids=("i-3",), status="Cancelled", cancelled=True),
    Sending(at=8.0, call=3),
    Planned(at=9.0, call=CHECK),
    Soaking(at=9.0, wave=0, until=99.0),
    WavePassed(at=99.0, wave=0, words="5 of 5 succeeded"),
    Soaking(at=99.0, wave=1, until=120.0),
    Dropped(at=100.0, calls=(4, 5)),
    Turned(at=101.0, phase=Phase.CANCELLED, sentence="Cancelled by hand"),
]


def test_lines_survive_being_written_and_read() -> None:
    text = b"".join(msgspec.json.encode(line) + b"\n" for line in LINES)
    assert decode(text) == LINES


def test_lines_that_were_cut_or_are_of_a_newer_program_are_left_out() -> None:
    text = msgspec.json.encode(LINES[1])
    whole = text + b'\n{"line":"singing","at":1}\n\xff\xfe\n' + text[: len(text) // 2]
    assert decode(whole) == [LINES[1]]
    assert decode(b"") == []


def test_the_story_is_what_all_lines_add_up_to() -> None:
    story = told(LINES)
    phases = {number: story.call(number).phase for number in range(6)}
    assert phases == {
        0: CallPhase.SENT,
        1: CallPhase.UNKNOWN,
        2: CallPhase.REFUSED,
        3: CallPhase.SENDING,
        4: CallPhase.DROPPED,
        5: CallPhase.DROPPED,
    }
    assert (story.call(0).command_id, story.call(0).allowed) == ("c-0", 5)
    # Looking for a call begins with the first time that it may have been sent.
    assert story.call(1).sent_at == 3.0
    assert story.call(2).sentence == "No."
    assert {node_id: each.cancelled for node_id, each in story.call(3).without.items()} == {
        "i-1": False,
        "i-2": False,
        "i-3": True,
    }
    assert story.extra == {7: CHECK}
    assert story.passed == {0: "5 of 5 succeeded"}
    assert story.soaking == {1: 120.0}
    assert (story.phase, story.sentence) == (Phase.CANCELLED, "Cancelled by hand")
    assert (story.started, story.ended, story.closed) == (1.0, 101.0, True)


def test_a_story_begins_open() -> None:
    story = told([])
    assert (story.phase, story.started, story.closed) == (Phase.PLANNED, None, False)
    assert story.call(3).phase is CallPhase.WAITING
