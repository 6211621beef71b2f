from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        (
            "printf abc | base64; printf YWJj | base64 -d; echo; seq 40 | base64 | head -n 1 | tr -d '\\n' | wc -c",
            "YWJj\nabc\n76\n",
        ),
        (
            "seq 50 | base64 -w 0 | base64 -d | tail -n 1; seq 100 | base64 | base64 -d | md5sum; seq 100 | md5sum",
            "50\n"
            + (hashlib.md5("".join(f"{n}\n" for n in range(1, 101)).encode()).hexdigest() + "  -\n")
            * 2,
        ),
        ("printf abc | sha256sum", hashlib.sha256(b"abc").hexdigest() + "  -\n"),
        (
            "echo x > /tmp/x; md5sum /tmp/x > /tmp/s; md5sum -c /tmp/s; echo y > /tmp/x; md5sum -c /tmp/s; echo $?",
            "/tmp/x: OK\n/tmp/x: FAILED\n1\n",
        ),
        (
            "printf 'ab\\n' | xxd; printf ab | xxd -p",
            "00000000: 6162 0a                                  ab.\n6162\n",
        ),
        (
            "printf 'a\\n' | od -c; printf 'a' | hexdump -C | tail -n 1",
            "0000000   a  \\n\n0000002\n00000001\n",
        ),
        ("printf abc | cksum", "891568578 3\n"),
    ],
)
async def test_output(bench: Any, script: str, printed: str) -> None:
    assert await bench.out(script) == printed


async def test_long_input_is_wrapped_as_it_should_be(bench: Any) -> None:
    data = "".join(f"{n}\n" for n in range(1, 5001)).encode()
    printed = await bench.out("seq 5000 | base64")
    assert printed.replace("\n", "") == base64.b64encode(data).decode()
    assert {len(line) for line in printed.splitlines()[:-1]} == {76}


@pytest.mark.parametrize(
    "script", ["printf '!!!!' | base64 -d", "printf abc | base64 -d", "sha1sum /nope"]
)
async def test_problems(bench: Any, script: str) -> None:
    result = await bench.run(script)
    assert result.stderr
    assert result.exit_code == 1
