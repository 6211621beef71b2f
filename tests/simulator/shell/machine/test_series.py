from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.machine.series import MOST_WRITTEN, Record, Series, Stream

STREAM = Stream("app", 7, 5.0, lambda bits, when: (f"line {bits}", "info"))
TIMES = st.floats(0, 10_000)


@given(TIMES, TIMES, TIMES)
def test_a_stretch_is_the_sum_of_its_parts(first: float, second: float, third: float) -> None:
    start, middle, end = sorted((first, second, third))
    whole = list(STREAM.between(start, end))
    assert whole == [*STREAM.between(start, middle), *STREAM.between(middle, end)]
    assert [record.when for record in whole] == sorted(record.when for record in whole)


@given(TIMES)
def test_the_next_one_comes_next(after: float) -> None:
    due = STREAM.next_after(after)
    assert due > after
    assert [record.when for record in STREAM.between(after, due)] == [due]


def test_units_that_are_stopped_say_nothing() -> None:
    series = Series({"app": STREAM}, began=0.0)
    series.stop("app", 50.0)
    series.start("app", 100.0)
    whens = [record.when for record in series.between(0.0, 200.0)]
    assert whens
    assert not [when for when in whens if 50 < when <= 100]
    assert [when for when in whens if when > 100]
    series.stop("app", 200.0)
    assert series.next_after(300.0) is None


def test_what_is_written_stands_at_its_time() -> None:
    series = Series({"app": STREAM}, began=0.0)
    heard: list[int] = []
    series.listeners.append(lambda: heard.append(series.count))
    series.write(Record(50.0, "kernel", "oops"))
    records = list(series.between(0.0, 100.0))
    assert "oops" in [record.text for record in records]
    assert [record.when for record in records] == sorted(record.when for record in records)
    assert [record.text for record in series.between(0.0, 100.0, "kernel")] == ["oops"]
    assert heard == [1]
    assert [record.text for record in series.written_since(0)] == ["oops"]
    assert series.written_since(1) == []


def test_the_last_ones_are_those_of_the_whole() -> None:
    series = Series({"app": STREAM}, began=0.0)
    assert series.last(7, 0.0, 5000.0) == list(series.between(0.0, 5000.0))[-7:]
    assert len(series.last(7, 4990.0, 5000.0)) < 7


def test_what_is_written_is_bounded() -> None:
    series = Series({}, began=0.0)
    for index in range(MOST_WRITTEN + 10):
        series.write(Record(float(index), "", "x"))
    assert len(list(series.between(-1.0, 1e9))) == MOST_WRITTEN
