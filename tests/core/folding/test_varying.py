"""Which lines differ, and in what."""

from __future__ import annotations

import pytest

from ssmtui.core.folding.blocks import Vary
from ssmtui.core.folding.near import Templates
from ssmtui.core.folding.outputs import Which
from ssmtui.core.folding.varying import Sample, Varying


def sample(text: str, name: str = "") -> Sample:
    lines = {Which.STDOUT: text.encode().split(b"\n"), Which.STDERR: [b""]}
    return Sample(lines, [name.encode()] if name else [])


def told(
    *samples: Sample, own: frozenset[bytes] = frozenset()
) -> list[tuple[int, tuple[Vary, ...]]]:
    varying, templates = Varying(), Templates()
    for other in samples[1:]:
        for _ in varying.compare(samples[0], other, templates):
            pass
    return [(one.line, one.kinds) for one in varying.told(samples[0], own, templates)]


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (["a", "a"], []),
        (["a 5", "a 6"], [(0, (Vary.NUMBER,))]),
        (["a 5 06:42", "a 5 06:43", "a 6 06:42"], [(0, (Vary.TIME, Vary.NUMBER))]),
        (["x\na 5 06:42", "x\na 5 06:43"], [(1, (Vary.TIME,))]),
        (["a  5", "a 5"], [(0, (Vary.NUMBER,))]),  # blanks give way to the number
        (["id deadbee1", "id 12345678"], [(0, (Vary.NUMBER, Vary.OTHER_ID))]),
        (["took 5 s", "took 6 s"], [(0, (Vary.DURATION,))]),
        (["10.0.0.1", "10.0.0.2"], [(0, (Vary.OTHER_ADDRESS,))]),
    ],
)
def test_a_line_varies_in_what_differs_between_any_two(texts, lines):
    assert told(*map(sample, texts)) == lines
    assert told(*map(sample, reversed(texts))) == lines


def test_names_vary_where_they_differ():
    assert told(sample("on web-1", "web-1"), sample("on web-2", "web-2")) == [(0, (Vary.NAME,))]
    same = sample("on web-1 5", "web-1"), sample("on web-1 6", "web-1")
    assert told(*same) == [(0, (Vary.NUMBER,))]


def test_what_is_the_nodes_own_is_said_to_be():
    samples = sample("i-0abc1234 10.0.0.1"), sample("i-0abc1235 10.0.0.2")
    own = frozenset([b"i-0abc1234", b"10.0.0.1"])
    assert told(*samples, own=own) == [(0, (Vary.ID, Vary.ADDRESS))]
    assert told(*samples) == [(0, (Vary.OTHER_ID, Vary.OTHER_ADDRESS))]


def test_many_lines_are_compared_with_pauses():
    one, other = (sample("\n".join([f"a {n}"] * 1000)) for n in (5, 6))
    assert sum(1 for _ in Varying().compare(one, other, Templates())) >= 4


def test_the_lines_with_a_name_are_known():
    assert sample("a\non web-1\nb web-1x", "web-1").named(Which.STDOUT) == {1, 2}
    assert sample("a").named(Which.STDOUT) == frozenset()
