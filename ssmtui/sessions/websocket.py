"""One websocket of a data channel, over aiohttp."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

from ssmtui import __version__
from ssmtui.aws.proxies import proxy_of
from ssmtui.core.text import plain
from ssmtui.sessions.start import Upgrade

CONNECT_SECONDS: Final = 10.0

# How the service closes a channel whose token it does not take (1003), or policies forbid (1008).
REFUSED_CODES: Final = frozenset({1003, 1008})
_REFUSED_STATUS: Final = frozenset({400, 401, 403, 404})


class UpgradeError(Exception):
    """There is no websocket: one sentence without its full stop. `refused`: nor will there be."""

    def __init__(self, what: str, *, refused: bool = False) -> None:
        super().__init__(what)
        self.refused = refused


class LostError(Exception):
    """The connection is gone."""


class Websocket:
    """An open connection. Open it with `open_websocket`."""

    def __init__(self, http: Any, socket: Any) -> None:
        self._http = http
        self._socket = socket

    @property
    def close_code(self) -> int | None:
        """Why the other end closed it; None while it is open, and where it was cut."""
        code = self._socket.close_code
        return int(code) if code is not None else None

    async def receive(self) -> bytes | None:
        """The next binary message; None once the connection is closed or lost."""
        from aiohttp import WSMsgType

        while True:
            message = await self._socket.receive()
            if message.type is WSMsgType.BINARY:
                return bytes(message.data)
            if message.type is not WSMsgType.TEXT:  # the protocol has none in this direction
                return None

    async def send(self, frame: bytes | str) -> None:
        """Send one message; LostError."""
        try:
            if isinstance(frame, str):
                await self._socket.send_str(frame)
            else:
                await self._socket.send_bytes(frame)
        except ConnectionError as error:
            raise LostError from error

    async def ping(self) -> None:
        """Tell everyone on the way that the connection is in use; LostError."""
        try:
            await self._socket.ping(b"keepalive")
        except ConnectionError as error:
            raise LostError from error

    async def close(self) -> None:
        """Close it without waiting for the other end, which may be the one that is frozen."""
        await self._http.close()


async def open_websocket(url: str, upgrade: Upgrade) -> Websocket:
    """Connect to a StreamUrl. Proxies are the environment's. UpgradeError."""
    import aiohttp

    if urlsplit(url).scheme not in ("ws", "wss"):
        raise UpgradeError("The service named no address of a data channel", refused=True)
    context = await asyncio.to_thread(_trust, upgrade.ca_bundle)
    proxy = await asyncio.to_thread(proxy_of, url)
    http = aiohttp.ClientSession()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await http.ws_connect(
                # The address is signed as it is.
                _as_it_is(url),
                headers={"User-Agent": f"ssmtui/{__version__}", **upgrade.headers},
                ssl=context,
                proxy=proxy,
                max_msg_size=0,
            )
    except BaseException as error:
        await http.close()
        if isinstance(error, (aiohttp.ClientError, OSError, TimeoutError, ValueError)):
            raise _explained(error, url) from error
        raise
    return Websocket(http, socket)


def _as_it_is(url: str) -> Any:
    from yarl import URL

    return URL(url, encoded=True)


def _trust(ca_bundle: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ssl.SSLError) as error:
        raise UpgradeError("The CA bundle cannot be read", refused=True) from error


def _explained(error: Exception, url: str) -> UpgradeError:
    import aiohttp

    host = plain(urlsplit(url).netloc)
    match error:
        case aiohttp.WSServerHandshakeError(status=status) if status in _REFUSED_STATUS:
            what = f"{host} refuses the data channel (HTTP {status})"
            if status in (401, 403):
                what += ": missing ssmmessages:OpenDataChannel"
            return UpgradeError(what, refused=True)
        case aiohttp.WSServerHandshakeError(status=status):
            return UpgradeError(f"{host} does not open the data channel (HTTP {status})")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return UpgradeError(f"{host} has no trusted certificate", refused=True)
        case aiohttp.InvalidURL() | ValueError():
            return UpgradeError(f"{host} is no address of a data channel", refused=True)
        case TimeoutError():
            return UpgradeError(f"{host} does not accept a connection in time")
    return UpgradeError(f"{host} cannot be reached")
