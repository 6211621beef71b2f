from __future__ import annotations

import io
import tarfile
from typing import Any

TAR = "& C:\\Windows\\System32\\tar.exe"
NEW, OLD = "Server 2022", "Server 2016"


async def test_a_folder_is_packed_and_unpacked(bench: Any) -> None:
    script = (
        "'C:\\a', 'C:\\a\\b', 'C:\\z' | % { $null=New-Item -ItemType Directory -Path $_ }; "
        "Set-Content 'C:\\a\\b\\c d' one; Set-Content C:\\a\\e two; "
        f"{TAR} -C C:\\a -cf C:\\Temp\\a.tar .; $LASTEXITCODE; "
        "tar.exe -C C:\\z -xf C:\\Temp\\a.tar; $LASTEXITCODE; "
        "Get-Content 'C:\\z\\b\\c d'; Get-Content C:\\z\\e"
    )
    assert (await bench.out(script, NEW)).split() == ["0", "0", "one", "two"]
    file = bench.machine(NEW).tree.file("/C:/Temp/a.tar")
    with tarfile.open(fileobj=io.BytesIO(b"".join(file.read()))) as archive:
        assert sorted(archive.getnames()) == [".", "./b", "./b/c d", "./e"]


async def test_nothing_leads_outside(bench: Any) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("../x")
        member.size = 2
        archive.addfile(member, io.BytesIO(b"in"))
    tree = bench.machine(NEW).tree
    tree.append("/C:/Temp/x.tar", tree.create("/C:/Temp/x.tar"), made.getvalue())
    script = f"{TAR} -C C:\\Temp -xf C:\\Temp\\x.tar; Test-Path C:\\x"
    assert (await bench.out(script, NEW)).strip() == "False"
    assert b"".join(tree.file("/C:/Temp/x").read()) == b"in"


async def test_what_fails_is_said(bench: Any) -> None:
    for arguments, words in (
        ("-C C:\\nowhere -cf C:\\Temp\\x .", "No such file"),
        ("-xf C:\\nowhere", "No such file"),
        ("-xf C:\\Windows\\win.ini", "Unrecognized archive format"),
        ("x", "Must specify one of"),
    ):
        result = await bench.run(f"{TAR} {arguments}; $LASTEXITCODE", NEW)
        assert words in result.stderr
        assert result.stdout.strip() == "1"


async def test_windows_server_2016_has_none(bench: Any) -> None:
    there = "Test-Path C:\\Windows\\System32\\tar.exe"
    assert (await bench.run(there, OLD)).stdout.strip() == "False"
    assert (await bench.run(there, "Server 2019")).stdout.strip() == "True"
    assert "tar.exe" in (await bench.run(f"{TAR} -xf x", OLD)).stderr
