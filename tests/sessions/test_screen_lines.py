from __future__ import annotations

from sys import getsizeof

from hypothesis import given
from hypothesis import strategies as st

from ssmtui.sessions.screen_lines import (
    Row,
    Scrollback,
    Span,
    Styled,
    is_wrapped,
    keep_text,
    kept,
    row_of,
    spans_of,
    text_of,
)
from ssmtui.sessions.screen_style import BOLD, CellStyle

PLAIN, STRONG = CellStyle(), CellStyle(bold=True)


def row(text: str, *styles: int, wrapped: bool = False) -> Row:
    return Row(list(text), list(styles) or [0] * len(text), wrapped)


def test_a_plain_line_is_kept_as_its_text() -> None:
    assert kept(row("ab  ")) == "ab"
    assert kept(Row.blank(5)) == ""
    assert spans_of("ab") == (Span("ab", PLAIN),)
    assert spans_of("") == ()


def test_a_styled_line_keeps_its_looks() -> None:
    line = kept(row("abc ", 0, BOLD, BOLD, 0))
    assert isinstance(line, Styled)
    assert spans_of(line) == (Span("a", PLAIN), Span("bc", STRONG))
    assert text_of(line) == "abc"
    assert not is_wrapped(line)


def test_a_wrapped_line_keeps_its_blanks() -> None:
    line = kept(row("ab ", wrapped=True))
    assert text_of(line) == "ab "
    assert is_wrapped(line)
    assert spans_of(line) == (Span("ab ", PLAIN),)


def test_text_that_was_never_shown() -> None:
    assert keep_text("ab ", 0, False) == "ab"
    assert spans_of(keep_text("ab", BOLD, False)) == (Span("ab", STRONG),)
    assert is_wrapped(keep_text("ab", 0, True))


CELLS = st.lists(
    st.tuples(st.sampled_from(["a", " ", "ü", "文", "e\u0301"]), st.sampled_from([0, BOLD, 7])),
    min_size=1,
    max_size=12,
)


@given(CELLS, st.booleans())
def test_a_line_comes_back_as_it_left(cells: list[tuple[str, int]], wrapped: bool) -> None:
    chars: list[str] = []
    styles: list[int] = []
    for character, style in cells:
        wide = character == "文"
        chars += [character, ""] if wide else [character]
        styles += [style] * (2 if wide else 1)
    back = row_of(kept(Row(chars, styles, wrapped)), len(chars))
    assert (back.chars, back.styles, back.wrapped) == (chars, styles, wrapped)


def test_a_row_is_cut_and_lengthened() -> None:
    wide = row("a文", 0, 0)
    wide.chars, wide.styles = ["a", "文", ""], [0, 0, 0]
    wide.set_columns(2)
    assert wide.chars == ["a", " "]
    wide.set_columns(4, BOLD)
    assert wide.styles == [0, 0, BOLD, BOLD]
    assert wide.text == "a"


def test_spans_are_the_same_until_touched() -> None:
    line = row("ab")
    before = line.spans()
    assert line.spans() is before
    line.touch()
    assert line.spans() is not before


def test_the_scrollback_forgets_the_oldest() -> None:
    back = Scrollback(3, 10_000)
    for text in "abcde":
        back.append(text)
    assert list(back) == ["c", "d", "e"]
    assert (back.dropped, len(back), back[0]) == (2, 3, "c")
    assert back.pop() == "e"
    assert back.bytes == 2 * getsizeof("c")
    back.extend(list("12345"))
    assert list(back) == ["3", "4", "5"]
    assert back.dropped == 6
    back.clear()
    assert (len(back), back.bytes, back.dropped) == (0, 0, 9)


def test_the_scrollback_counts_the_bytes_of_looks() -> None:
    back = Scrollback(1000, 2000)
    for _ in range(100):
        back.append(kept(row("ab", 0, BOLD)))
    assert 0 < len(back) < 30
    assert back.bytes <= 2000
