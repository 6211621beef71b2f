"""What the services of a toy machine say, line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ssmtui.simulator.shell.machine.series import ERROR, INFO, WARNING, Record, Series, Stream, seed
from ssmtui.simulator.shell.machine.services import SSM_AGENT

HOUR = 3600.0
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

_PATHS = ("/", "/cart", "/login", "/api/items", "/api/orders", "/search?q=shoes", "/healthz")
_JOBS = ("resize-images", "send-mail", "reindex", "charge-cards", "sync-stock", "export-report")


def app_line(bits: int, when: float) -> tuple[str, str]:
    """A line of /var/log/app.log."""
    took = 3 + bits % 180
    path = _PATHS[(bits >> 8) % len(_PATHS)]
    job = _JOBS[(bits >> 12) % len(_JOBS)]
    match (bits >> 20) % 40:
        case 0:
            return f"upstream timed out after 5000ms path={path} retry=1", ERROR
        case 1:
            return f"could not acquire lock job={job} owner=worker-{bits % 16}", ERROR
        case 2 | 3:
            return f"slow query took={took * 11}ms table=orders", WARNING
        case 4:
            return f"queue depth {100 + bits % 900} above 100 job={job}", WARNING
        case odd if odd % 3 == 0:
            return f"job {job} done items={bits % 400} took={took}ms", INFO
    return f"GET {path} 200 {took}ms trace={bits:08x}", INFO


def access_line(bits: int, when: float) -> tuple[str, str]:
    """A line of nginx's access log, after the address and time."""
    path = _PATHS[bits % len(_PATHS)]
    status = (200, 200, 200, 200, 200, 200, 304, 301, 404, 500)[(bits >> 4) % 10]
    return f'"GET {path} HTTP/1.1" {status} {bits % 9000} "-" "Mozilla/5.0 (X11; Linux)"', INFO


_SAYS = {
    SSM_AGENT: (
        300.0,
        (
            "INFO [ssm-agent-worker] [HealthCheck] HealthCheck reporting agent health.",
            "INFO [ssm-agent-worker] [MessageService] [MGSInteractor] Sending ping",
            "INFO [ssm-agent-worker] EC2RoleProvider Successfully connected with instance profile",
            "WARN [ssm-agent-worker] [Association] [busy] a previous run has not ended yet",
        ),
    ),
    "sshd": (
        600.0,
        (
            "Connection closed by authenticating user root {address} port {port} [preauth]",
            "Invalid user oracle from {address} port {port}",
            "Received disconnect from {address} port {port}:11: Bye Bye [preauth]",
        ),
    ),
    "crond": (900.0, ("(root) CMD (run-parts /etc/cron.hourly)", "(app) CMD (/opt/app/rotate.sh)")),
    "chronyd": (1700.0, ("Selected source 169.254.169.123", "System clock was stepped by 0.0000")),
    "systemd": (
        450.0,
        (
            "Starting dnf-makecache.service - dnf makecache...",
            "dnf-makecache.service: Deactivated successfully.",
            "Started session-{port}.scope - Session {port} of User ssm-user.",
            "Finished logrotate.service - Rotate log files.",
        ),
    ),
    "kernel": (2600.0, ("TCP: request_sock_TCP: Possible SYN flooding on port 80.",)),
    "nginx": (240.0, ("{port}#0: *{port} upstream response is buffered to a temporary file",)),
    "postgresql": (
        75.0,
        (
            "LOG:  checkpoint starting: time",
            "LOG:  checkpoint complete: wrote {port} buffers (0.4%)",
            "ERROR:  deadlock detected",
            'LOG:  automatic vacuum of table "shop.public.orders": index scans: 1',
        ),
    ),
    "redis": (60.0, ("{port} changes in 300 seconds. Saving...", "Background saving terminated")),
    "docker": (400.0, ("time=now level=info msg=container-stopped id={port}",)),
}
_SAME = {"ssh": "sshd", "cron": "crond", "chrony": "chronyd"}


def journal(names: list[str], node_id: str, began: float) -> Series:
    """The journal of services of these names, besides systemd and the kernel."""
    streams = {}
    for name in ("systemd", "kernel", *names):
        if name == "app":
            streams[name] = Stream(name, seed(node_id, name), 7.0, app_line)
        elif (said := _SAYS.get(_SAME.get(name, name))) is not None:
            interval, texts = said
            streams[name] = Stream(name, seed(node_id, name), interval, _speaker(texts))
    return Series(streams, began)


def _speaker(texts: tuple[str, ...]) -> Callable[[int, float], tuple[str, str]]:
    def make(bits: int, when: float) -> tuple[str, str]:
        address = f"203.0.113.{(bits >> 8) % 256}"
        text = texts[bits % len(texts)].format(address=address, port=1024 + (bits >> 4) % 60_000)
        return text, ERROR if "ERROR" in text else WARNING if "WARN" in text else INFO

    return make


def app_series(node_id: str, began: float) -> Series:
    """/var/log/app.log: a line every 5 seconds or so."""
    return Series({"app": Stream("app", seed(node_id, "app.log"), 5.0, app_line)}, began)


def access_series(node_id: str, began: float) -> Series:
    """/var/log/nginx/access.log."""
    stream = Stream("access", seed(node_id, "access.log"), 1.5, access_line)
    return Series({"access": stream}, began)


def firehose_series(node_id: str, began: float) -> Series:
    """/var/log/firehose.log: 500 lines a second, for those who want to see a client at work."""
    stream = Stream("app", seed(node_id, "firehose.log"), 0.002, app_line)
    return Series({"app": stream}, began)


# How lines look.


def syslog(host: str) -> Callable[[Record], str]:
    def line(record: Record) -> str:
        pid = "" if record.unit == "kernel" else f"[{1 if record.unit == 'systemd' else 1337}]"
        return f"{stamp(record.when)} {host} {record.unit}{pid}: {record.text}"

    return line


def agent_format(record: Record) -> str:
    when = datetime.fromtimestamp(record.when, UTC)
    return f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond // 1000:03d}0 {record.text}"


def app_format(record: Record) -> str:
    level = {"err": "ERROR", "warning": "WARN"}.get(record.level, "INFO")
    when = datetime.fromtimestamp(record.when, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03d}Z {level:<5} {record.text}"


def access_format(record: Record) -> str:
    when = datetime.fromtimestamp(record.when, UTC)
    month = _MONTHS[when.month - 1]
    return f"10.0.0.7 - - [{when:%d}/{month}/{when:%Y:%H:%M:%S} +0000] {record.text}"


def stamp(when: float) -> str:
    """As syslog writes it: Nov  2 08:00:00. (strftime's month would follow the host's locale.)"""
    moment = datetime.fromtimestamp(when, UTC)
    return f"{_MONTHS[moment.month - 1]} {moment.day:2d} {moment:%H:%M:%S}"
