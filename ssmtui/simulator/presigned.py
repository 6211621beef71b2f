"""Presigned addresses: whoever has one may do what it was signed for, until it expires.

As that is all that stands between a node and a bucket, these signatures are verified: an address
for GET is none for PUT, and another key or another lifetime makes it worthless. Lifetimes are in
the time of who signed, which is this machine's and not the simulated one.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ssmtui.simulator.call import ServiceError
from ssmtui.simulator.identities import Identity
from ssmtui.simulator.protocols import Incoming
from ssmtui.simulator.shapes import timestamp_text

LONGEST = 7 * 24 * 3600  # seconds, of Signature Version 4
_BAD_QUERY = "AuthorizationQueryParametersError"


def is_presigned(request: Incoming) -> bool:
    """Whether a request says who signed it in its query string."""
    return "authorization" not in request.headers


def check(request: Incoming, identity: Identity, region: str, now: float) -> None:
    """Refuse an address that has expired or was signed for something else. ServiceError.

    `now` is this machine's time in seconds since the epoch.
    """
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    try:
        signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        lifetime = int(query["X-Amz-Expires"])
    except (KeyError, ValueError):
        raise ServiceError(
            _BAD_QUERY, "X-Amz-Date and X-Amz-Expires must say when it was signed.", 400
        ) from None
    if not 0 < lifetime <= LONGEST:
        raise ServiceError(
            _BAD_QUERY, "X-Amz-Expires must be less than a week (in seconds); 604800", 400
        )
    expires = signed.timestamp() + lifetime
    if now > expires:
        facts = {
            "Expires": timestamp_text(expires, "iso8601"),
            "ServerTime": timestamp_text(float(int(now)), "iso8601"),
        }
        raise ServiceError("AccessDenied", "Request has expired", 403, facts)
    right, given = _signature(request, query, identity, region), query.get("X-Amz-Signature", "")
    if not hmac.compare_digest(right.encode(), given.encode()):
        raise ServiceError(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check "
            "your key and signing method.",
            403,
        )


def _signature(request: Incoming, query: dict[str, str], identity: Identity, region: str) -> str:
    """What the signature of a request must be."""
    host = request.headers.get("host", "")
    names = set(query.get("X-Amz-SignedHeaders", "").split(";")) - {"host"}
    rest = "&".join(
        part for part in request.query.split("&") if not part.startswith("X-Amz-Signature=")
    )
    asked = AWSRequest(
        method=request.method,
        url=f"http://{host}{request.path}?{rest}",
        headers={name: request.headers.get(name, "") for name in names},
    )
    asked.context["timestamp"] = query["X-Amz-Date"]
    keys = Credentials(identity.access_key, identity.secret_key)
    auth = S3SigV4QueryAuth(keys, "s3", region)
    canonical = auth.canonical_request(asked)
    return str(auth.signature(auth.string_to_sign(asked, canonical), asked))
