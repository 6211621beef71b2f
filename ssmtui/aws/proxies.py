"""The proxies that the environment names."""

from __future__ import annotations

import os
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_of(url: str) -> str | None:
    """The proxy through which an address is reached, that of a websocket, too. It may hold a
    password."""
    address = urlsplit(url)
    if not address.hostname or proxy_bypass(address.hostname):
        return None
    return getproxies().get(_scheme(address))


def proxy_variable(url: str) -> str:
    """The environment variable that names this proxy; "" where there is none."""
    try:
        if proxy_of(url) is None:
            return ""
    except ValueError:  # no address at all, which is said elsewhere
        return ""
    name = f"{_scheme(urlsplit(url))}_proxy"
    return next((each for each in (name, name.upper()) if os.environ.get(each)), "")


def _scheme(address: SplitResult) -> str:
    return {"ws": "http", "wss": "https"}.get(address.scheme, address.scheme)
