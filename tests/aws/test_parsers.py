from __future__ import annotations

import json

import pytest
from botocore.parsers import ResponseParserError
from botocore.session import get_session

from ssmtui.aws.decode import InstanceProperty
from ssmtui.aws.ec2 import Ec2Instance
from ssmtui.aws.parsers import RAW, TypedParserFactory
from ssmtui.core.secret import Secret


@pytest.fixture(scope="module")
def models():
    session = get_session()
    return {name: session.get_service_model(name) for name in ("ssm", "ec2", "sts", "iam")}


@pytest.fixture
def parse(models):
    """Parse an answer as a client of the service does."""

    async def parsing(service, operation, body, status=200, headers=None):
        shape = models[service].operation_model(operation).output_shape
        parser = TypedParserFactory().create_parser(models[service].resolved_protocol)
        response = {
            "body": body if isinstance(body, bytes) else json.dumps(body).encode(),
            "headers": headers or {"x-amzn-requestid": "r-1"},
            "status_code": status,
            "context": {"operation_name": operation},
        }
        return await parser.parse(response, shape)

    return parsing


@pytest.fixture
def raw():
    token = RAW.set(True)
    yield
    RAW.reset(token)


async def test_large_pages_are_typed_and_keep_their_metadata(parse):
    answer = await parse(
        "ssm", "DescribeInstanceProperties", {"InstanceProperties": [{"InstanceId": "i-1"}]}
    )
    assert answer["InstanceProperties"] == [InstanceProperty(instance_id="i-1")]
    assert answer["ResponseMetadata"]["RequestId"] == "r-1"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


async def test_raw_answers_have_the_services_members_and_readable_times(parse, raw):
    row = {"InstanceId": "i-1", "LaunchTime": 1.7e9, "LastPingDateTime": -62135596800.0}
    answer = await parse("ssm", "DescribeInstanceProperties", {"InstanceProperties": [row]})
    assert answer["InstanceProperties"] == [
        {"InstanceId": "i-1", "LaunchTime": "2023-11-14T22:13:20Z", "LastPingDateTime": None}
    ]


async def test_times_are_seconds_everywhere_else(parse):
    body = {"Patches": [{"Title": "KB1", "InstalledTime": -62135596800.0}]}
    assert (await parse("ssm", "DescribeInstancePatches", body))["Patches"] == [
        {"Title": "KB1", "InstalledTime": None}
    ]
    body = {"Commands": [{"CommandId": "c", "RequestedDateTime": 1.7e9}]}
    assert (await parse("ssm", "ListCommands", body))["Commands"][0]["RequestedDateTime"] == 1.7e9


async def test_secure_strings_are_secrets_from_the_wire_on(parse):
    body = {
        "Parameters": [
            {"Name": "/a", "Type": "SecureString", "Value": "hunter2"},
            {"Name": "/b", "Type": "String", "Value": "plain"},
        ]
    }
    for operation in ("GetParameters", "GetParametersByPath", "GetParameterHistory"):
        secret, text = (await parse("ssm", operation, body))["Parameters"]
        assert isinstance(secret["Value"], Secret)
        assert secret["Value"].reveal() == "hunter2"
        assert text["Value"] == "plain"
    one = await parse("ssm", "GetParameter", {"Parameter": body["Parameters"][0]})
    assert "hunter2" not in repr(one)


@pytest.mark.parametrize("operation", ["DescribeInstanceProperties", "ListNodes"])
@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"Nodes": [{"Id"', b"<html>", b"[]", b"null", b"\xff\xfe"]
)
async def test_a_cut_or_foreign_answer_is_an_error_and_never_an_empty_one(parse, operation, body):
    with pytest.raises(ResponseParserError):
        await parse("ssm", operation, body)


async def test_an_operation_without_an_answer_may_have_no_body(parse):
    assert "ResponseMetadata" in await parse("ssm", "DeregisterManagedInstance", b"")


async def test_lone_surrogates_cost_one_letter_and_no_page(parse):
    for operation, member in (
        ("DescribeInstanceProperties", "InstanceProperties"),
        ("DescribeSessions", "Sessions"),
    ):
        body = (
            f'{{"{member}": [{{"InstanceId": "i-1", "Name": "a\\ud800b", "Owner": "x\\udfff"}}]}}'
        )
        answer = await parse("ssm", operation, body.encode())
        assert len(answer[member]) == 1
    properties = b'{"InstanceProperties": [{"InstanceId": "i-1", "Name": "a\\ud800b"}]}'
    (row,) = (await parse("ssm", "DescribeInstanceProperties", properties))["InstanceProperties"]
    assert row.name == "a?b"


async def test_errors_of_json_services_are_botocores(parse):
    body = {"__type": "com.amazonaws#ThrottlingException", "message": "Rate exceeded"}
    answer = await parse("ssm", "DescribeInstanceProperties", body, status=400)
    assert answer["Error"] == {"Code": "ThrottlingException", "Message": "Rate exceeded"}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400


async def test_a_page_of_a_proxy_is_an_error_with_its_status(parse):
    page = b"<html><body>Bad gateway</body></html>"
    for service, operation in (("ssm", "ListNodes"), ("ec2", "DescribeInstances")):
        answer = await parse(service, operation, page, status=502)
        assert answer["Error"]["Code"] == "502"


INSTANCES = (
    b"<DescribeInstancesResponse><requestId>q</requestId><reservationSet><item>"
    b"<instancesSet><item><instanceId>i-1</instanceId>"
    b"<launchTime>2023-11-14T22:13:20.000Z</launchTime></item></instancesSet>"
    b"</item></reservationSet></DescribeInstancesResponse>"
)


async def test_instances_are_typed(parse):
    answer = await parse("ec2", "DescribeInstances", INSTANCES)
    assert answer["Reservations"][0]["Instances"] == [
        Ec2Instance(instance_id="i-1", launch_time=1.7e9)
    ]
    assert answer["ResponseMetadata"]["RequestId"] == "q"


async def test_raw_instances_are_botocores(parse, raw):
    answer = await parse("ec2", "DescribeInstances", INSTANCES)
    (instance,) = answer["Reservations"][0]["Instances"]
    assert instance == {"InstanceId": "i-1", "LaunchTime": "2023-11-14T22:13:20Z"}


async def test_errors_of_ec2_are_botocores(parse):
    body = (
        b"<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message>"
        b"</Error></Errors><RequestID>q</RequestID></Response>"
    )
    answer = await parse("ec2", "DescribeInstances", body, status=403)
    assert answer["Error"] == {"Code": "UnauthorizedOperation", "Message": "no"}


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sts", "GetCallerIdentity"), ("ec2", "DescribeInstances"), ("ec2", "DescribeRegions")],
)
@pytest.mark.parametrize("body", [b"", b"<a>", b"<DescribeInst", b"{}"])
async def test_cut_xml_is_an_error(parse, service, operation, body):
    with pytest.raises(ResponseParserError):
        await parse(service, operation, body)


async def test_foreign_xml_is_an_error(parse):
    for service, operation in (("sts", "GetCallerIdentity"), ("ec2", "DescribeInstances")):
        with pytest.raises(ResponseParserError):
            await parse(service, operation, b"<html/>")


async def test_other_protocols_stay_botocores():
    parser = TypedParserFactory().create_parser("rest-json")
    assert type(parser).__module__.startswith("aiobotocore")
