from __future__ import annotations

import re

from ssmtui.sessions.copying.scripts import BLOCK, READY, Code


def test_codes_are_none_of_a_shells_own():
    assert {code for code in Code if not 64 <= code < 113} == set()


def test_blocks_are_whole_ones_of_a_disk():
    assert BLOCK % 4096 == 0


def test_no_echo_of_base64_looks_like_a_mark():
    assert re.search(rb"[^A-Za-z0-9+/=]", READY)
