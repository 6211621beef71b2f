"""How the services hand out their pages."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ssmtui.core.problem import Problem, ProblemKind


class Tokens(msgspec.Struct, frozen=True):
    """The members by which a service pages: the token sent and received, and the page's size."""

    sent: str
    received: str
    size: str


_NEXT_TOKEN = Tokens("NextToken", "NextToken", "MaxResults")
_TOKENS = {
    "ssm": _NEXT_TOKEN,
    "ec2": _NEXT_TOKEN,
    "iam": Tokens("Marker", "Marker", "MaxItems"),
    "resourcegroupstaggingapi": Tokens("PaginationToken", "PaginationToken", "ResourcesPerPage"),
}


def tokens_of(service: str) -> Tokens:
    """How a service pages. KeyError for one whose operations do not."""
    return _TOKENS[service]


def next_token(tokens: Tokens, page: dict[str, Any]) -> str | None:
    """The token of the page after this one; None at the end, never on an empty page with a token.

    The tagging API ends with an empty token, and IAM may say that a list is not truncated.
    """
    if page.get("IsTruncated") is False:
        return None
    return page.get(tokens.received) or None


# "... failed to satisfy constraint: Member must have value less than or equal to 50"
_UPPER_BOUND = re.compile(r"less than or equal to (\d+)", re.IGNORECASE)


def smaller_page(problem: Problem, size: int | None) -> int | None:
    """The page size that a refusal names, if it is smaller than the one asked for.

    Models allow more than some services do: DescribeInstancePatches has been seen to refuse 100.
    """
    if size is None or problem.kind is not ProblemKind.SERVICE:
        return None
    if problem.code not in ("ValidationException", "InvalidParameterValue"):
        return None
    found = _UPPER_BOUND.search(problem.what)
    limit = int(found.group(1)) if found else size
    return limit if 0 < limit < size else None
