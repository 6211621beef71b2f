"""Which rollouts are our own, as the records say."""

from __future__ import annotations

from pathlib import Path

from ssmtui.local.paths import Paths
from ssmtui.resources.commands.row import Origin
from ssmtui.rollouts.origins import OwnRollouts
from ssmtui.rollouts.plan import plan
from ssmtui.rollouts.record import Records
from ssmtui.rollouts.spec import RolloutSpec
from tests.rollouts.conftest import a_command


def made(folder: Path, rollout_id: str, **given: str) -> None:
    planned = plan(RolloutSpec(a_command(3, **given)), rollout_id)
    Records(folder).create(planned, now=1_790_000_000.0, identity="ops").close()


def test_each_record_is_known_by_its_title_and_who_made_it(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    own = OwnRollouts(paths)
    assert own() == {}
    made(paths.rollouts, "7f3a91c2", comment="openssl fix")
    made(paths.rollouts, "00000001")
    assert own() == {
        "7f3a91c2": Origin("openssl fix", "ops"),
        "00000001": Origin("AWS-RunShellScript", "ops"),
    }
    # What was read once is not read again, and what is gone is forgotten.
    (paths.rollouts / "00000001.json").unlink()
    (paths.rollouts / "7f3a91c2.json").write_text("damaged")
    assert own() == {"7f3a91c2": Origin("openssl fix", "ops")}


def test_a_damaged_record_is_left_out(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    paths.rollouts.mkdir()
    (paths.rollouts / "7f3a91c2.json").write_text('{"plan": 3}')
    assert OwnRollouts(paths)() == {}
