from __future__ import annotations

import io
import tarfile
from typing import Any

import pytest

MAKE = "mkdir -p /tmp/d/sub; echo one > /tmp/d/a; echo two > '/tmp/d/sub/b c'; ln -s a /tmp/d/l; chmod 750 /tmp/d/a; "


async def test_what_is_packed_is_what_a_real_tar_reads(bench: Any) -> None:
    await bench.out(f"{MAKE}tar -C /tmp/d -cf /tmp/t .")
    data = b"".join(bench.machine().tree.file("/tmp/t").read())
    with tarfile.open(fileobj=io.BytesIO(data)) as packed:
        members = {member.name: member for member in packed}
        assert sorted(members) == [".", "./a", "./l", "./sub", "./sub/b c"]
        assert packed.extractfile("./a").read() == b"one\n"
        assert (members["./a"].mode, members["./l"].linkname) == (0o750, "a")


@pytest.mark.parametrize("letters", ["cf", "czf", "-cf"])
async def test_there_and_back(bench: Any, letters: str) -> None:
    script = (
        f"{MAKE}cd /tmp; tar {letters} t d; mkdir e; tar -C e -x -f t; "
        "cat e/d/a 'e/d/sub/b c' e/d/l; ls -l e/d/a | cut -c1-10; tar tf t | sort"
    )
    assert await bench.out(script) == (
        "one\ntwo\none\n-rwxr-x---\nd/\nd/a\nd/l\nd/sub/\nd/sub/b c\n"
    )


async def test_through_pipes(bench: Any) -> None:
    script = f"{MAKE}mkdir /tmp/e; tar -C /tmp/d -c . | tar -C /tmp/e -xv | sort; cat /tmp/e/a"
    assert await bench.out(script) == "./\n./a\n./l\n./sub/\n./sub/b c\none\n"


async def test_a_name_does_not_lead_outside(bench: Any) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as packed:
        member = tarfile.TarInfo("../../etc/evil")
        member.size = 1
        packed.addfile(member, io.BytesIO(b"x"))
    tree = bench.machine().tree
    tree.append("/tmp/t", tree.create("/tmp/t"), made.getvalue())
    await bench.run("mkdir -p /tmp/e/etc; tar -C /tmp/e -xf /tmp/t")
    assert not tree.exists("/etc/evil")
    assert tree.exists("/tmp/e/etc/evil")


@pytest.mark.parametrize(
    ("script", "words", "status"),
    [
        ("tar -f x", "You must specify one of", 2),
        ("tar -cxf x a", "You must specify one of", 2),
        ("tar -cf x", "Cowardly refusing", 2),
        ("tar -cf /tmp/t /no/such", "No such file or directory", 2),
        ("tar -xf /no/such", "No such file or directory", 2),
        ("echo nothing > /tmp/t; tar -xf /tmp/t", "does not look like a tar archive", 2),
        ("head -c 9000000 /dev/zero > /tmp/z; tar -cf /tmp/t /tmp/z /tmp/z", "too large", 2),
    ],
)
async def test_what_it_cannot_do(bench: Any, script: str, words: str, status: int) -> None:
    result = await bench.run(script)
    assert words in result.stderr
    assert result.exit_code == status
