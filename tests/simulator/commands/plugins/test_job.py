from __future__ import annotations

from typing import Any

from ssmtui.simulator.commands.plugins import PLUGINS, reboot_code
from ssmtui.simulator.documents import amazon, own


def test_every_step_of_every_document_is_something_that_can_be_done() -> None:
    for document in [*amazon.documents(), *own.documents("111122223333", 0.0)]:
        for version in document.versions:
            for step in version.steps:
                assert (step.does or step.action) in PLUGINS, document.name


def test_what_asks_for_a_reboot(desk: Any) -> None:
    for platform, code in (("Linux", 194), ("MacOS", 194), ("Windows", 3010)):
        (node,) = (
            desk.nodes(platform=platform)
            if platform != "MacOS"
            else [desk.world.launch(desk.scope.account.id, desk.scope.region, "build")]
        )
        assert reboot_code(desk.machine(node)) == code
