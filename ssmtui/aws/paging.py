"""How the services hand out their pages, and following them to the last one."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Any

import msgspec

from ssmtui.aws.operations import full_name
from ssmtui.aws.transport import Answer
from ssmtui.core.keys import ScopeKey
from ssmtui.core.problem import Problem, ProblemError, ProblemKind


class Tokens(msgspec.Struct, frozen=True):
    """The members by which a service pages: the token sent and received, and the page's size."""

    sent: str
    received: str
    size: str


_NEXT_TOKEN = Tokens("NextToken", "NextToken", "MaxResults")
_TOKENS = {
    "ssm": _NEXT_TOKEN,
    "ec2": _NEXT_TOKEN,
    "cloudtrail": _NEXT_TOKEN,
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


# "Value '100' at 'maxResults' failed to satisfy constraint: Member must have value less than or
# equal to 50"
_UPPER_BOUND = re.compile(r"max_?results\W.*?value less than or equal to (\d+)", re.IGNORECASE)


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


class Pager:
    """Follows the pages of one scope, and remembers where a service allows less than its model."""

    def __init__(self, scope: ScopeKey) -> None:
        self._scope = scope
        self._limits: dict[str, int] = {}

    async def follow(
        self,
        service: str,
        operation: str,
        params: Mapping[str, Any],
        page_size: int | None,
        fetch: Callable[[Mapping[str, Any]], Awaitable[Answer]],
    ) -> AsyncGenerator[Answer, None]:
        """Every page, through empty ones, until there is no token; `fetch` raises ProblemError.

        A token that comes twice would go on for ever: ProblemError, after the pages so far.
        """
        tokens, name = tokens_of(service), full_name(service, operation)
        seen: set[int] = set()
        token: str | None = None
        while True:
            size = min(page_size, self._limits.get(name, page_size)) if page_size else None
            asked = dict(params)
            if size is not None:
                asked[tokens.size] = size
            if token is not None:
                asked[tokens.sent] = token
            try:
                page = await fetch(asked)
            except ProblemError as error:
                limit = smaller_page(error.problem, size)
                if limit is None:
                    raise
                self._limits[name] = limit
                continue
            yield page
            token = next_token(tokens, page)
            if token is None:
                return
            if hash(token) in seen:
                raise ProblemError(self._endless(name))
            seen.add(hash(token))

    def _endless(self, name: str) -> Problem:
        return Problem(
            ProblemKind.SERVICE,
            f"{name} gave the same page token twice in {self._scope}: the list is partial",
            "Reload",
            operation=name,
            scope=self._scope,
        )
