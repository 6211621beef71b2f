from __future__ import annotations

from ssmtui.sessions.follow.merging import HIGH_WATER, WINDOW, Line, Merge


def _texts(items):
    return [item.text for item in items]


def test_lines_wait_for_a_window_and_come_in_the_order_of_their_times():
    merge = Merge()
    merge.add(Line(0, 50.0, "later"), 1000.0)
    merge.add(Line(1, 40.0, "earlier"), 1000.1)
    merge.add(Line(1, 60.0, "last"), 1000.2)
    assert merge.due(1000.0 + WINDOW - 0.01) == []
    assert _texts(merge.due(1000.0 + WINDOW)) == ["earlier", "later"]
    assert merge.next_at() == 1000.2
    assert _texts(merge.due(1000.2 + WINDOW)) == ["last"]
    assert merge.next_at() is None


def test_equal_times_keep_the_order_of_arrival():
    merge = Merge()
    for number in range(5):
        merge.add(Line(number % 2, 50.0, str(number)), 0.0)
    assert _texts(merge.due(1.0)) == list("01234")


def test_at_the_end_nothing_waits():
    merge = Merge()
    merge.add(Line(0, 50.0, "x"), 0.0)
    assert _texts(merge.due(0.0, all_of_it=True)) == ["x"]


def test_a_slow_reader_leaves_no_room():
    merge = Merge()
    for number in range(HIGH_WATER):
        assert merge.room.is_set()
        merge.add(Line(0, float(number), ""), 0.0)
    assert not merge.room.is_set()
    taken = []
    while not merge.room.is_set():
        taken += merge.due(1.0)
    assert len(taken) > HIGH_WATER // 2
    assert len(taken) + len(merge) == HIGH_WATER


def test_late_lines_do_not_stop_the_stream():
    merge = Merge()
    merge.add(Line(0, 9e9, "of a wrong clock, and old"), 0.0)
    for number in range(3000):
        merge.add(Line(0, float(number), ""), 100.0)
    assert len(merge.due(100.0)) == 2000


def test_many_lines_at_once_wait_for_their_window_too():
    merge = Merge()
    for number in range(3000):
        merge.add(Line(0, float(number), ""), 100.0)
    assert merge.due(100.0 + WINDOW / 2) == []
    assert len(merge.due(100.0 + WINDOW)) == 2000
    assert len(merge.due(100.0 + WINDOW)) == 1000
