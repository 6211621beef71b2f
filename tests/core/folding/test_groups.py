"""What the folder keeps."""

import gc

from ssmtui.core.folding.groups import Alike, Group


def test_of_the_outputs_of_a_group_the_most_frequent_is_shown_and_always_the_same(output):
    group = Group(b"g")
    for key, nodes in ((b"b", 2), (b"a", 2), (b"c", 1)):
        alike = Alike.of(key, output(1), (0, 0), (False, False))
        alike.nodes = dict.fromkeys(output(number).node for number in range(nodes))
        group.members[key] = alike
    assert group.shown.key == b"a"
    assert group.placed() == (3, -5, b"g")
    group.members[b"c"].nodes |= dict.fromkeys(output(number).node for number in range(9))
    group.changed()
    assert group.shown.key == b"c"
    assert group.placed() == (3, -13, b"g")


def test_what_is_kept_apart_says_whether_heads_were_compared(output):
    whole = Alike.of(b"a", output(1), (0, 0), (False, False))
    head = Alike.of(b"b", output(1), (0, 0), (True, False))
    assert whole.kept_apart != head.kept_apart


def test_what_is_kept_for_each_output_is_nothing_that_the_garbage_collector_goes_through(output):
    alike = Alike.of(b"a", output(1), (0, 0), (False, False))
    alike.nodes[output(1).node] = None
    gc.collect()
    assert not gc.is_tracked(alike)
    assert not gc.is_tracked(alike.nodes)
