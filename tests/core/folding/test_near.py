"""Templates of whole texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.core.folding import near
from ssmtui.core.folding.near import Templates, compared, marked, own_words, said
from ssmtui.core.folding.rules import BLIND, cuts, template


def digest(templates: Templates, text: str, *words: bytes) -> bytes:
    work = templates.digest(text.encode("utf-8", "surrogatepass"), words)
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value


@pytest.mark.parametrize(
    ("name", "own", "words"),
    [
        ("web-1", (), [b"web-1"]),
        ("web-1.prod.internal", (), [b"web-1.prod.internal", b"web-1"]),
        ("web-1", ("host.example", "10.0.3.17", "fe80::1"), [b"host.example", b"web-1", b"host"]),
        ("ab", (), []),  # too short to mean anything
        ("10.0.3.17", (), []),
        ("a\nb1", (), []),
        ("", (), []),
    ],
)
def test_the_words_that_stand_for_a_node(name, own, words):
    assert list(own_words(name, own)) == words


@pytest.mark.parametrize(
    ("text", "result"),
    [
        (b"on web-1.", b"on \x01n."),
        (b"web-1", b"\x01n"),
        (b"(web-1) web-1:/x web-1-data", b"(\x01n) \x01n:/x \x01n-data"),
        (b"web-10 xweb-1 web-1", b"web-10 xweb-1 \x01n"),
        (b"\xc3\xa9web-1", b"\xc3\xa9web-1"),
        (b"\x01n", b"\x01\x01n"),  # a text cannot pretend
        (b"WEB-1", b"WEB-1"),
    ],
)
def test_a_name_is_marked_where_it_stands_as_a_word(text, result):
    assert marked(text, [b"web-1"]) == result


@pytest.mark.parametrize(
    ("text", "cut", "result"),
    [
        (b"a\nb", False, b"a\nb"),
        (b"a\nb", True, b"a\n"),
        (b"ab", True, b"ab"),
        (b"a\nb---Output truncated---", True, b"a\n"),
        (b"a\nb\n---Error truncated----\n", True, b"a\n"),
        (b"", True, b""),
    ],
)
def test_the_last_line_of_a_head_is_not_compared(text, cut, result):
    assert compared(text, cut) == result


def test_words_that_are_said_are_found_in_any_text():
    assert said([b"web-1", b"web", b"no"], [b"", b"on web-1"]) == (b"web-1", b"web")
    assert said([], [b"a"]) == ()


lines = st.lists(
    st.sampled_from(["a", "a 5", "a 6", "v1.2.3 5", "v1.2.4 5", "v1.2.3  77", "\x01#", "é 5", ""])
)


@given(lines, lines)
def test_texts_have_one_digest_if_all_their_lines_have_one_template(one, other):
    def made(text: list[str]) -> list[bytes]:
        marked_lines = [marked(line.encode(), ()) for line in text]
        shapes = [line.translate(BLIND) for line in marked_lines]
        return [
            template(shape, cuts(shape)).of(line)
            for line, shape in zip(marked_lines, shapes, strict=True)
        ]

    templates = Templates()
    same = digest(templates, "\n".join(one)) == digest(templates, "\n".join(other))
    assert same is (made(one or [""]) == made(other or [""]))
    assert [templates.line(marked(line.encode(), ())) for line in one] == made(one)


def test_what_is_remembered_makes_no_difference(monkeypatch):
    texts = [f"line {letter} {number} v1.2.{number}" for letter in "abcde" for number in range(3)]
    plainly = [digest(Templates(), text) for text in texts]
    monkeypatch.setattr(near, "_LINES", 2)
    templates = Templates()
    assert [digest(templates, text) for text in texts * 2] == plainly * 2


def test_much_new_is_looked_at_with_pauses():
    work = Templates().digest("\n".join(f"{'x' * n}" for n in range(600)).encode(), ())
    assert sum(1 for _ in work) > 5
