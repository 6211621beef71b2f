from __future__ import annotations

import pytest

from ssmtui.aws.proxies import proxy_of, proxy_variable


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("https_proxy", "https://ssm.eu-west-1.amazonaws.com"),
        ("HTTPS_PROXY", "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/s"),
        ("http_proxy", "http://localhost:4566"),
        ("HTTP_PROXY", "ws://127.0.0.1:4566/v1"),
    ],
)
def test_a_proxy_is_that_of_the_scheme(monkeypatch, variable, url) -> None:
    assert (proxy_of(url), proxy_variable(url)) == (None, "")
    monkeypatch.setenv(variable, "http://proxy:3128")
    assert (proxy_of(url), proxy_variable(url)) == ("http://proxy:3128", variable)


def test_a_host_is_left_out_where_the_environment_says_so(monkeypatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", "amazonaws.com")
    assert proxy_variable("https://ssm.eu-west-1.amazonaws.com") == ""
    assert proxy_variable("https://ssm.example.com") == "https_proxy"


@pytest.mark.parametrize("url", ["", "nope", "https://", "https://[::1"])
def test_what_is_no_address_has_no_proxy(monkeypatch, url) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy:3128")
    assert proxy_variable(url) == ""
