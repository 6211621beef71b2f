"""Folding: its laws, and what it does with hostile outputs."""

from __future__ import annotations

import time
from collections.abc import Iterable
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssmtui.core.folding import Block, Folder, Outcome, Output, Which
from ssmtui.core.folding import folder as module
from ssmtui.core.folding import texts as texts_module
from ssmtui.core.keys import RowKey

NODES = [RowKey("111122223333", "eu-west-1", f"i-{number:017x}") for number in range(8)]

lines = st.sampled_from(
    [
        *("up", "", "web-1", "web-2 ok", "xweb-1", "at 06:42:34", "at 16:02:04", "v1.2.3"),
        *("took 5 s port 80", "took 6 s port 80", "took 5 s port 81", "10.0.0.1", "10.0.0.2"),
        "\x1b[2J\ud800\x01n",
    ]
)
texts = st.lists(lines, max_size=5).map("\n".join)
outputs = st.builds(
    Output,
    node=st.sampled_from(NODES),
    name=st.sampled_from(["web-1", "web-2", "web-3", ""]),
    outcome=st.sampled_from(Outcome),
    status=st.just("Success"),
    exit_code=st.sampled_from([0, None]),
    stdout=texts,
    stderr=st.one_of(st.just(""), texts),
    stdout_cut=st.booleans(),
    own=st.sampled_from([(), ("10.0.0.1",), ("web-1.prod.internal",)]),
)


# These have so much in common that they are held as differences, and only those are looked at.
much_alike = st.builds(
    Output,
    node=st.sampled_from(NODES),
    name=st.sampled_from(["web-1", "web-2", "db-7"]),
    outcome=st.just(Outcome.OK),
    stdout=st.builds(
        lambda *some: "\n".join(["=" * 300, *some]),
        st.sampled_from(["up", "up", "on web-2"]),
        st.sampled_from(["took 5 s port 80", "took 6 s port 80", "took 6 s port 81"]),
        st.sampled_from(["10.0.0.1", "10.0.0.2", "web-1", "db-7"]),
    ),
    stderr=st.sampled_from(["", "", "", "web-1"]),
)
several = st.one_of(st.lists(outputs, max_size=14), st.lists(much_alike, max_size=14))


@pytest.fixture(autouse=True, scope="module")
def _small_texts():
    """Also short texts are held as differences then."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts_module, "_LEAST", 0)
        yield


def folded(wishes: Iterable[Output], *, near: bool, slices: bool = False) -> Folder:
    folder = Folder(near=near)
    for output in wishes:
        folder.add([output])
        if slices:
            folder.step(0)
    folder.drain()
    return folder


def said(folder: Folder) -> list[tuple[object, ...]]:
    """All that must not depend on order; texts go by what they are."""
    return [
        (
            block.id,
            frozenset(block.nodes),
            block.outcome,
            block.exit_code,
            block.texts,
            block.variations,
            block.compared,
            folder.text(block.stdout),
            folder.text(block.stderr),
        )
        for block in folder.blocks()
    ]


@given(several, st.booleans())
def test_every_node_is_in_one_block_and_unfolding_gives_back_what_went_in(wishes, near):
    folder = folded(wishes, near=near)
    last = {output.node: output for output in wishes}
    listed = [node for block in folder.blocks() for node in block.nodes]
    assert sorted(listed) == sorted(last)
    assert len(folder) == len(last)
    for node, output in last.items():
        assert folder.output(node) == output
        block = folder.block_of(node)
        assert block in folder.blocks()
        assert node in block.nodes
        assert (block.outcome, block.exit_code) == (output.outcome, output.exit_code)
        if block.exact:
            assert folder.text(block.stdout) == output.stdout
            assert folder.text(block.stderr) == output.stderr


@settings(max_examples=400)
@given(several, st.booleans(), st.randoms(use_true_random=False))
def test_neither_order_nor_slices_nor_the_past_matter(wishes, near, random):
    last = list({output.node: output for output in wishes}.values())
    plainly = said(folded(last, near=near))
    random.shuffle(last)
    assert said(folded(last, near=near)) == plainly
    assert said(folded(wishes, near=near, slices=True)) == plainly
    switched = folded(wishes, near=not near)
    switched.near = near
    switched.drain()
    assert said(switched) == plainly


@settings(max_examples=400)
@given(st.lists(much_alike, max_size=20))
def test_the_short_way_to_a_group_leads_where_the_long_one_does(wishes):
    short = said(folded(wishes, near=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(texts_module, "_MOST", -1)  # nothing is held as a difference
        assert said(folded(wishes, near=True)) == short


def test_the_short_way_is_taken(output, monkeypatch):
    asked: list[bytes] = []
    digest = module.Templates.digest
    monkeypatch.setattr(
        module.Templates,
        "digest",
        lambda self, data, words: asked.append(data) or digest(self, data, words),
    )
    common = "\n".join(f"line {number}" for number in range(100))
    wishes = [output(number, f"{common}\nhost web-{number}") for number in range(1, 50)]
    assert len(folded(wishes, near=True).blocks()) == 1
    assert len(asked) == 2  # the first one's two streams


def members(folder: Folder) -> list[list[str]]:
    return [sorted(folder.node_set(block)) for block in folder.blocks()]


def test_the_short_way_knows_names_in_lines_that_do_not_differ(output):
    common = "=" * 300
    folder = folded(
        [
            output(1, f"{common}\non web-1\ntook 5 s"),
            output(2, f"{common}\non web-1\ntook 6 s"),  # not its own name
            output(3, f"{common}\non web-3\ntook 7 s"),
        ],
        near=True,
    )
    assert members(folder) == [["web-1", "web-3"], ["web-2"]]


def test_the_short_way_does_not_lead_to_a_group_whose_reference_has_left(output):
    common = "=" * 300
    folder = folded(
        [
            output(1, f"{common}\non web-1 took 5 s"),
            output(2, f"{common}\non web-2 took 6 s"),
        ],
        near=True,
    )
    assert members(folder) == [["web-1", "web-2"]]
    # The name is nobody's own as soon as another node says it.
    folder.add(
        [output(4, f"{common}\non web-1 took 7 s"), output(3, f"{common}\non web-1 took 5 s")]
    )
    folder.drain()
    assert members(folder) == [["web-1", "web-3", "web-4"], ["web-2"]]


@given(several)
def test_near_blocks_are_unions_of_exact_ones(wishes):
    folder = folded(wishes, near=True)
    exact = {frozenset(block.nodes) for block in folder.identical()}
    for block in folder.blocks():
        inside = [nodes for nodes in exact if nodes <= set(block.nodes)]
        assert sum(map(len, inside)) == len(block.nodes)
        assert len(inside) == block.texts


def test_identical_outputs_are_one_block(output):
    folder = folded([output(n, "openssl 3.0.13") for n in range(1, 121)], near=False)
    (block,) = folder.blocks()
    assert str(folder.node_set(block)) == "web-[1-120]"
    assert block.compared == "exact"


@pytest.mark.parametrize(
    "other",
    [
        {"stdout": "b"},
        {"stderr": "a"},
        {"exit_code": 1},
        {"exit_code": None},
        {"status": "ExecutionTimedOut"},
        {"outcome": Outcome.FAILED},
        {"stdout_cut": True},
        {"stderr_cut": True},
        {"stdout": "a\n"},
        {"stdout": "a\r"},
    ],
)
@pytest.mark.parametrize("near", [True, False])
def test_what_is_kept_apart(output, other, near):
    assert (
        len(folded([output(1, "a"), output(2, **{"stdout": "a"} | other)], near=near).blocks()) == 2
    )


def test_failures_come_first_then_no_answer_then_by_size(output):
    folder = folded(
        [
            *(output(n, "ok") for n in range(5)),
            *(output(n, "other") for n in range(10, 13)),
            output(20, outcome=Outcome.NO_ANSWER, status="DeliveryTimedOut", exit_code=None),
            output(21, outcome=Outcome.NO_ANSWER, status="DeliveryTimedOut", exit_code=None),
            output(30, "E: lock", outcome=Outcome.FAILED, exit_code=100),
        ],
        near=False,
    )
    shown = [(block.outcome, len(block.nodes)) for block in folder.blocks()]
    assert shown == [("failed", 1), ("no answer", 2), ("ok", 5), ("ok", 3)]
    assert len(folder.majority().nodes) == 5


def test_there_is_no_majority_where_nobody_answered(output):
    assert Folder().majority() is None
    assert folded([output(1, outcome=Outcome.NO_ANSWER)], near=False).majority() is None


def test_heads_are_told_from_whole_texts(output):
    head = "x" * 2500
    folder = folded(
        [output(1, head, stdout_cut=True), output(2, head, stdout_cut=True), output(3, "a")],
        near=False,
    )
    assert [block.compared for block in folder.blocks()] == ["same first 2,500 characters", "exact"]
    assert [block.cut for block in folder.blocks()] == [True, False]


def test_a_full_output_takes_the_place_of_its_head(output):
    folder = folded(
        [output(1, "head", stdout_cut=True), output(2, "head", stdout_cut=True)], near=True
    )
    folder.add([output(1, "head and tail"), output(2, "head and tail")])
    folder.drain()
    (block,) = folder.blocks()
    assert block.compared == "exact"
    assert folder.text(block.stdout) == "head and tail"
    assert len(block.nodes) == 2


def near_block(*wishes: Output) -> Block:
    (block,) = folded(wishes, near=True).blocks()
    return block


def test_a_near_block_says_what_differs(output):
    block = near_block(
        output(1, "same 3.0.1\nhost web-1 (10.0.0.1)\nat 06:42:34", own=("10.0.0.1",)),
        output(2, "same 3.0.1\nhost web-2 (10.0.0.2)\nat 06:42:35", own=("10.0.0.2",)),
        output(3, "same 3.0.1\nhost web-3 (10.0.0.3)\nat 06:42:36", own=("10.0.0.3",)),
    )
    assert block.compared == "2 lines differ by node: the name, the address, a time"
    assert [(variation.which, variation.line) for variation in block.variations] == [
        (Which.STDOUT, 1),
        (Which.STDOUT, 2),
    ]
    assert block.texts == 3


def test_addresses_and_ids_that_are_not_the_nodes_own_are_told_apart(output):
    others = near_block(output(1, "10.9.9.1 vol-0abc1234"), output(2, "10.9.9.2 vol-0abc1235"))
    assert others.compared == "1 line differs by node: an address, an id"
    ours = near_block(output(1, f"on {NODES[1].id}"), output(2, f"on {NODES[2].id}"))
    assert ours.compared == "1 line differs by node: the id"


def test_what_may_differ_but_does_not_is_not_told(output):
    block = near_block(output(1, "port 80 took 5 s"), output(2, "port 80 took 6 s"))
    assert block.compared == "1 line differs by node: a duration"


def test_the_text_that_most_nodes_gave_is_shown(output):
    wishes = [output(1, "took 1 s"), output(2, "took 2 s"), output(3, "took 2 s")]
    folder = folded(wishes, near=True)
    (block,) = folder.blocks()
    assert folder.text(block.stdout) == "took 2 s"


def test_a_name_is_the_nodes_own_only_where_no_other_says_it(output):
    # web-1 is a name in the first text, and a word like any other in the second one.
    folder = folded([output(1, "leader is web-1"), output(2, "leader is web-2")], near=True)
    assert len(folder.blocks()) == 1
    folder.add([output(3, "leader is web-1")])
    folder.drain()
    assert sorted(len(block.nodes) for block in folder.blocks()) == [1, 2]


def test_where_a_head_ends_does_not_count(output):
    one = output(1, "host web-1\nup 3 days\nprocess", stdout_cut=True)
    other = output(200, "host web-200\nup 3 days\nproc", stdout_cut=True)
    block = near_block(one, other)
    assert block.texts == 2
    assert [(one.line, one.kinds) for one in block.variations] == [(0, ("the name",))]


def test_texts_that_are_too_long_fold_only_if_they_are_identical(output, monkeypatch):
    monkeypatch.setattr(module, "NEAR_MOST", 10)
    wishes = [output(1, "took 11111 s"), output(2, "took 22222 s"), output(3, "took 22222 s")]
    assert [len(block.nodes) for block in folded(wishes, near=True).blocks()] == [2, 1]


@pytest.mark.parametrize("near", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x1b]0;x\x07\x1b[2J",
        "\ufffd" * 100,
        "\ud800",
        "\x00\x01\x01n",
        "x" * 1_000_000,
        "\n" * 30_000,
    ],
)
def test_hostile_outputs_come_back_as_they_are(output, text, near):
    folder = folded([output(1, text), output(2, text + "!"), output(3, text)], near=near)
    assert folder.output(NODES[1]).stdout == text
    assert [len(block.nodes) for block in folder.blocks()] == [2, 1]


def test_the_limit_keeps_heads_and_says_so(output):
    folder = Folder(limit=1)
    folder.add([output(1, "a" * 5000), output(2, "b" * 5000), output(3, "short")])
    folder.drain()
    cut = {block.nodes[0]: (block.stdout.chars, block.cut) for block in folder.blocks()}
    assert cut == {NODES[1]: (5000, False), NODES[2]: (2500, True), NODES[3]: (5, False)}


def test_work_stops_when_its_time_is_over(output):
    ticks = count()
    folder = Folder(near=True, clock=lambda: float(next(ticks)))
    folder.add(output(n, f"took {n} s") for n in range(5))
    steps = 1
    while folder.step(1):
        steps += 1
    assert steps >= 5
    assert len(folder) == 5
    assert not folder.step()


@pytest.mark.parametrize(
    "line", ["took 5 s at 06:42:34 on 10.0.0.1 ", "web-1 ", "0:0.0-f0 ", "x", "\x01n"]
)
def test_no_slice_is_long_with_long_lines(output, line):
    folder = Folder(near=True)
    long = line * (1_000_000 // len(line))
    folder.add([output(1, long), output(2, f"{long}5"), output(1, "short")])
    worst, more = 0.0, True
    while more:
        begun = time.process_time()
        more = folder.step(0)
        worst = max(worst, time.process_time() - begun)
    assert worst < 1  # some 10 ms; without a bound it is seconds


def test_versions_grow_with_what_is_shown(output):
    folder = folded([output(1, "a")], near=False)
    before = folder.version
    folder.add([output(2, "a")])
    assert folder.version == before
    assert len(folder) == 1
    folder.drain()
    assert folder.version > before
    assert folder.block_of(NODES[5]) is None


def test_within_a_time_blocks_that_have_changed_may_be_as_they_were(output):
    ticks = count()
    folder = Folder(near=True, clock=lambda: float(next(ticks)))
    folder.add([output(1, "a"), output(2, "b"), output(3, "c")])
    folder.drain()
    assert [len(block.nodes) for block in folder.blocks(0.5)] == [1, 1, 1]
    assert not folder.behind
    folder.add([output(4, "a"), output(5, "b"), output(6, "c")])
    while len(folder) < 6:
        folder.step(1)
    held = folder.blocks(0.5)
    assert folder.behind
    assert sum(len(block.nodes) for block in held) < 6
    assert [len(block.nodes) for block in folder.blocks()] == [2, 2, 2]
    assert not folder.behind
