"""What may differ between near-identical outputs, rule by rule."""

from __future__ import annotations

import time

import pytest

from ssmtui.core.folding.rules import BLIND, LONGEST, cuts, template


def made(line: str) -> bytes:
    data = line.encode()
    shape = data.translate(BLIND)
    return template(shape, cuts(shape)).of(data)


def rules(line: str) -> list[str]:
    return [cut.rule for cut in cuts(line.encode().translate(BLIND))]


@pytest.mark.parametrize(
    ("one", "other", "rule"),
    [
        ("at 2026-11-21T06:42:34Z", "at 2025-01-02 16:02:04.123 +01:00", "time"),
        ("Sat Nov 21 06:42:34 UTC 2026", "Mon Jan  2 16:02:04 UTC 2025", "time"),
        ("Nov 21 06:42:34 sshd", "Jan  2 16:02:04 sshd", "time"),
        ("[21/Nov/2026:06:42:34 +0000]", "[02/Jan/2025:16:02:04 +0100]", "time"),
        ("20261121T064234Z", "20250102T160204Z", "time"),
        ("now 06:42", "now 16:02:04", "time"),
        ("11/21/2026", "2025-01-02", "time"),
        ("took 3 seconds", "took 1h02m03s", "duration"),
        ("took 350ms", "took 1.5 s", "duration"),
        ("up 3 days,", "up 12 minutes,", "duration"),
        ("took 5µs", "took 12.25 ms", "duration"),
        ("inet 10.0.3.17/16", "inet 192.168.1.2/24", "ipv4"),
        ("inet6 fe80::42:acff:fe11:2/64", "inet6 2001:db8:0:0:0:0:0:1", "ipv6"),
        ("ether 02:42:ac:11:00:02", "ether 0a:1b:2c:3d:4e:5f", "mac"),
        ("on ip-10-0-3-17", "on ip-10-0-3-7.eu-west-1.compute.internal", "host"),
        ("i-0abc12345678901de", "i-01234567890123456", "id"),
        ("vol-0abc1234", "vol-0123abcd456789012", "id"),
        (
            "550e8400-e29b-41d4-a716-446655440000",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "uuid",
        ),
        ("at 0x7fff1234", "at 0xAB", "hex"),
        ("id deadbeef01", "id 0123456789abcdef", "hex"),
        ("sshd[1234]: x", "sshd[7]: x", "number"),
        ("a=-5", "a=12", "number"),
        ("load 0.08", "load 12.50", "number"),
        ("12,345 bytes", "7 bytes", "number"),
        ("46% /", "100% /", "number"),
        ("size 9.8G", "size 512M", "number"),
        ("/proc/1234/fd", "/proc/7/fd", "number"),
        ("port :8080.", "port :80.", "number"),
    ],
)
def test_these_may_differ(one, other, rule):
    assert made(one) == made(other)
    assert rules(one) == [rule] == rules(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("openssl 3.0.13", "openssl 3.0.14"),
        ("kernel-5.14.0-362.el9", "kernel-5.14.0-363.el9"),
        ("nginx/1.24", "nginx/1.25"),
        ("eth0 up", "eth1 up"),
        ("x86_64", "x86_32"),
        ("/dev/sda1", "/dev/sda2"),
        ("v1.2", "v1.3"),
        ("web-1 is up", "web-2 is up"),
        ("level-5", "level-6"),
        ("error", "errors"),
        ("a 5", "b 5"),
        ("5 5", "5"),
        ("deadbeef", "feedface"),  # words of letters alone
        ("é5", "é6"),
    ],
)
def test_these_are_kept_apart(one, other):
    assert made(one) != made(other)


def test_columns_are_as_wide_as_what_stands_in_them():
    assert made("/dev/sda1   9.8G  12% /") == made("/dev/sda1 512.25M 5% /")
    assert made("  indented 5") != made("indented 5")
    assert made("two  blanks") != made("two blanks")


def test_an_id_of_digits_alone_is_no_other_thing():
    assert made("commit deadbee1") == made("commit 12345678")


def test_only_the_beginning_of_a_long_line_is_looked_at():
    long = "x " * LONGEST
    assert made(f"5 {long} 5") == made(f"6 {long} 5")
    assert made(f"5 {long} 5") != made(f"5 {long} 6")


@pytest.mark.parametrize(
    "piece", ["0", "0.", "0:", "a:", "0-", "f0", " 0 ", "1h", "Nov 21 ", "0, ", "\x01", "::", "-"]
)
def test_no_line_takes_long(piece):
    begun = time.process_time()
    made(piece * (1_000_000 // len(piece)))
    assert time.process_time() - begun < 5  # a few milliseconds; runaway patterns take minutes
