from __future__ import annotations

import pytest

from ssmtui.ui.saving import safe_stem


@pytest.mark.parametrize("text", ["../../etc/passwd", "a b/c", "\x1b[31m", "名前", "", "." * 90])
def test_a_stem_is_never_a_path_nor_empty(text: str) -> None:
    stem = safe_stem(text)
    assert stem
    assert len(stem) <= 60
    assert not stem.startswith(".")
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def test_a_good_name_stays() -> None:
    assert safe_stem("i-0a1b_2.c") == "i-0a1b_2.c"
