"""Credentials for what is not called through the AWS library: a websocket, and a child process.

The SDK has no client for a session's data channel, and the session-manager-plugin makes its own
calls; both still need the scope's credentials.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msgspec

from ssmtui.core.secret import Secret


class Credentials(msgspec.Struct, frozen=True):
    """What signs a request. `token` is there for temporary credentials only."""

    access_key: str
    secret_key: Secret
    token: Secret | None = None

    def environment(self) -> dict[str, str]:
        """The variables by which any AWS tool takes these credentials: for a child's environment.

        This gives the secrets out.
        """
        variables = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key.reveal(),
        }
        if self.token is not None:
            variables["AWS_SESSION_TOKEN"] = self.token.reveal()
        return variables


class Grant(msgspec.Struct, frozen=True):
    """What another library needs to make calls in a scope's stead.

    `endpoint_url` replaces the endpoint that the profile has; `ca_bundle` is a file.
    """

    profile: str | None
    region: str
    endpoint_url: str | None
    credentials: Credentials
    ca_bundle: str | None = None


def signed_headers(url: str, service: str, region: str, credentials: Credentials) -> dict[str, str]:
    """The headers of Signature Version 4 for a GET of `url` without a body.

    A websocket's address (ws, wss) is signed as the http address that it is upgraded from. There
    are none for an address that carries its signature in its query.
    """
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials as SdkCredentials

    address = urlsplit(url)
    query = parse_qsl(address.query, keep_blank_values=True)
    if any(name.lower().startswith("x-amz-") for name, _ in query):
        return {}
    # The service compares with the query as it should be written, not as StreamUrl has it: a cell
    # number ends in bare "=" signs.
    scheme = {"ws": "http", "wss": "https"}.get(address.scheme, address.scheme)
    canonical = urlencode(query, quote_via=quote, safe="-_.~")
    signed = urlunsplit((scheme, address.netloc, address.path, canonical, ""))
    request = AWSRequest(method="GET", url=signed)
    token = credentials.token.reveal() if credentials.token is not None else None
    keys = SdkCredentials(credentials.access_key, credentials.secret_key.reveal(), token)
    SigV4Auth(keys, service, region).add_auth(request)
    return {str(name): str(value) for name, value in request.headers.items()}
