"""The declaration: where a command leads, and what it may be narrowed by."""

from __future__ import annotations

import pytest

from ssmtui.core.query import parse
from ssmtui.resources.commands import commands
from ssmtui.resources.commands.row import Command

ID = "0b1c2d3e-0000-4000-8000-000000000001"


def test_a_command_leads_to_what_it_did() -> None:
    (link,) = commands().links(Command(account="1", region="r", id=ID))
    assert (link.resource, link.filter) == ("invocations", f"command={ID}")


@pytest.mark.parametrize(
    ("text", "only"),
    [
        (f"id={ID}", {"id": ID}),
        ("id=0b1c", {}),  # the service takes whole ids alone
        ("node=i-0123456789abcdef0 failed>0", {"node": "i-0123456789abcdef0"}),
        ("node=mi-0123456789abcdef0", {"node": "mi-0123456789abcdef0"}),
        ("node=web-1", {}),
        ("status=running", {"status": "running"}),
        ("status=failed", {}),
        ("document=AWS-RunShellScript", {"document": "AWS-RunShellScript"}),
        ("requested<1d", {}),
    ],
)
def test_what_is_asked_of_the_service(text: str, only: dict[str, str]) -> None:
    resource = commands()
    assert resource.only(parse(text, resource.columns).exact) == only


async def test_what_was_looked_up_later_listings_know(open_fleet, reader) -> None:
    async with open_fleet(nodes=60) as fleet:
        (scope,) = fleet.scopes
        resource = commands()
        await reader.read(resource.listing(fleet.scopes))
        rows = list(reader.rows.values())[:3]
        found = {}
        async for fields in resource.look_up(scope, rows):
            found.update(fields)
        assert {row.key for row in rows} <= found.keys()
        await reader.read(resource.listing(fleet.scopes))
        for row in rows:
            assert reader.rows[row.id].who == found[row.key]["who"]
