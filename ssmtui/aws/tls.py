"""One TLS context for all connections that trust and show the same certificates."""

from __future__ import annotations

import ssl
from threading import Lock

from aiobotocore.httpsession import AIOHTTPSession

# By what is verified, the client's own certificate and key, and the proxy on the way.
_Settings = tuple[object, str | None, str | None, str | None]
_Contexts = tuple[ssl.SSLContext, ssl.SSLContext | None]

_made: dict[_Settings, _Contexts] = {}
_making = Lock()  # they are made in threads


class HttpSession(AIOHTTPSession):  # type: ignore[misc]
    """The library's own, which makes a context for each client.

    To read the usual bundle of certificates takes 20 ms of a processor. Each scope has a client of
    four or five services, and all of them are made while the first list is waited for.
    """

    def _build_ssl_contexts(self, proxy_url: str | None) -> _Contexts:
        settings = (self._verify, self._cert_file, self._key_file, proxy_url)
        with _making:
            if settings not in _made:  # what fails is tried again: the file may be mended by then
                _made[settings] = super()._build_ssl_contexts(proxy_url)
            return _made[settings]
