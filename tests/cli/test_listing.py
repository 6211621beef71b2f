"""One pass for a verb."""

from ssmtui.cli.listing import keep, list_once
from ssmtui.local.paths import default
from ssmtui.resources.memory import Memory
from ssmtui.resources.nodes import nodes


async def test_rows_and_problems(open_fleet):
    async with open_fleet(nodes=60, faults=["denied resourcegroupstaggingapi:*"]) as fleet:
        listed = await list_once(nodes(), fleet.scopes)
        wanted = {n.id for scope in fleet.world.scopes for n in scope.every_node()}
        assert {row.id for row in listed.rows.values()} == wanted
        (problem,) = listed.problems
        assert problem.scope == fleet.scopes[0].key


async def test_only_what_was_listed_to_the_end_is_kept(open_fleet):
    async with open_fleet(nodes=60, regions=2) as fleet:
        memory, resource = Memory(default()), nodes()
        there, other = (scope.key for scope in fleet.scopes)
        await keep(memory, resource, await list_once(resource, fleet.scopes))
        gone = {}
        for world in fleet.world.scopes:
            node = next(node for node in world.instances if node.state == "running")
            gone[world.region] = node.id
            fleet.world.terminate(node.id)
        fleet.endpoint.faults.add(f"denied * region={other.region}")
        listed = await list_once(resource, fleet.scopes)
        assert listed.complete == {there}
        await keep(memory, resource, listed)
        happened = [(line.kind, line.id) for line in memory.journal.since(0.0)]
        assert happened == [("terminated", gone[there.region])]
        kept = {scope: rows for scope, _, rows in memory.recall(resource, [there, other])}
        assert gone[other.region] in {row.id for row in kept[other]}


async def test_what_a_list_lacks_is_no_problem_of_it(open_fleet):
    async with open_fleet(nodes=60, faults=["denied ssm:DescribeInstanceProperties"]) as fleet:
        listed = await list_once(nodes(), fleet.scopes)
        assert not listed.problems
        assert listed.complete == {scope.key for scope in fleet.scopes}
        assert len(listed.lacking) == len(fleet.scopes)
