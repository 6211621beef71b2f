"""One pass for a verb."""

from ssmtui.cli.listing import list_once
from ssmtui.resources.nodes import nodes


async def test_rows_and_problems(open_fleet):
    async with open_fleet(nodes=60, faults=["denied resourcegroupstaggingapi:*"]) as fleet:
        listed = await list_once(nodes(), fleet.scopes)
        wanted = {n.id for scope in fleet.world.scopes for n in scope.every_node()}
        assert {row.id for row in listed.rows.values()} == wanted
        (problem,) = listed.problems
        assert problem.scope == fleet.scopes[0].key
