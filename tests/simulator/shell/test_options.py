from __future__ import annotations

import pytest

from ssmtui.simulator.shell.invocation import Complaint
from ssmtui.simulator.shell.options import Options, natural, size


def test_letters_values_and_the_rest() -> None:
    options = Options(["-ab5", "x", "-b", "6", "--", "-a"], "a", "b")
    assert "a" in options
    assert options.all("b") == ["5", "6"]
    assert options.number("b", 0) == 6
    assert options.rest == ["x", "-a"]


def test_long_names() -> None:
    options = Options(
        ["--lines=3", "--quiet", "--lines", "4"], "q", "n", {"lines": "n", "quiet": "q"}
    )
    assert options.value("n") == "4"
    assert "q" in options


def test_the_first_argument_may_end_the_options() -> None:
    assert Options(["-a", "x", "-b"], "a", permute=False).rest == ["x", "-b"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["-z"], "invalid option -- 'z'"),
        (["-b"], "requires an argument -- 'b'"),
        (["--no"], "unrecognized option '--no'"),
        (["--lines"], "option '--lines' requires"),
    ],
)
def test_mistakes(args: list[str], message: str) -> None:
    with pytest.raises(Complaint, match=message) as complained:
        Options(args, "a", "b", {"lines": "b"}, status=2)
    assert complained.value.status == 2


def test_numbers() -> None:
    assert size("4K") == 4096
    assert size("10") == 10
    assert natural("7") == 7
    for wrong in ("", "x", "-1", "²", "9" * 30):
        with pytest.raises(Complaint):
            natural(wrong)
    with pytest.raises(Complaint):
        Options(["-n", "x"], values="n").number("n", 0)
