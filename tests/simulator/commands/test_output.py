from __future__ import annotations

import pytest

from ssmtui.simulator.commands.output import (
    COMBINED_LIMIT,
    CUT,
    SEPARATOR,
    STDERR_CUT,
    STDERR_LIMIT,
    STDOUT_CUT,
    STDOUT_LIMIT,
    Kept,
    combined,
    cut,
    shown,
)


@pytest.mark.parametrize("limit", [STDOUT_LIMIT, STDERR_LIMIT])
def test_a_stream_is_cut_behind_its_limit_only(limit: int) -> None:
    whole = "x" * limit
    assert cut(whole, limit) == whole
    shortened = cut(whole + "y", limit)
    assert len(shortened) == limit
    assert shortened == "x" * (limit - len(CUT)) + CUT


def test_both_streams_are_told_apart_only_if_there_is_an_error() -> None:
    assert combined("out\n", "") == "out\n"
    assert combined("out\n", "err\n") == f"out\n{SEPARATOR}err\n"
    assert combined("", "err\n") == f"{SEPARATOR}err\n"
    assert combined("", "") == ""


def test_the_limits_of_both_together() -> None:
    fits = "x" * COMBINED_LIMIT
    assert combined(fits, "") == fits
    cut_out = combined(fits + "x", "")
    assert len(cut_out) == COMBINED_LIMIT
    assert cut_out.endswith("x" + STDOUT_CUT)


def test_a_short_stream_leaves_its_room_to_the_other() -> None:
    long_error = combined("out\n", "e" * 5000)
    assert long_error.startswith(f"out\n{SEPARATOR}eee")
    assert long_error.endswith(STDERR_CUT)
    assert len(long_error) == COMBINED_LIMIT
    long_output = combined("o" * 5000, "err\n")
    assert long_output.endswith(f"{STDOUT_CUT}{SEPARATOR}err\n")
    assert len(long_output) == COMBINED_LIMIT


def test_two_long_streams_share_the_room() -> None:
    both = combined("o" * 5000, "e" * 5000)
    out, _, error = both.partition(SEPARATOR)
    assert out.endswith(STDOUT_CUT)
    assert error.endswith(STDERR_CUT)
    assert out.count("o") - STDOUT_CUT.count("o") == error.count("e") - STDERR_CUT.count("e")
    assert COMBINED_LIMIT - 1 <= len(both) <= COMBINED_LIMIT


def test_bytes_that_are_no_text_are_replaced() -> None:
    assert shown(b"a\xff\xfeb \x1b[31m") == "a\ufffd\ufffdb \x1b[31m"


@pytest.mark.parametrize("text", ["", "short", "ü" * 5000, "lone \ud800 surrogate" * 100])
def test_what_is_kept_comes_back(text: str) -> None:
    assert Kept(text).text == text.encode("utf-8", "replace").decode()
