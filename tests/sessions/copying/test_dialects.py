"""What the scripts are; that they do what they should is for the tests of copies."""

from __future__ import annotations

import pytest

from ssmtui.sessions.copying.dialects import dialect_of
from ssmtui.sessions.copying.posix import Posix
from ssmtui.sessions.copying.powershell import PowerShell
from ssmtui.sessions.copying.scripts import BLOCK

DIGEST = "0123456789abcdef" * 4
HOSTILE = "/tmp/a b'; rm -rf / #$(id)`id`\n\u2019x"


def test_a_platform_has_a_shell():
    assert isinstance(dialect_of("windows"), PowerShell)
    assert isinstance(dialect_of("linux"), Posix)
    assert isinstance(dialect_of("macos"), Posix)


@pytest.mark.parametrize(
    ("platform", "path", "base", "part"),
    [
        ("linux", "/var/log/x", "x", "/var/log/.x.0123456789abcdef.part"),
        ("linux", "/x/", "x", "/x/..0123456789abcdef.part"),
        ("linux", "x", "x", ".x.0123456789abcdef.part"),
        ("linux", "/", "", "/..0123456789abcdef.part"),
        ("linux", "/a/..", "", "/a/....0123456789abcdef.part"),
        ("windows", "C:\\logs\\x", "x", "C:\\logs\\.x.0123456789abcdef.part"),
        ("windows", "C:/logs/x", "x", "C:\\logs\\.x.0123456789abcdef.part"),
        ("windows", "C:\\", "", "C:\\..0123456789abcdef.part"),
    ],
)
def test_paths(platform, path, base, part):
    dialect = dialect_of(platform)
    assert dialect.base(path) == base
    assert dialect.part(path, DIGEST) == part


@pytest.mark.parametrize("platform", ["linux", "windows"])
def test_a_download_goes_on_at_a_block(platform):
    script = dialect_of(platform).read("/x", 3 * BLOCK)
    assert ("skip=3 " in script) or (f"Seek({3 * BLOCK}," in script)


async def test_no_path_is_taken_for_a_script(open_place):
    for platform in ("linux", "windows"):
        async with open_place(platform) as place:
            place.puts("victim", b"here")
            dialect = place.node.dialect
            hostile = [HOSTILE, "$(rm /tmp/victim)", "'; Remove-Item C:\\Temp\\victim; '"]
            for path in [*hostile, "\u2019; Remove-Item C:\\Temp\\victim; \u2019"]:
                for script in (
                    dialect.look(path),
                    dialect.survey(path, path, DIGEST),
                    dialect.place(path, path, DIGEST, mode=0o600, overwrite=False),
                    dialect.discard(path),
                    dialect.pack(path),
                    dialect.survey_folder(path, path, DIGEST),
                    dialect.place_folder(path, path, DIGEST, overwrite=True),
                ):
                    await place.node.answer(script)
            assert place.holds("victim") == b"here"
