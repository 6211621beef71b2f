"""What the folder keeps."""

from ssmtui.core.folding.groups import Alike, Group


def test_of_the_outputs_of_a_group_the_most_frequent_is_shown_and_always_the_same(output):
    group = Group(b"g")
    for key, nodes in ((b"b", 2), (b"a", 2), (b"c", 1)):
        alike = Alike(key, output(1), (0, 0), (False, False))
        alike.nodes = dict.fromkeys(output(number).node for number in range(nodes))
        group.members[key] = alike
        alike.group = group
    assert group.shown.key == b"a"
    assert group.placed() == (3, -5, b"g")
    group.members[b"c"].nodes |= dict.fromkeys(output(number).node for number in range(9))
    group.members[b"c"].changed()
    assert group.shown.key == b"c"
    assert group.placed() == (3, -13, b"g")


def test_what_is_kept_apart_says_whether_heads_were_compared(output):
    whole = Alike(b"a", output(1), (0, 0), (False, False))
    head = Alike(b"b", output(1), (0, 0), (True, False))
    assert whole.kept_apart != head.kept_apart
