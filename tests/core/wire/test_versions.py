from __future__ import annotations

import pytest

from ssmtui.core.wire.versions import (
    AGENT_VERSION,
    CLIENT_VERSION,
    PortMode,
    mux_keepalive,
    parse,
    port_mode,
    takes_stderr,
)

FORWARDING = {"portNumber": "80", "type": "LocalPortForwarding"}


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("3.3.1611.0", (3, 3, 1611, 0)),
        ("0.0.0.0", (0, 0, 0, 0)),
        ("3.3.1611", None),
        ("3.3.1611.0.1", None),
        ("3.3.x.0", None),
        ("3.3.1611.0\n", None),
        ("3.3.1611.٠", None),
        ("-1.0.0.0", None),
        ("", None),
        ("1." * 3 + "9" * 5000, None),
    ],
)
def test_parse(text: str, version: tuple[int, int, int, int] | None) -> None:
    assert parse(text) == version


def test_our_client_is_new_enough_for_the_service() -> None:
    client = parse(CLIENT_VERSION)

    assert client is not None
    assert client >= (1, 2, 764, 0)


@pytest.mark.parametrize(
    ("properties", "agent", "client", "mode"),
    [
        (FORWARDING, AGENT_VERSION, CLIENT_VERSION, PortMode.SMUX),
        (FORWARDING, "3.0.196.1", "1.1.70.0", PortMode.SMUX),
        (FORWARDING, "3.0.196.0", CLIENT_VERSION, PortMode.BASIC),
        (FORWARDING, "3.3.1611", CLIENT_VERSION, PortMode.BASIC),
        (FORWARDING, AGENT_VERSION, "1.1.69.0", PortMode.BASIC),
        ({"type": "Other"}, AGENT_VERSION, CLIENT_VERSION, PortMode.BASIC),
        ({"portNumber": "22"}, AGENT_VERSION, CLIENT_VERSION, PortMode.STREAM),
        ({"type": ""}, "2.0.0.0", CLIENT_VERSION, PortMode.STREAM),
    ],
)
def test_how_a_port_session_goes(
    properties: dict[str, str], agent: str, client: str, mode: PortMode
) -> None:
    assert port_mode(properties, agent, client) is mode


@pytest.mark.parametrize(
    ("agent", "keepalive"),
    [("3.1.1511.0", True), ("3.1.1511.1", False), (AGENT_VERSION, False), ("?", True)],
)
def test_which_agents_want_a_sign_of_life(agent: str, keepalive: bool) -> None:
    assert mux_keepalive(agent) is keepalive


@pytest.mark.parametrize(
    ("client", "takes"),
    [("1.2.295.0", False), ("1.2.295.1", True), (CLIENT_VERSION, True), ("", False)],
)
def test_which_clients_take_stderr(client: str, takes: bool) -> None:
    assert takes_stderr(client) is takes
