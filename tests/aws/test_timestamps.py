from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ssmtui.aws.timestamps import timestamp


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1700000000.123, 1700000000.123),
        (1700000000, 1700000000.0),
        ("1700000000.5", 1700000000.5),
        ("2023-11-14T22:13:20Z", 1700000000.0),
        ("2023-11-14T22:13:20.250Z", 1700000000.25),
        ("2023-11-14T22:13:20.123456789Z", 1700000000.123456),
        ("2023-11-15T00:13:20+02:00", 1700000000.0),
        ("2023-11-14T22:13:20", 1700000000.0),
        (" 2023-11-14T22:13:20Z ", 1700000000.0),
        ("Tue, 14 Nov 2023 22:13:20 GMT", 1700000000.0),
        (253402300799.0, 253402300799.0),
    ],
)
def test_every_way_of_writing_a_time(value, seconds):
    assert timestamp(value) == pytest.approx(seconds, abs=1e-6)
    assert isinstance(timestamp(value), float)


@pytest.mark.parametrize(
    "value",
    [
        -62135596800.0,
        -62135596800,
        "-62135596800",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        0,
        0.0,
        "1970-01-01T00:00:00Z",
        None,
        "",
        "soon",
        float("nan"),
        float("inf"),
        [],
    ],
)
def test_never_and_nonsense_are_no_time(value):
    assert timestamp(value) is None


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
def test_the_zone_of_the_machine_plays_no_part(zone):
    code = (
        "from ssmtui.aws.timestamps import timestamp as t;"
        "print(t(-62135596800.0), t('0001-01-01T00:00:00'), t('2023-11-14T22:13:20'))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["None", "None", "1700000000.0"]
