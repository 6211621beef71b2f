from __future__ import annotations

import pytest

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError
from ssmtui.sessions.forwards.spec import ForwardSpec, parse_forward

NODE = RowKey("111122223333", "eu-west-1", "i-0123456789abcdef0")


@pytest.mark.parametrize(
    ("text", "local", "host", "remote"),
    [
        ("8080:80", 8080, "", 80),
        ("0:80", 0, "", 80),
        (":80", 0, "", 80),
        (" 8080:80 ", 8080, "", 80),
        ("5432:db.internal:5432", 5432, "db.internal", 5432),
        ("1:10.0.0.7:65535", 1, "10.0.0.7", 65535),
        ("5432:[fd00::7]:5432", 5432, "fd00::7", 5432),
    ],
)
def test_what_is_a_forward(text, local, host, remote) -> None:
    assert parse_forward(NODE, text) == ForwardSpec(NODE, local, remote, host)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "80",
        "8080",
        "8080:",
        ":",
        "a:80",
        "8080:web",
        "1:2:3:4",
        "8080:80:",
        "5432::5432",
        "-1:80",
    ],
)
def test_what_is_none_says_how_to_write_one(text) -> None:
    with pytest.raises(ProblemError, match="LOCAL:REMOTE or LOCAL:HOST:REMOTE"):
        parse_forward(NODE, text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("8080:0", "0 is not a port"),
        ("8080:65536", "65536 is not a port"),
        ("99999:80", "99999 is not a port"),
        ("80:a b:80", "a b is not the name of a host"),
        ("80:ab:80", "ab is not the name of a host"),
        ("80:$(x):80", "is not the name of a host"),
        ("80:x\x1b[31m:80", "is not a forward"),
    ],
)
def test_what_cannot_be_says_why(text, what) -> None:
    with pytest.raises(ProblemError) as caught:
        parse_forward(NODE, text)
    assert what in caught.value.problem.what
    assert "\x1b" not in caught.value.problem.sentence


def test_the_session_to_the_node() -> None:
    session = ForwardSpec(NODE, 8080, 80, reason="INC-1").session
    assert session.request == {
        "Target": NODE.id,
        "DocumentName": "AWS-StartPortForwardingSession",
        "Reason": "INC-1",
        "Parameters": {"portNumber": ["80"], "localPortNumber": ["8080"]},
    }


def test_the_session_to_another_host() -> None:
    session = ForwardSpec(NODE, 0, 5432, "db.internal").session
    assert session.request == {
        "Target": NODE.id,
        "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
        "Parameters": {"portNumber": ["5432"], "host": ["db.internal"]},
    }


def test_for_people() -> None:
    assert ForwardSpec(NODE, 8080, 80).destination == "80"
    assert ForwardSpec(NODE, 0, 5432, "fd00::7").destination == "[fd00::7]:5432"
    assert ForwardSpec(NODE, 0, 80).address(41000) == "127.0.0.1:41000"
    assert ForwardSpec(NODE, 0, 80, bind="::1").address(41000) == "[::1]:41000"
