"""Each benchmark runs, small; what it measures is no test's business."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES, keep, main
from benchmarks.measures import Row
from benchmarks.report import Part

ROOT = Path(__file__).resolve().parents[2]

# The fleet table has tests of its own, and no small size.
QUICK = sorted(set(NAMES) - {"fleet_table"})


@pytest.mark.parametrize("name", QUICK)
def test_a_small_run_gives_rows(name):
    if name == "node_list":
        pytest.importorskip("boto3")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--child", "--quick"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    rows = [Row(**row) for row in json.loads(done.stdout)]
    assert rows
    for row in rows:
        assert row.ours >= 0
        assert row.what
        assert row.how
        assert all(value > 0 for value in row.rivals.values())
        assert (row.met is None) == (not row.goal)


def test_an_unknown_name_is_an_error(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["nonsense"])
    assert ended.value.code == 2
    assert "no benchmark 'nonsense'" in capsys.readouterr().err


def test_a_part_measured_anew_takes_the_place_of_its_last_results(tmp_path):
    record, written = tmp_path / "benchmarks.json", tmp_path / "benchmarks.md"

    def part(what):
        row = Row(what=what, ours=1, unit="ms", how="Counted.")
        return Part([row], datetime(2026, 11, 21, tzinfo=UTC), 0.0)

    keep({"idle_hour": part("calls"), "decoding": part("a page")}, record, written)
    keep({"decoding": part("another page")}, record, written)

    text = written.read_text()
    assert "| a page |" not in text
    # In the order of the parts, whenever they were measured.
    assert text.index("| another page |") < text.index("| calls |")
