from __future__ import annotations

import json
from typing import Any

import pytest

THINGS = "$t = @{n='b';v=2}, @{n='a';v=10}, @{n='c';v=1} | ForEach-Object { [pscustomobject]$_ }; "


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("1..9 | ? { $_ -gt 7 }", "8\n9\n"),
        (THINGS + "$t | where v -gt 1 | % n", "b\na\n"),
        (THINGS + "$t | where n | measure | % Count", "3\n"),
        (THINGS + "($t | sort v).n -join ''; ($t | sort n -Descending).n -join ''", "cba\ncba\n"),
        (THINGS + "$t | select -ExpandProperty n -First 2", "b\na\n"),
        ("1..9 | select -First 2; 1..9 | select -Last 1; 1..4 | select -Skip 3", "1\n2\n9\n4\n"),
        ("1, 2, 1 | select -Unique; 3, 1, 3 | sort -Unique", "1\n2\n1\n3\n"),
        ("('a', 'b', 'a' | group | % { \"$($_.Name)=$($_.Count)\" }) -join ' '", "a=2 b=1\n"),
        (
            "$m = 1..4 | measure -Sum -Average -Maximum -Minimum; $m.Sum, $m.Average, $m.Maximum -join ','",
            "10,2.5,4\n",
        ),
        ("('a b', 'c' | measure -Word -Line).Words", "3\n"),
        ("'one', 'two' | sls 'T' | % { $_ }; 'a(b' | sls -SimpleMatch 'A('", "two\na(b\n"),
        ("'a', 'b' | sls -NotMatch a", "b\n"),
        ("1..3 | Out-Null; 'x' | Out-String | % Trim; 1, 2 | Out-Host", "x\n1\n2\n"),
        ("1..3 | tee -Variable v | Out-Null; $v.Count", "3\n"),
        ("@{a=1} | ConvertTo-Json -Compress", '{"a":1}\n'),
        ('(\'{"a":[1,{"b":2}]}\' | ConvertFrom-Json).a[1].b', "2\n"),
        (THINGS + "($t | ConvertTo-Csv)[1]", '"b","2"\n'),
        ("(New-Object PSObject -Property @{x=1}).x", "1\n"),
        ("Get-Date | gm | Out-Null; (Get-Service | gm)[0].Name", "Status\n"),
    ],
)
async def test_objects(bench: Any, script: str, printed: str) -> None:
    assert await bench.windows(script.replace("| % Trim", "| % { $_.Trim() }")) == printed


async def test_tables_and_lists(bench: Any) -> None:
    assert await bench.windows(THINGS + "$t | select -First 1 | ft n, v") == "\nn v\n- -\nb 2\n\n"
    assert (
        await bench.windows(THINGS + "$t | select -First 1 | ft n -HideTableHeaders") == "\nb\n\n"
    )
    assert await bench.windows(THINGS + "$t | select -First 1 | fl") == "\nn : b\nv : 2\n\n"
    assert await bench.windows("1, 2 | ft") == "1\n2\n"


async def test_json_is_json(bench: Any) -> None:
    found = json.loads(await bench.windows("Get-Service | select Name, Status | ConvertTo-Json"))
    assert {"Name": "Spooler", "Status": "Running"} in found


async def test_what_is_not_json(bench: Any) -> None:
    assert "Invalid JSON" in (await bench.run("'{' | ConvertFrom-Json", "Windows")).stderr


async def test_first_stops_what_comes_before(bench: Any) -> None:
    script = "Get-Content C:\\inetpub\\logs\\app.log -Wait | select -First 2 | measure | % Count"
    assert await bench.windows(script) == "2\n"


async def test_sleeping(bench: Any) -> None:
    script = "$a = Get-Date; sleep 2; Start-Sleep -Milliseconds 500; ((Get-Date) - $a).TotalSeconds"
    assert await bench.during(bench.windows(script), 2, 0.5) == "2.50\n"
