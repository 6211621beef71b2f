from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands import Commands
from ssmtui.simulator.commands.colleagues import Colleagues
from ssmtui.simulator.world import World


def test_somebody_sends_a_command_now_and_then(desk: Any) -> None:
    where = desk.scope.account.id, desk.scope.region
    before = {command.id for command in desk.commands.all(*where)}
    Colleagues(desk.world)
    desk.world.clock.advance(2 * 3600)
    fresh = [command for command in desk.commands.all(*where) if command.id not in before]
    assert len(fresh) >= 3
    assert all(command.target_count <= 20 for command in fresh)
    assert any(command.done for command in fresh)


def test_an_empty_world_has_no_colleagues() -> None:
    world = World.generate(nodes=0, accounts=1, regions=1)
    Colleagues(world)
    world.clock.advance(3600)
    scope = world.scopes[0]
    assert world.part(Commands).all(scope.account.id, scope.region) == []
