"""The marker of a rollout's commands, as the plan writes it."""

from __future__ import annotations

import pytest

from ssmtui.resources.commands.marker import Marked, read_marker


@pytest.mark.parametrize(
    ("comment", "marked"),
    [
        ("ssmtui 7f3a91c2-0012 openssl fix", Marked("7f3a91c2", 12, "openssl fix")),
        ("ssmtui 7f3a91c2-0000", Marked("7f3a91c2", 0, "")),
        ("ssmtui 7f3a91c2-12345 x", Marked("7f3a91c2", 12345, "x")),
        ("ssmtui is nice", None),
        ("see ssmtui 7f3a91c2-0012", None),
        ("ssmtui 7f3a91c2-0012x", None),
        ("", None),
    ],
)
def test_what_a_comment_says_of_its_rollout(comment: str, marked: Marked | None) -> None:
    assert read_marker(comment) == marked
