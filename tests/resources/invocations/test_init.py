"""The declaration: where an invocation leads, and that all of them are not listed."""

from __future__ import annotations

from ssmtui.resources.base import Finished
from ssmtui.resources.invocations import invocations
from ssmtui.resources.invocations.row import Invocation

COMMAND = "0b1c2d3e-0000-4000-8000-000000000001"
NODE = "i-0123456789abcdef0"


def test_where_one_leads() -> None:
    links = invocations().links(Invocation(account="1", region="r", command=COMMAND, node=NODE))
    assert [(link.resource, link.filter) for link in links] == [
        ("nodes", f"id={NODE}"),
        ("commands", f"id={COMMAND}"),
        ("invocations", f"node={NODE}"),
    ]


async def test_without_a_command_or_a_node_it_says_what_is_wanted(open_fleet) -> None:
    async with open_fleet(nodes=20) as fleet:
        events = [event async for event in invocations().open(fleet.scopes, {}).refresh()]
        assert all(isinstance(event, Finished) for event in events)
        assert events[0].problem.sentence == (
            "There are too many invocations to list them all. Say command=ID or node=ID."
        )
