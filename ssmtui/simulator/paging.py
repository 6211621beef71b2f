"""Pages as AWS cuts them: true limits, opaque tokens, and lists that change between two pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from ssmtui.simulator.call import Call, ServiceError, constraint_error

T = TypeVar("T")

# It only tells our tokens from made-up or altered ones; there is nothing to protect.
_KEY = b"ssmtui simulator page token"
_SIGNATURE = 12


def paginate(
    call: Call,
    items: Sequence[T],
    key: str,
    default: int,
    limit: int | None = None,
    *,
    position: Callable[[T], str] | None = None,
    shape: Callable[[T], Any] | None = None,
    keep: Callable[[T], bool] | None = None,
    sized_by: str = "MaxResults",
    continued_by: str = "NextToken",
    refusal: str = "InvalidNextToken",
    end: str | None = None,
) -> dict[str, Any]:
    """One page of `items` as `{key: [...], continued_by: token}`; the last page has no token.

    `default` is the page size if the caller asks for none, `limit` the greatest one allowed where
    the service's differs from the model's (the engine has checked the model's already).

    With `position`, `items` must be in ascending order of it and the next page goes on after the
    last position seen, so that a list that changes meanwhile loses and repeats nothing; without it
    the next page goes on at an offset. `shape` makes the answer's value of an item, for this page's
    items only. `keep` is asked after the page has been cut, as several services do: pages may then
    be short or empty and still have a token. `end` is the token of the last page where the service
    sends one ("" in the tagging API).

    Raises ServiceError `refusal` for a token that is not ours, or of another call: of another
    operation, account, Region or with other parameters.
    """
    size = call.params.get(sized_by) or default
    if limit is not None and size > limit:
        member = sized_by[0].lower() + sized_by[1:]
        raise constraint_error(
            size, member, f"Member must have value less than or equal to {limit}"
        )
    token = call.params.get(continued_by)
    binding = _binding(call, sized_by, continued_by)
    start = 0
    if token:
        last = _opened(token, binding, refusal)
        if isinstance(last, int):
            start = last
        elif position is not None:
            start = bisect_right(items, last, key=position)
        else:
            raise _refused(refusal)
    page = items[start : start + size]
    more = start + size < len(items)
    kept = page if keep is None else [item for item in page if keep(item)]
    answer: dict[str, Any] = {key: list(kept) if shape is None else [shape(item) for item in kept]}
    if more:
        mark: int | str = start + size if position is None else position(page[-1])
        answer[continued_by] = _sealed(mark, binding)
    elif end is not None:
        answer[continued_by] = end
    return answer


def _binding(call: Call, sized_by: str, continued_by: str) -> bytes:
    """A digest of what a token belongs to: all of the call but the token and the page size."""
    rest = {
        name: value for name, value in call.params.items() if name not in (sized_by, continued_by)
    }
    subject = (call.service, call.operation, call.account, call.region, rest)
    return hashlib.sha256(msgspec.json.encode(subject, order="deterministic")).digest()


def _sealed(mark: int | str, binding: bytes) -> str:
    payload = msgspec.json.encode(mark)
    signature = hmac.digest(_KEY, binding + payload, "sha256")[:_SIGNATURE]
    return base64.urlsafe_b64encode(signature + payload).decode()


def _opened(token: str, binding: bytes, refusal: str) -> int | str:
    try:
        sealed = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused(refusal) from None
    signature, payload = sealed[:_SIGNATURE], sealed[_SIGNATURE:]
    expected = hmac.digest(_KEY, binding + payload, "sha256")[:_SIGNATURE]
    if not hmac.compare_digest(signature, expected):
        raise _refused(refusal)
    return msgspec.json.decode(payload, type=int | str)


def _refused(code: str) -> ServiceError:
    return ServiceError(code, "The specified token is not valid.")
