from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import msgspec
import pytest
from botocore.parsers import create_parser
from botocore.session import get_session

from ssmtui.aws.decode import JSON_PAGES, InstanceInformation, InstanceProperty

PAGES = {
    "DescribeInstanceProperties": ("InstanceProperties", InstanceProperty),
    "DescribeInstanceInformation": ("InstanceInformationList", InstanceInformation),
}


@pytest.fixture(scope="module")
def shapes():
    ssm = get_session().get_service_model("ssm")
    return {name: ssm.operation_model(name).output_shape for name in PAGES}


def _value(shape, number):
    """A value of a shape, different for every row."""
    match shape.type_name:
        case "timestamp":
            return 1.7e9 + number + 0.5
        case "structure":
            return {name: _value(member, number) for name, member in shape.members.items()}
        case "map":
            return {"Success": number, "Failed": 1}
        case "list":
            return [_value(shape.member, number)]
        case "boolean":
            return number % 2 == 0
        case "integer":
            return number
        case _:
            return f"{shape.name} {number} Ünïcode \u202e a[/]b"


def _page(shape, member, count):
    row = shape.members[member].member
    return {member: [_value(row, number) for number in range(count)], "NextToken": "more"}


def _plain(row):
    """A Struct as botocore would have given it."""
    values = msgspec.to_builtins(row)
    for name, value in values.items():
        if isinstance(value, float):
            values[name] = datetime.fromtimestamp(value, UTC)
    return values


@pytest.mark.parametrize("operation", PAGES)
async def test_a_page_is_what_botocore_reads_from_it_member_by_member(operation, shapes):
    member, struct = PAGES[operation]
    body = json.dumps(_page(shapes[operation], member, 20)).encode()
    response = {"body": body, "headers": {}, "status_code": 200}
    expected = create_parser("json").parse(response, shapes[operation])

    page = await JSON_PAGES[shapes[operation].name](body)

    assert page["NextToken"] == expected["NextToken"] == "more"
    assert all(type(row) is struct for row in page[member])
    assert [_plain(row) for row in page[member]] == [
        {name: value.astimezone(UTC) if isinstance(value, datetime) else value
         for name, value in row.items()}
        for row in expected[member]
    ]  # fmt: skip


@pytest.mark.parametrize("operation", PAGES)
def test_the_structs_have_every_member_of_the_model(operation, shapes):
    member, struct = PAGES[operation]
    encoded = {field.encode_name for field in msgspec.structs.fields(struct)}
    assert encoded == set(shapes[operation].members[member].member.members)


@pytest.mark.parametrize("operation", PAGES)
async def test_what_is_not_sent_is_none_and_what_is_not_known_is_ignored(operation, shapes):
    member, _ = PAGES[operation]
    body = json.dumps({member: [{"InstanceId": "i-1", "NewMember": {"a": 1}}]}).encode()
    page = await JSON_PAGES[shapes[operation].name](body)
    (row,) = page[member]
    assert row.instance_id == "i-1"
    assert {getattr(row, name) for name in row.__struct_fields__[1:]} <= {None, "i-1"}
    assert "NextToken" not in page


async def test_an_empty_page_keeps_its_token(shapes):
    body = b'{"InstanceProperties": [], "NextToken": "t"}'
    page = await JSON_PAGES["DescribeInstancePropertiesResult"](body)
    assert page == {"InstanceProperties": [], "NextToken": "t"}


async def test_odd_times_cost_neither_the_page_nor_its_other_times():
    rows = [
        {"InstanceId": "i-1", "LaunchTime": -62135596800.0, "LastPingDateTime": 1.7e9},
        {"InstanceId": "i-2", "LaunchTime": "2023-11-14T22:13:20Z", "LastPingDateTime": 0},
        {"InstanceId": "i-3", "LaunchTime": 1700000000, "LastPingDateTime": None},
    ]
    body = json.dumps({"InstanceProperties": rows}).encode()
    page = await JSON_PAGES["DescribeInstancePropertiesResult"](body)
    page = page["InstanceProperties"]
    assert [(row.launch_time, row.last_ping_date_time) for row in page] == [
        (None, 1.7e9),
        (1.7e9, None),
        (1.7e9, None),
    ]


async def test_words_that_nobody_has_seen_yet_are_values():
    body = b'{"InstanceProperties": [{"InstanceId": "i-1", "PingStatus": "Dreaming"}]}'
    page = await JSON_PAGES["DescribeInstancePropertiesResult"](body)
    (row,) = page["InstanceProperties"]
    assert row.ping_status == "Dreaming"


async def test_equal_texts_are_one_object_over_pages():
    body = b'{"InstanceProperties": [{"InstanceId": "i-1", "PlatformName": "Amazon Linux"}]}'
    decode = JSON_PAGES["DescribeInstancePropertiesResult"]
    (first,), (second,) = [(await decode(body))["InstanceProperties"] for _ in range(2)]
    assert first is not second
    assert first.platform_name is second.platform_name


async def test_the_loop_turns_while_a_page_is_tidied():
    decode = JSON_PAGES["DescribeInstancePropertiesResult"]
    page = asyncio.ensure_future(decode(b'{"InstanceProperties": [{"InstanceId": "i-1"}]}'))
    turns = 0
    while not page.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 4


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"InstanceProperties": [{"Inst', b"<html>", b"[]", b'{"InstanceProperties": 3}'],
)
async def test_a_cut_or_foreign_body_is_an_error(body):
    with pytest.raises(msgspec.DecodeError):
        await JSON_PAGES["DescribeInstancePropertiesResult"](body)


def test_rows_are_out_of_the_garbage_collectors_way():
    import gc

    assert not gc.is_tracked(InstanceProperty(instance_id="i-1"))
    assert not gc.is_tracked(InstanceInformation(instance_id="i-1"))
