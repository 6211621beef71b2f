from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.parser import parse, parse_all
from ssmtui.simulator.shell.bash.syntax import (
    Calculation,
    Case,
    Command,
    Condition,
    CountingFor,
    For,
    Function,
    Group,
    If,
    Loop,
    ShellSyntaxError,
    Simple,
    Subshell,
    Text,
)


def command(text: str) -> Command:
    [item] = parse_all(text)
    [found] = item.pipelines[0].commands
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a b", Simple),
        ("{ a; }", Group),
        ("(a)", Subshell),
        ("if a; then b; fi", If),
        ("if a\nthen b\nelif c; then d; else e; fi", If),
        ("while a; do b; done", Loop),
        ("until a\ndo b\ndone", Loop),
        ("for i in 1 2; do a; done", For),
        ("for i\ndo a\ndone", For),
        ("for ((;;)) ; do a; done", CountingFor),
        ("case a in x|y) b;; (*) c; esac", Case),
        ("f() { a; }", Function),
        ("function f { a; }", Function),
        ("[[ a == b && ( c ) ]]", Condition),
        ("((1+1))", Calculation),
        ("((a); b)", Subshell),
    ],
)
def test_kinds_of_commands(text: str, kind: type[Command]) -> None:
    assert type(command(text)) is kind


def test_pipelines_and_lists() -> None:
    first, second = parse_all("! a | b |& c && d || e; f &")
    assert first.pipelines[0].negated
    assert len(first.pipelines[0].commands) == 3
    assert first.operators == ["&&", "||"]
    assert second.background


def test_assignments_stand_before_the_command() -> None:
    found = command("a=1 b+='x y' cmd c=2")
    assert isinstance(found, Simple)
    assert [(one.name, one.append) for one in found.assignments] == [("a", False), ("b", True)]
    assert found.words[1] == (Text("c=2"),)


def test_here_documents() -> None:
    found = command("cat <<-E <<'F'\n\tone $x\n\tE\ntwo $x\nF\n")
    assert isinstance(found, Simple)
    first, second = found.redirects
    assert first.word[0] == Text("one ", quoted=True)
    assert second.word == (Text("two $x\n", quoted=True),)


def test_what_stands_before_a_mistake_is_given_first() -> None:
    programs = parse("echo a\necho b\n)")
    assert next(programs)[1] == 1
    assert next(programs)[1] == 2
    with pytest.raises(ShellSyntaxError, match=r"unexpected token `\)'"):
        next(programs)


@pytest.mark.parametrize(
    "text",
    ["; a", "a;;", "if then fi", "fi", "a && ", "()", "{ }", "for 1+ in; do", "case x in", "a >"],
)
def test_mistakes(text: str) -> None:
    with pytest.raises(ShellSyntaxError):
        parse_all(text)


@given(st.text("ab ;&|(){}<>$`'\"\\\n=![]#", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ShellSyntaxError):
        assert isinstance(parse_all(text), list)
