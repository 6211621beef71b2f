from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.powershell.parser import parse
from ssmtui.simulator.shell.powershell.syntax import (
    Assign,
    ForEach,
    Function,
    If,
    Incomplete,
    Invoke,
    Jump,
    ParseError,
    Pipeline,
    Try,
    While,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Get-Process", Pipeline),
        ("$a = 1", Assign),
        ("$a++", Assign),
        ("if ($a) { b } elseif ($c) { d } else { e }", If),
        ("while ($true) { a }", While),
        ("foreach ($i in 1..3) { $i }", ForEach),
        ("foreach { $_ }", Pipeline),
        ("try { a } catch [x] { b } finally { c }", Try),
        ("function f($x, [int]$y) { $x }", Function),
        ("exit 3", Jump),
        ("throw 'x'", Jump),
        ("& 'a b'", Pipeline),
        ("$x.Name", Pipeline),
        ("-not $true", Pipeline),
        ("@(1, 2)", Pipeline),
        ("a `\n b", Pipeline),
    ],
)
def test_statements(text: str, kind: type) -> None:
    [statement] = parse(text)
    assert type(statement) is kind


def test_commands_and_arguments() -> None:
    [statement] = parse("Get-Content -Path C:\\a.txt -Tail:3 -Wait 2>$null | sls x > out.txt")
    assert isinstance(statement, Pipeline)
    first, second = statement.stages
    assert isinstance(first, Invoke)
    assert isinstance(second, Invoke)
    assert [one.name for one in first.arguments] == ["path", "", "tail", "wait"]
    assert [one.stream for one in (*first.redirects, *second.redirects)] == ["2", "1"]
    assert first.text.startswith("Get-Content -Path")


def test_comments_and_separators() -> None:
    assert len(parse("a # b\n<# c\nd #>\ne; f")) == 3
    assert parse("# only\n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "if (",
        "{",
        '"a',
        "'a",
        "@{a=",
        "(1",
        "a |",
        "@'\nx",
        "foreach ($i in",
        "<# a",
        "$a[",
        "[int",
    ],
)
def test_what_is_not_finished(text: str) -> None:
    with pytest.raises(Incomplete):
        parse(text)


@pytest.mark.parametrize(
    "text", ["}", "a | ; b", "1 2", "$a = )", "if a", "a &", "1abc", "x" * (1 << 21)]
)
def test_what_is_wrong(text: str) -> None:
    with pytest.raises(ParseError):
        parse(text)


def test_nesting_is_bounded() -> None:
    with pytest.raises(ParseError, match="nested too deeply"):
        parse("(" * 100 + "1" + ")" * 100)


@given(st.text("ab$(){}[]|;,'\"`@.-=+!# \n1:<>&", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        script = parse(text)
    except ParseError:
        return
    assert isinstance(script, tuple)
