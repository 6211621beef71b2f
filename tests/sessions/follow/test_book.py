from __future__ import annotations

import asyncio

import pytest

from ssmtui.core.expressions import TooSlowError
from ssmtui.core.problem import ProblemError
from ssmtui.sessions.follow.book import Book, Voice, expression


def put(book: Book, *lines: tuple[float, str], joining: bool = False, node: int = 0) -> None:
    for at, text in lines:
        book.put(node, at, text, Voice.LOG, joining=joining)
    book.trim()


def texts(book: Book) -> list[str]:
    return [entry.text for entry in book.shown.entries]


def test_the_last_lines_of_a_log_go_where_their_time_belongs() -> None:
    book = Book()
    put(book, (100.0, "a"), (200.0, "c"))
    put(book, (150.0, "b"), (50.0, "0"), (250.0, "d"), joining=True)
    assert texts(book) == ["0", "a", "b", "c", "d"]


def test_lines_that_come_are_ordered_a_little_and_a_wrong_clock_hides_none() -> None:
    book = Book()
    put(book, (100.0, "a"), (103.0, "c"), (102.0, "b"), (1.0, "of a clock behind"), (104.0, "d"))
    assert texts(book) == ["a", "b", "c", "of a clock behind", "d"]


def test_lines_of_the_same_time_stay_in_their_order() -> None:
    book = Book()
    put(book, *((1.0, str(number)) for number in range(5)))
    assert texts(book) == list("01234")


def test_the_oldest_leave() -> None:
    book = Book(most=100)
    put(book, *((float(number), str(number)) for number in range(1, 1001)))
    assert len(book) <= 110
    assert texts(book)[-1] == "1000"
    assert int(texts(book)[0]) >= 891


def test_few_long_lines_are_too_many_as_well() -> None:
    book = Book(characters=1000)
    put(book, *((float(number), "x" * 400) for number in range(5)))
    assert len(book) == 2
    put(book, (9.0, "y" * 5000))
    assert texts(book) == ["y" * 5000]


def test_what_has_changed_is_told_once() -> None:
    book = Book(most=100)
    assert book.shown.settle() == (0, 0)
    put(book, (1.0, "a"), (3.0, "c"))
    assert book.shown.settle() == (0, 0)
    put(book, (4.0, "d"), (2.0, "b"))
    assert book.shown.settle() == (1, 0)
    put(book, (5.0, "e"))
    assert book.shown.settle() == (4, 0)
    put(book, *((6.0, "x") for _ in range(200)))
    first, dropped = book.shown.settle()
    assert (first, dropped) == (0, 105)


async def test_a_filter_shows_what_matches_and_what_comes_then_and_news() -> None:
    book = Book()
    put(book, *((float(number), f"line {number}") for number in range(5000)))
    book.put(0, 5000.0, "lost: it is off", Voice.NEWS, joining=False)
    await book.narrow(expression("9{3}"))
    expected = ["line 999", "line 1999", "line 2999", "line 3999", "line 4999", "lost: it is off"]
    assert texts(book) == expected
    put(book, (6000.0, "99"), (6001.0, "999 again"), (5999.0, "999 before"))
    assert texts(book)[-2:] == ["999 before", "999 again"]
    await book.narrow(None)
    assert len(book.shown) == 5004


async def test_lines_may_come_and_go_while_a_filter_looks() -> None:
    book = Book(most=5000)
    put(book, *((float(number), f"line {number}") for number in range(5000)))
    narrowing = asyncio.ensure_future(book.narrow(expression("7$")))
    await asyncio.sleep(0)
    put(book, *((float(number), f"line {number}") for number in range(5000, 8000)))
    assert not narrowing.done()
    await narrowing
    assert texts(book)[-1] == "line 7997"
    assert texts(book) == [entry.text for entry in book._all.entries if entry.text.endswith("7")]


async def test_a_filter_that_is_given_up_changes_nothing() -> None:
    book = Book()
    put(book, *((float(number), f"line {number}") for number in range(5000)))
    narrowing = asyncio.ensure_future(book.narrow(expression("7")))
    await asyncio.sleep(0)
    narrowing.cancel()
    await asyncio.gather(narrowing, return_exceptions=True)
    assert book.pattern is None
    put(book, (6000.0, "last"))
    assert len(book.shown) == 5001


async def test_filtered_lines_leave_with_the_others() -> None:
    book = Book(most=100)
    put(book, (1.0, "wanted"))
    await book.narrow(expression("wanted"))
    put(book, *((2.0, "other") for _ in range(200)))
    assert texts(book) == []


def test_remote_text_is_plain() -> None:
    book = Book()
    put(book, (1.0, "\x1b[31mred \u202e [bold]"))
    (text,) = texts(book)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]" in text


def test_a_file_has_the_lines_of_that_moment_with_their_nodes() -> None:
    book = Book()
    put(book, (1.0, "a"), node=1)
    pieces = book.text(["web", "api"])
    put(book, (2.0, "b"))
    assert list(pieces) == ["api  a\n"]


@pytest.mark.parametrize(
    ("text", "matches"), [("get", True), ("GET", False), ("g.t", True), ("get$", False)]
)
def test_a_capital_makes_case_count(text: str, matches: bool) -> None:
    pattern = expression(text)
    assert pattern is not None
    assert bool(pattern.search("Get it")) is matches


def test_no_expression_and_a_wrong_one() -> None:
    assert expression("") is None
    with pytest.raises(ProblemError):
        expression("(")


async def test_a_filter_that_takes_too_long_leaves_what_was_shown() -> None:
    book = Book()
    put(book, (1.0, "a" * 300 + "!"), (2.0, "b"))
    with pytest.raises(TooSlowError):
        await book.narrow(expression("(a+)+$x"))
    assert texts(book) == ["a" * 300 + "!", "b"]


async def test_a_line_that_takes_a_filter_too_long_ends_the_filter_and_is_shown() -> None:
    book = Book()
    put(book, (1.0, "b"))
    await book.narrow(expression("(a+)+$x"))
    assert texts(book) == []
    put(book, (2.0, "a" * 300 + "!"))
    assert texts(book) == ["b", "a" * 300 + "!"]
    assert book.gave_up is not None
    assert "takes too long" in book.gave_up.what
    await book.narrow(expression("b"))
    assert book.gave_up is None
