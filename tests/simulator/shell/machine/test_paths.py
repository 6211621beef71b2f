from __future__ import annotations

import pytest

from ssmtui.simulator.shell.machine.paths import base, join, normalize, split


@pytest.mark.parametrize(
    ("path", "normal"),
    [("/", "/"), ("//a/./b/../c/", "/a/c"), ("/../..", "/"), ("", "/"), ("a", "/a")],
)
def test_normalizing(path: str, normal: str) -> None:
    assert normalize(path) == normal


def test_joining_and_splitting() -> None:
    assert join("/a/b", "../c") == "/a/c"
    assert join("/a", "/x") == "/x"
    assert split("/a/b") == ("/a", "b")
    assert split("/a") == ("/", "a")
    assert base("/a/b/") == "b"
    assert base("/") == "/"
