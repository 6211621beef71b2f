from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as SdkCredentials

from ssmtui.aws.signing import Credentials, signed_headers
from ssmtui.core.secret import Secret

CREDENTIALS = Credentials("AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG"), Secret("session-token"))
URL = "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/jane-0abc?role=publish_subscribe"


@pytest.fixture(autouse=True)
def _a_moment(monkeypatch):
    moment = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: moment.replace(tzinfo=None))


def _sign(url=URL, credentials=CREDENTIALS):
    return signed_headers(url, "ssmmessages", "eu-west-1", credentials)


def test_an_upgrade_is_signed_for_service_region_and_day():
    headers = _sign()
    assert headers["Authorization"].startswith(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/eu-west-1/ssmmessages/aws4_request, "
        "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature="
    )
    assert headers["X-Amz-Date"] == "20261120T120000Z"
    assert headers["X-Amz-Security-Token"] == "session-token"


def test_long_lived_keys_have_no_token():
    headers = _sign(credentials=Credentials("AKIDEXAMPLE", Secret("key")))
    assert "X-Amz-Security-Token" not in headers
    assert Credentials("AKIDEXAMPLE", Secret("key")).environment() == {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "key",
    }


def test_the_signature_is_that_of_the_http_request_beneath():
    request = AWSRequest("GET", URL.replace("wss:", "https:"))
    keys = SdkCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", "session-token")
    SigV4Auth(keys, "ssmmessages", "eu-west-1").add_auth(request)
    assert _sign()["Authorization"] == request.headers["Authorization"]


def test_the_query_is_signed_as_the_service_reads_it():
    """A cell number ends in "=", bare in the address and escaped in what is signed."""
    bare = _sign(URL + "&cell-number=AAEAAbc==")
    escaped = _sign(URL + "&cell-number=AAEAAbc%3D%3D")
    assert bare["Authorization"] == escaped["Authorization"] != _sign()["Authorization"]


def test_a_port_of_a_local_endpoint_is_signed():
    first, second = (_sign(f"ws://127.0.0.1:{port}/v1/data-channel/s") for port in (8001, 8002))
    assert first["Authorization"] != second["Authorization"]


def test_an_address_that_is_signed_already_stays_as_it_is():
    assert _sign(URL + "&X-Amz-Signature=abc") == {}


def test_credentials_show_no_secret_but_in_the_environment():
    assert "wJalr" not in repr(CREDENTIALS)
    assert "session-token" not in repr(CREDENTIALS)
    assert CREDENTIALS.environment() == {
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG",
        "AWS_SESSION_TOKEN": "session-token",
    }
