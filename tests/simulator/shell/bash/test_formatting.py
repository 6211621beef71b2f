from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssmtui.simulator.shell.bash.formatting import printf, quoted, unescape
from ssmtui.simulator.shell.bash.parser import parse_all
from ssmtui.simulator.shell.bash.syntax import Simple, Text
from ssmtui.simulator.shell.invocation import Complaint


@pytest.mark.parametrize(
    ("template", "args", "made"),
    [
        ("%5d|%-5d|%05d", ["1", "2", "-3"], "    1|2    |-0003"),
        ("%x %X %o %#x", ["255"] * 4, "ff FF 377 0xff"),
        ("%.2f %e", ["3.14159", "1"], "3.14 1.000000e+00"),
        ("%s,", ["a", "b"], "a,b,"),
        ("%.2s|%c", ["abc", "xyz"], "ab|x"),
        ("%b", ["a\\tb"], "a\tb"),
        ("%q", ["a b"], "'a b'"),
        ("%*d", ["4", "7"], "   7"),
        ("%d", ["'A"], "65"),
        ("%+d %i", ["5", "0x10"], "+5 16"),
        ("%%\\n", [], "%\n"),
        ("%s", [], ""),
        ("%b.", ["a\\cz"], "a"),
    ],
)
def test_printf(template: str, args: list[str], made: str) -> None:
    assert printf(template, args) == made


@pytest.mark.parametrize(
    ("template", "args"), [("%d", ["x"]), ("%z", []), ("%f", ["1.x"]), ("%", [])]
)
def test_what_printf_refuses(template: str, args: list[str]) -> None:
    with pytest.raises(Complaint):
        printf(template, args)


def test_escapes_of_echo() -> None:
    assert unescape("a\\nb\\0101\\x41") == ("a\nbAA", False)
    assert unescape("a\\cb") == ("a", True)
    assert unescape("end\\") == ("end\\", False)


@given(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=20))
def test_what_is_quoted_is_read_as_one_word(text: str) -> None:
    [item] = parse_all(f"echo {quoted(text)}")
    [command] = item.pipelines[0].commands
    assert isinstance(command, Simple)
    parts = [part for part in command.words[1] if isinstance(part, Text)]
    assert "".join(part.text for part in parts) == text


@given(
    st.text("%sdxcb*.0123-+ \\nt", max_size=15), st.lists(st.text("a1-", max_size=4), max_size=4)
)
def test_any_template_is_bounded(template: str, args: list[str]) -> None:
    with suppress(Complaint):
        assert len(printf(template, args)) < 1 << 21
