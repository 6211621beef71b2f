"""Pages: limits, tokens that cannot be made up, and lists that change between two pages."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from ssmtui.simulator.call import Call, ServiceError
from ssmtui.simulator.paging import paginate

ITEMS = [f"i-{number:04d}" for number in range(25)]


@pytest.fixture
def call(world):
    return Call(
        service="ssm",
        operation="DescribeParameters",
        account="111122223333",
        region="eu-west-1",
        access_key="AKIA",
        params={},
        world=world,
        now=0.0,
        identity=None,
        identities=None,
        request_id="",
    )


def pages(call, items, **options):
    """Follow the tokens to the end: the pages' items."""
    token, seen = None, []
    while True:
        params = dict(call.params, NextToken=token) if token else call.params
        page = paginate(replace(call, params=params), items, "Items", 10, **options)
        seen.append(page["Items"])
        token = page.get("NextToken")
        if token is None:
            return seen


def test_pages_hold_everything_once(call):
    found = pages(call, ITEMS)
    assert [len(page) for page in found] == [10, 10, 5]
    assert [item for page in found for item in page] == ITEMS


def test_an_exactly_full_last_page_has_no_token(call):
    assert "NextToken" not in paginate(call, ITEMS[:10], "Items", 10)
    assert paginate(call, [], "Items", 10) == {"Items": []}


def test_the_page_size_is_the_callers(call):
    call.params["MaxResults"] = 20
    assert [len(page) for page in pages(call, ITEMS)] == [20, 5]


def test_the_page_size_may_change_with_a_token(call):
    token = paginate(call, ITEMS, "Items", 10)["NextToken"]
    call.params.update(NextToken=token, MaxResults=2)
    assert paginate(call, ITEMS, "Items", 10)["Items"] == ITEMS[10:12]


def test_a_size_over_the_services_own_limit_is_refused_in_its_words(call):
    call.params["MaxResults"] = 51
    with pytest.raises(ServiceError) as refused:
        paginate(call, ITEMS, "Items", 10, limit=50)
    assert refused.value.code == "ValidationException"
    assert refused.value.message == (
        "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 50"
    )


def test_with_positions_a_changing_list_loses_and_repeats_nothing(call):
    first = paginate(call, ITEMS, "Items", 10, position=str)
    changed = [item for item in ITEMS if item not in ("i-0003", "i-0009")] + ["i-9999"]
    call.params["NextToken"] = first["NextToken"]
    second = paginate(call, changed, "Items", 10, position=str)
    assert second["Items"] == ITEMS[10:20]


def test_pages_filtered_after_the_cut_may_be_empty_and_go_on(call):
    found = pages(call, ITEMS, position=str, keep=lambda item: item == "i-0024")
    assert found == [[], [], ["i-0024"]]


def test_items_are_shaped_page_by_page(call):
    made = []

    def shape(item):
        made.append(item)
        return {"Id": item}

    page = paginate(call, ITEMS, "Items", 2, shape=shape)
    assert page["Items"] == [{"Id": "i-0000"}, {"Id": "i-0001"}]
    assert made == ITEMS[:2]


def test_other_member_names_and_a_last_token(call):
    options = {"sized_by": "ResourcesPerPage", "continued_by": "PaginationToken", "end": ""}
    call.params["ResourcesPerPage"] = 20
    first = paginate(call, ITEMS, "Items", 10, **options)
    call.params["PaginationToken"] = first["PaginationToken"]
    assert paginate(call, ITEMS, "Items", 10, **options) == {
        "Items": ITEMS[20:],
        "PaginationToken": "",
    }


def other_calls(call):
    return {
        "operation": replace(call, operation="DescribeInstanceInformation"),
        "account": replace(call, account="444455556666"),
        "region": replace(call, region="us-east-1"),
        "parameters": replace(call, params={"Filters": [{"Key": "Name"}]}),
    }


@pytest.mark.parametrize("what", ["operation", "account", "region", "parameters"])
def test_a_token_belongs_to_its_call(call, what):
    token = paginate(call, ITEMS, "Items", 10)["NextToken"]
    other = other_calls(call)[what]
    other = replace(other, params={**other.params, "NextToken": token})
    with pytest.raises(ServiceError) as refused:
        paginate(other, ITEMS, "Items", 10)
    assert refused.value.code == "InvalidNextToken"


def altered(token):
    sealed = bytearray(base64.urlsafe_b64decode(token))
    sealed[-1] ^= 1
    return base64.urlsafe_b64encode(sealed).decode()


@pytest.mark.parametrize("make", [altered, lambda token: token[:-4], lambda token: "§" + token])
def test_a_token_that_is_not_ours_is_refused(call, make):
    call.params["NextToken"] = make(paginate(call, ITEMS, "Items", 10)["NextToken"])
    with pytest.raises(ServiceError) as refused:
        paginate(call, ITEMS, "Items", 10, refusal="InvalidPaginationToken")
    assert refused.value.code == "InvalidPaginationToken"


def test_a_made_up_token_is_refused(call):
    call.params["NextToken"] = "AAAA"
    with pytest.raises(ServiceError, match="not valid"):
        paginate(call, ITEMS, "Items", 10)
