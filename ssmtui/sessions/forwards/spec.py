"""What is asked for when a port is to be forwarded: a dialog's values and the command line's."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import ProblemError, input_problem
from ssmtui.core.text import plain
from ssmtui.sessions.specs import SessionSpec

LOOPBACK: Final = "127.0.0.1"

NODE_DOCUMENT: Final = "AWS-StartPortForwardingSession"
HOST_DOCUMENT: Final = "AWS-StartPortForwardingSessionToRemoteHost"

_FORM: Final = "Write it as LOCAL:REMOTE or LOCAL:HOST:REMOTE, such as 8080:80"
_PORTS: Final = range(1, 65_536)
# What HOST_DOCUMENT allows for its parameter `host`.
_HOST: Final = re.compile(r"[^\s,$`]{3,}")
# The local port, a host (an IPv6 address in brackets) and the remote port.
_TEXT: Final = re.compile(r"(\d{0,5}):(?:(\[[^\[\]]+\]|[^:\[\]]+):)?(\d{1,5})")


class ForwardSpec(msgspec.Struct, frozen=True):
    """A local port that is to lead to a port of `target`, or of a host as `target` sees it.

    Local port 0 is any free one. No `remote_host` is the node itself. Making one that cannot be
    raises ProblemError.
    """

    target: RowKey
    local_port: int
    remote_port: int
    remote_host: str = ""
    bind: str = LOOPBACK
    reason: str = ""

    def __post_init__(self) -> None:
        if self.local_port != 0:
            _check_port(self.local_port)
        _check_port(self.remote_port)
        if self.remote_host and not _HOST.fullmatch(self.remote_host):
            raise input_problem(
                f"{plain(self.remote_host)} is not the name of a host",
                "It has at least 3 characters, and no space, comma, $ or `",
            )

    @property
    def session(self) -> SessionSpec:
        """The session that carries it."""
        parameters = {"portNumber": [str(self.remote_port)]}
        if self.remote_host:
            parameters["host"] = [self.remote_host]
        if self.local_port:
            parameters["localPortNumber"] = [str(self.local_port)]
        document = HOST_DOCUMENT if self.remote_host else NODE_DOCUMENT
        return SessionSpec(self.target, document, parameters, self.reason)

    @property
    def destination(self) -> str:
        """Where it leads, for people: "80", "db.internal:5432"."""
        if not self.remote_host:
            return str(self.remote_port)
        return f"{_bracketed(plain(self.remote_host))}:{self.remote_port}"

    def address(self, port: int) -> str:
        """Where it listens, with the port that it got: "127.0.0.1:8080"."""
        return f"{_bracketed(plain(self.bind))}:{port}"


def parse_forward(target: RowKey, text: str, *, bind: str = LOOPBACK) -> ForwardSpec:
    """`8080:80` or `5432:db.internal:5432` as a spec; a local port of 0 or "" is any free one.

    ProblemError for a text that is not of this form.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise input_problem(f"{plain(text)} is not a forward", _FORM)
    local, host, remote = match.groups()
    try:
        return ForwardSpec(target, int(local or 0), int(remote), (host or "").strip("[]"), bind)
    except ProblemError as error:
        what = f"{plain(text)} is not a forward: {error.problem.what}"
        raise input_problem(what, error.problem.remedy) from error


def _check_port(port: int) -> None:
    if port not in _PORTS:
        raise input_problem(f"{port} is not a port", "Use a number from 1 to 65535")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
