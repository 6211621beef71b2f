from __future__ import annotations

import os
import subprocess

import pytest

from ssmtui.sessions.copying.posix import Posix
from ssmtui.sessions.copying.scripts import BLOCK, Piece


def test_joining():
    assert Posix().join("/srv/", "x") == Posix().join("/srv", "x") == "/srv/x"
    assert Posix().join("/", "x") == "/x"


def test_the_path_of_a_directory():
    assert [Posix().folder(path) for path in ("/srv/", "/srv", "//", "a/")] == [
        "/srv", "/srv", "/", "a",
    ]  # fmt: skip


def test_base64_is_typed_as_it_is():
    assert Posix().typed(b"A" * 1000) == b"A" * 1000


@pytest.mark.parametrize("code", [0, 22])
def test_a_piece_is_cut_out_and_removed_by_a_real_shell(tmp_path, code):
    """Its own small programs, and a stand-in for curl that keeps what it is given."""
    (tmp_path / "bin").mkdir()
    curl = tmp_path / "bin" / "curl"
    curl.write_text(f'#!/bin/sh\ncat > {tmp_path}/address; cp "$5" {tmp_path}/sent; exit {code}\n')
    curl.chmod(0o700)
    (tmp_path / "t").mkdir()
    source = tmp_path / "it's here"
    source.write_bytes(os.urandom(3 * BLOCK + 7))
    script = Posix().send(str(source), Piece(BLOCK, 2 * BLOCK, "0a1b"))
    ended = subprocess.run(
        ["/bin/sh", "-c", script.replace("stty -echo -icanon", "true")],
        input=b"https://bucket.example/x\n",
        env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "TMPDIR": str(tmp_path / "t")},
        capture_output=True,
        check=True,
    )
    assert ended.stdout.endswith(b":done:%d:" % code)
    assert (tmp_path / "sent").read_bytes() == source.read_bytes()[BLOCK : 3 * BLOCK]
    assert (tmp_path / "address").read_text() == 'url = "https://bucket.example/x"\n'
    assert list((tmp_path / "t").iterdir()) == []


@pytest.mark.parametrize("begun", [0, 5, 8])
def test_what_a_part_lacks_of_a_piece_is_appended_by_a_real_shell(tmp_path, begun):
    """With a stand-in for curl that serves ten digits from the place that it is asked for."""
    (tmp_path / "bin").mkdir()
    curl = tmp_path / "bin" / "curl"
    curl.write_text("#!/bin/sh\nprintf 0123456789 | tail -c +$((${5%-} + 1))\n")
    curl.chmod(0o700)
    part = tmp_path / ".it's.part"
    part.write_bytes(b"left of another attempt" if not begun else b"x" * (100 + begun))
    script = Posix().fetch(str(part), begun and 100 + begun, Piece(begun and 100, 10, "0a1b"))
    ended = subprocess.run(
        ["/bin/sh", "-c", script.replace("stty -echo -icanon", "true")],
        input=b"https://bucket.example/x\n",
        env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"},
        capture_output=True,
        check=True,
    )
    assert ended.stdout.endswith(b":done:0:")
    expected = b"x" * (100 + begun) if begun else b""
    assert part.read_bytes() == expected + b"0123456789"[begun:]
