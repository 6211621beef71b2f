"""Every operation over HTTP, through botocore's own client and parsers."""

from __future__ import annotations

from typing import Any

import pytest
from aiobotocore.session import get_session

from ssmtui.simulator.server import running
from ssmtui.simulator.services import SERVICES
from ssmtui.simulator.world import World

COUNT = {"AggregatorType": "Count", "TypeName": "Instance", "AttributeName": "PlatformType"}


def parameters(operation: str, managed: str, hybrid: str, account: str) -> dict[str, Any]:
    """A request of each operation that needs any parameters at all."""
    tagged = {"ResourceType": "ManagedInstance", "ResourceId": hybrid}
    return {
        "GetConnectionStatus": {"Target": managed},
        "ListNodesSummary": {"Aggregators": [COUNT]},
        "DescribeInstanceAssociationsStatus": {"InstanceId": managed},
        "ListTagsForResource": tagged,
        "AddTagsToResource": {**tagged, "Tags": [{"Key": "Owner", "Value": "jane"}]},
        "RemoveTagsFromResource": {**tagged, "TagKeys": ["Owner"]},
        "UpdateManagedInstanceRole": {"InstanceId": hybrid, "IamRole": "another"},
        "DeregisterManagedInstance": {"InstanceId": hybrid},
        "AssumeRole": {
            "RoleArn": f"arn:aws:iam::{account}:role/ops",
            "RoleSessionName": "jane",
        },
    }.get(operation, {})


# What an answer must hold, so that a parser which found nothing does not pass.
EXPECTED = {
    "DescribeInstanceInformation": "InstanceInformationList",
    "DescribeInstanceProperties": "InstanceProperties",
    "GetConnectionStatus": "Status",
    "ListNodes": "Nodes",
    "ListNodesSummary": "Summary",
    "DescribeInstanceAssociationsStatus": "InstanceAssociationStatusInfos",
    "ListTagsForResource": "TagList",
    "AddTagsToResource": "",
    "RemoveTagsFromResource": "",
    "UpdateManagedInstanceRole": "",
    "DeregisterManagedInstance": "",
    "DescribeInstances": "Reservations",
    "DescribeInstanceStatus": "InstanceStatuses",
    "DescribeTags": "Tags",
    "DescribeRegions": "Regions",
    "GetCallerIdentity": "Account",
    "AssumeRole": "Credentials",
    "GetSessionToken": "Credentials",
    "ListAccountAliases": "AccountAliases",
    "GetResources": "ResourceTagMappingList",
}


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_is_understood_by_botocores_client(service: str) -> None:
    world = World.generate(nodes=100, accounts=1, regions=1)
    scope = world.scopes[0]
    managed = next(node for node in scope.managed if node.outcome.statuses)
    hybrid = next(node for node in scope.managed if node.hybrid and node.tags)
    operations = [name for name in dir(SERVICES[service]) if name[0].isupper()]
    operations.sort(key=list(EXPECTED).index)  # deregistering comes last
    async with (
        running(world) as endpoint,
        get_session().create_client(service, **endpoint.client_options()) as client,
    ):
        for operation in operations:
            params = parameters(operation, managed.id, hybrid.id, scope.account.id)
            answer = await client._make_api_call(operation, params)
            expected = EXPECTED[operation]
            assert not expected or answer[expected], operation
        assert endpoint.mistakes == []


def test_every_operation_is_called_above() -> None:
    handlers = [name for handler in SERVICES.values() for name in dir(handler) if name[0].isupper()]
    assert sorted(handlers) == sorted(EXPECTED)
