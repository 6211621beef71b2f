"""Each benchmark runs, small; what it measures is no test's business."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES, main
from benchmarks.measures import Row

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
