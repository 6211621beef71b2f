from __future__ import annotations

from ssmtui.sessions.copying.powershell import PowerShell


def test_joining():
    assert PowerShell().join("C:\\", "x") == PowerShell().join("C:/", "x") == "C:\\x"


def test_the_path_of_a_directory():
    given = ("C:\\site\\", "C:/site", "C:\\", "C:", "site\\")
    assert [PowerShell().folder(path) for path in given] == [
        "C:\\site", "C:\\site", "C:\\", "C:\\", "site",
    ]  # fmt: skip


def test_a_console_gets_lines_that_it_takes_whole():
    typed = PowerShell().typed(b"A" * 1000)
    lines = typed.split(b"\r")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 254
    assert b"".join(lines) == b"A" * 1000
