from __future__ import annotations

from typing import Any

import pytest


async def test_units_and_counts(bench: Any) -> None:
    lines = (await bench.out("journalctl -u sshd -n 5 --no-pager")).splitlines()
    assert len(lines) == 5
    assert all(" sshd[" in line for line in lines)
    reversed_ = (await bench.out("journalctl -u sshd -n 5 -r")).splitlines()
    assert reversed_ == lines[::-1]


async def test_what_is_written(bench: Any) -> None:
    await bench.run("logger -t me -p user.err 'it broke'; echo piped | logger -t me")
    assert (await bench.out("journalctl -t me -o cat")) == "it broke\npiped\n"
    assert (await bench.out("journalctl -t me -p err -o cat")) == "it broke\n"
    assert (await bench.out("journalctl -t me -g PIPED -o cat")) == "piped\n"
    assert "it broke" in await bench.out("tail -n 5 /var/log/messages")


async def test_services_write_when_they_stop(bench: Any) -> None:
    await bench.run("systemctl restart sshd")
    assert "Stopped sshd.service" in await bench.out("journalctl -u sshd -n 2 -o cat")


async def test_times(bench: Any) -> None:
    for since in ("'1 hour ago'", "today", "yesterday", "-30min", "'2026-11-02 07:00'"):
        assert "08:" not in (await bench.out(f"journalctl --since {since}")).split()[2]
    assert (await bench.out("journalctl -u sshd --since '1 sec ago'")) == "-- No entries --\n"


async def test_following(bench: Any) -> None:
    script = "(sleep 5; logger -t me hello) & timeout 700 journalctl -f -n 0 -o cat"
    printed = await bench.during(bench.out(script), 5, *[100.0] * 7)
    assert printed.count("hello\n") == 1
    assert len(printed.splitlines()) > 50


async def test_other_formats(bench: Any) -> None:
    assert (await bench.out("journalctl -u sshd -n 1 -o short-iso")).startswith("2026-11-0")
    assert "kernel: " in await bench.out("journalctl -k -n 1")


@pytest.mark.parametrize("options", ["-p nope", "-g '('", "--since whenever", "-n x"])
async def test_problems(bench: Any, options: str) -> None:
    result = await bench.run(f"journalctl {options}")
    assert result.stderr.startswith("journalctl: ")
    assert result.exit_code == 1
