"""Every operation over HTTP, through botocore's own client and parsers."""

from __future__ import annotations

from typing import Any

import pytest
from aiobotocore.session import get_session

from ssmtui.simulator.agent import documents, keys
from ssmtui.simulator.agent.sessions import Sessions, connected
from ssmtui.simulator.commands import Commands, requesting
from ssmtui.simulator.server import running
from ssmtui.simulator.services import SERVICES
from ssmtui.simulator.world import World
from ssmtui.simulator.world.buckets import Buckets, etag_of

COUNT = {"AggregatorType": "Count", "TypeName": "Instance", "AttributeName": "PlatformType"}


def parameters(operation: str, world: World) -> dict[str, Any]:
    """A request of each operation that needs any parameters at all."""
    scope = world.scopes[0]
    account = scope.account.id
    managed = next(node.id for node in scope.managed if node.outcome.statuses)
    hybrid = next(node.id for node in scope.managed if node.hybrid and node.tags)
    online = next(
        node for node in scope.managed if connected(node) and node.platform.type == "Linux"
    )
    document = documents.DOCUMENTS[documents.DEFAULT_DOCUMENT]
    session = world.part(Sessions).start(online, "jane", document, {}, document_named=document.name)
    bucket = world.part(Buckets).usual(account, scope.region)
    bucket.put("there", b"bytes", world.now)
    upload = bucket.begin("big", world.now, "", {})
    upload.parts[1] = b"part"
    key = {"Bucket": bucket.name, "Key": "there"}
    part = {"Bucket": bucket.name, "Key": "big", "UploadId": upload.id}
    commands = world.part(Commands)
    command = {
        "DocumentName": "AWS-RunShellScript",
        "InstanceIds": [online.id],
        "Parameters": {"commands": ["uptime"]},
        "CloudWatchOutputConfig": {"CloudWatchOutputEnabled": True},
    }
    request = requesting.read(world, account, scope.region, command)
    sent = commands.send(account, scope.region, request, "jane")
    world.clock.advance(20)
    group = "/aws/ssm/AWS-RunShellScript"
    stream = f"{sent.id}/{online.id}/aws-runShellScript/stdout"
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
        "StartSession": {"Target": online.id},
        "ResumeSession": {"SessionId": session.id},
        "TerminateSession": {"SessionId": session.id},
        "DescribeSessions": {"State": "Active"},
        "DescribeDocument": {"Name": documents.DEFAULT_DOCUMENT},
        "GetDocument": {"Name": documents.DEFAULT_DOCUMENT},
        "ListDocumentVersions": {"Name": "shop-deploy-app"},
        "GetCalendarState": {"CalendarNames": ["payments-freeze"]},
        "GenerateDataKey": {"KeyId": keys.SESSION_ALIAS, "NumberOfBytes": 64},
        "Decrypt": {"CiphertextBlob": keys.seal(account, scope.region, b"key", {})},
        "CreateBucket": {
            "Bucket": "another",
            "CreateBucketConfiguration": {"LocationConstraint": scope.region},
        },
        "HeadBucket": {"Bucket": bucket.name},
        "ListObjectsV2": {"Bucket": bucket.name},
        "PutObject": {**key, "Body": b"bytes"},
        "GetObject": key,
        "HeadObject": key,
        "DeleteObject": key,
        "CreateMultipartUpload": key,
        "UploadPart": {**part, "PartNumber": 2, "Body": b"more"},
        "ListParts": part,
        "CompleteMultipartUpload": {
            **part,
            "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": etag_of(b"part")}]},
        },
        "AbortMultipartUpload": part,
        "SendCommand": command,
        "DescribeLogStreams": {"logGroupName": group},
        "GetLogEvents": {"logGroupName": group, "logStreamName": stream},
        "FilterLogEvents": {"logGroupName": group},
        "ListGroupResources": {"Group": "storefront"},
        "CancelCommand": {"CommandId": sent.id},
        "GetCommandInvocation": {"CommandId": sent.id, "InstanceId": online.id},
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
    "DescribeInstances": "Reservations",
    "DescribeInstanceStatus": "InstanceStatuses",
    "DescribeTags": "Tags",
    "DescribeRegions": "Regions",
    "GetCallerIdentity": "Account",
    "AssumeRole": "Credentials",
    "GetSessionToken": "Credentials",
    "ListAccountAliases": "AccountAliases",
    "GetResources": "ResourceTagMappingList",
    "StartSession": "TokenValue",
    "ResumeSession": "TokenValue",
    "TerminateSession": "SessionId",
    "DescribeSessions": "Sessions",
    "DescribeDocument": "Document",
    "GetDocument": "Content",
    "ListDocuments": "DocumentIdentifiers",
    "ListDocumentVersions": "DocumentVersions",
    "GetCalendarState": "State",
    "GenerateDataKey": "Plaintext",
    "Decrypt": "Plaintext",
    "CreateBucket": "Location",
    "ListBuckets": "Buckets",
    "HeadBucket": "BucketRegion",
    "PutObject": "ETag",
    "GetObject": "ContentLength",
    "HeadObject": "ContentLength",
    "ListObjectsV2": "Contents",
    "DeleteObject": "",
    "CreateMultipartUpload": "UploadId",
    "UploadPart": "ETag",
    "ListParts": "Parts",
    "CompleteMultipartUpload": "ETag",
    "AbortMultipartUpload": "",
    "SendCommand": "Command",
    "ListCommands": "Commands",
    "ListCommandInvocations": "CommandInvocations",
    "GetCommandInvocation": "CommandId",
    "CancelCommand": "",
    "DescribeLogGroups": "logGroups",
    "DescribeLogStreams": "logStreams",
    "GetLogEvents": "events",
    "FilterLogEvents": "events",
    "DescribeAlarms": "MetricAlarms",
    "ListGroups": "GroupIdentifiers",
    "ListGroupResources": "Resources",
    "ListTopics": "Topics",
    "LookupEvents": "Events",
    "DeregisterManagedInstance": "",
}


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_is_understood_by_botocores_client(service: str) -> None:
    world = World.generate(nodes=100, accounts=1, regions=1)
    operations = [name for name in dir(SERVICES[service]) if name[0].isupper()]
    operations.sort(key=list(EXPECTED).index)  # deregistering comes last
    async with (
        running(world) as endpoint,
        get_session().create_client(service, **endpoint.client_options()) as client,
    ):
        for operation in operations:
            answer = await client._make_api_call(operation, parameters(operation, world))
            expected = EXPECTED[operation]
            assert not expected or answer[expected], operation
        assert endpoint.mistakes == []


def test_every_operation_is_called_above() -> None:
    handlers = [name for handler in SERVICES.values() for name in dir(handler) if name[0].isupper()]
    assert sorted(handlers) == sorted(EXPECTED)
