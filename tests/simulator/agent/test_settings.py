from __future__ import annotations

from ssmtui.simulator.agent.settings import SessionSettings, usual
from ssmtui.simulator.world import World


def test_production_keeps_logs_and_ends_long_sessions() -> None:
    world = World.generate(nodes=0, accounts=3, regions=1)
    by_env = {scope.account.env: usual(scope) for scope in world.scopes}
    assert by_env["dev"] == SessionSettings()
    production = by_env["prod"]
    assert production.max_minutes == 720
    assert production.s3_bucket
    assert production.log_group
    assert production.kms_key == ""
