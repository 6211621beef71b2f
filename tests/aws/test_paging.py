from __future__ import annotations

import pytest

from ssmtui.aws.paging import Pager, next_token, smaller_page, tokens_of
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind

SCOPE = ScopeKey("111122223333", "eu-west-1")


class Pages:
    """Gives the scripted pages and keeps what it was asked."""

    def __init__(self, *script):
        self.script = list(script)
        self.asked = []

    async def fetch(self, params):
        self.asked.append(dict(params))
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step


async def _follow(pages, service="ssm", operation="ListNodes", params=None, size=None, pager=None):
    pager = pager or Pager(SCOPE)
    return [
        page async for page in pager.follow(service, operation, params or {}, size, pages.fetch)
    ]


async def test_every_token_is_followed_through_empty_pages():
    script = (
        {"Nodes": [1], "NextToken": "a"},
        {"Nodes": [], "NextToken": "b"},
        {"NextToken": "c"},
        {"Nodes": [2]},
    )
    pages = Pages(*script)
    assert await _follow(pages, params={"SyncName": "x"}, size=50) == list(script)
    assert pages.asked == [
        {"SyncName": "x", "MaxResults": 50},
        {"SyncName": "x", "MaxResults": 50, "NextToken": "a"},
        {"SyncName": "x", "MaxResults": 50, "NextToken": "b"},
        {"SyncName": "x", "MaxResults": 50, "NextToken": "c"},
    ]


async def test_without_a_size_the_services_own_is_taken():
    pages = Pages({})
    await _follow(pages)
    assert pages.asked == [{}]


@pytest.mark.parametrize(
    ("service", "first", "second"),
    [
        (
            "resourcegroupstaggingapi",
            {"PaginationToken": "t"},
            {"PaginationToken": "t", "ResourcesPerPage": 7},
        ),
        ("iam", {"Marker": "t", "IsTruncated": True}, {"Marker": "t", "MaxItems": 7}),
        ("ec2", {"NextToken": "t"}, {"NextToken": "t", "MaxResults": 7}),
    ],
)
async def test_each_service_pages_in_its_own_words(service, first, second):
    pages = Pages(first, {"PaginationToken": ""})
    assert len(await _follow(pages, service=service, size=7)) == 2
    assert pages.asked[1] == second


def test_a_list_that_is_not_truncated_has_ended():
    assert next_token(tokens_of("iam"), {"IsTruncated": False, "Marker": "old"}) is None


@pytest.mark.parametrize("tokens", [["a", "a"], ["a", "b", "a"]])
async def test_a_token_that_comes_again_ends_the_list_as_partial(tokens):
    pages = Pages(*({"NextToken": token} for token in tokens))
    following = Pager(SCOPE).follow("ssm", "ListNodes", {}, None, pages.fetch)
    assert [await anext(following) for _ in tokens] == [{"NextToken": token} for token in tokens]
    with pytest.raises(ProblemError, match="partial") as caught:
        await anext(following)
    assert caught.value.problem.scope == SCOPE


def _refusal(message, code="ValidationException"):
    return Problem(ProblemKind.SERVICE, f"ssm:X failed in y ({code}: {message})", code=code)


TOO_LARGE = _refusal(
    "1 validation error detected: Value '100' at 'maxResults' failed to satisfy constraint: "
    "Member must have value less than or equal to 50"
)


async def test_a_smaller_limit_is_taken_and_remembered():
    pager = Pager(SCOPE)
    pages = Pages(ProblemError(TOO_LARGE), {"NextToken": "t"}, {})
    assert len(await _follow(pages, size=100, pager=pager)) == 2
    assert [asked["MaxResults"] for asked in pages.asked] == [100, 50, 50]

    later = Pages({}, {})
    await _follow(later, size=100, pager=pager)
    await _follow(later, size=20, pager=pager)
    assert [asked["MaxResults"] for asked in later.asked] == [50, 20]


async def test_other_trouble_comes_through_after_the_pages_so_far():
    problem = _refusal("no", "InvalidNextToken")
    pages = Pages({"NextToken": "t"}, ProblemError(problem))
    with pytest.raises(ProblemError) as caught:
        await _follow(pages, size=50)
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    "problem",
    [
        _refusal("Value at 'maxResults' ... value less than or equal to 100"),
        _refusal("Value at 'filters' ... length less than or equal to 5"),
        _refusal("Value at 'maxResults' ... value less than or equal to 50", "OtherException"),
        Problem(ProblemKind.DENIED, "maxResults value less than or equal to 50"),
    ],
)
def test_only_a_smaller_bound_of_the_page_itself_counts(problem):
    assert smaller_page(problem, 100) is None


def test_a_page_of_no_given_size_cannot_be_made_smaller():
    assert smaller_page(TOO_LARGE, None) is None
