"""Programs that look at the network: ip, ss, netstat, curl, ping. Nothing leaves the process."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from ssmtui.simulator.outside import CutError
from ssmtui.simulator.shell.commands.making import formatted
from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program
from ssmtui.simulator.shell.machine.hashing import number
from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machine.services import Service
from ssmtui.simulator.shell.machine.tree import FileProblem
from ssmtui.simulator.shell.options import Options

_LOCAL = ("127.0.0.1", "localhost", "::1", "0.0.0.0")  # noqa: S104 - names, nothing is bound
_METADATA = "169.254.169.254"

REFUSED, NO_HOST, TIMED_OUT, HTTP_ERROR, CUT = 7, 6, 28, 22, 18  # curl's exit codes


def mac_address(machine: Machine) -> str:
    digits = f"{number(machine.node.id, 'mac') & 0xFFFFFFFFFF:010x}"
    return ":".join(("02", *(digits[at : at + 2] for at in range(0, 10, 2))))


def _interface(machine: Machine) -> str:
    return "eth0" if machine.system.generation == 0 or machine.node.hybrid else "ens5"


async def ip(call: Invocation) -> int:
    words = [arg for arg in call.args if not arg.startswith("-")]
    machine = call.machine
    kind = (words or ["help"])[0]
    interface = _interface(machine)
    gateway = machine.node.address.rpartition(".")[0] + ".1"
    if kind and "route".startswith(kind):
        await call.line(f"default via {gateway} dev {interface} proto dhcp metric 512")
        await call.line(f"{gateway.rpartition('.')[0]}.0/20 dev {interface} proto kernel")
        return 0
    if not kind or not ("address".startswith(kind) or "link".startswith(kind)):
        raise Complaint(f'Object "{kind}" is unknown, try "ip help".')
    addresses = "address".startswith(kind)
    brief = "-br" in call.args or "-brief" in call.args
    if brief:
        await call.line(f"{'lo':<16} UNKNOWN        127.0.0.1/8")
        await call.line(f"{interface:<16} UP             {machine.node.address}/20")
        return 0
    lines = [
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN",
        "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
        "    inet 127.0.0.1/8 scope host lo",
        f"2: {interface}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9001 qdisc mq state UP",
        f"    link/ether {mac_address(machine)} brd ff:ff:ff:ff:ff:ff",
        f"    inet {machine.node.address}/20 scope global dynamic {interface}",
    ]
    await call.lines([line for line in lines if addresses or "inet" not in line])
    return 0


async def ifconfig(call: Invocation) -> int:
    machine = call.machine
    await call.lines(
        [
            f"{_interface(machine)}: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 9001",
            f"        inet {machine.node.address}  netmask 255.255.240.0",
            f"        ether {mac_address(machine)}  txqueuelen 1000  (Ethernet)",
            "",
            "lo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536",
            "        inet 127.0.0.1  netmask 255.0.0.0",
        ]
    )
    return 0


def _listening(machine: Machine) -> list[Service]:
    found = [one for one in machine.services.all() if one.unit.port and one.active == "active"]
    return sorted(found, key=lambda one: one.unit.port)


async def ss(call: Invocation) -> int:
    options = Options(call.args, "tulnpaseH46")
    if "s" in options:
        await call.line(f"Total: {len(_listening(call.machine)) + 88}")
        return 0
    if "H" not in options:
        await call.line(
            "State    Recv-Q   Send-Q     Local Address:Port      Peer Address:Port   Process"
        )
    for service in _listening(call.machine):
        await call.line(
            f"LISTEN   0        {511 if service.unit.port < 1024 else 4096:<10} "
            f"{'0.0.0.0:' + str(service.unit.port):>18}           0.0.0.0:*"
            + _users(service, shown="p" in options and call.root)
        )
    return 0


def _users(service: Service, *, shown: bool) -> str:
    if not shown or service.process is None:
        return ""
    return f'       users:(("{service.process.name}",pid={service.process.pid},fd=6))'


async def netstat(call: Invocation) -> int:
    await call.line("Active Internet connections (only servers)")
    await call.line(
        "Proto Recv-Q Send-Q Local Address           Foreign Address         State       "
        "PID/Program name"
    )
    for service in _listening(call.machine):
        owner = f"{service.process.pid}/{service.process.name}" if service.process else "-"
        await call.line(
            f"tcp        0      0 {'0.0.0.0:' + str(service.unit.port):<23} {'0.0.0.0:*':<23} "
            f"LISTEN      {owner if call.root else '-'}"
        )
    return 0


async def curl(call: Invocation) -> int:
    """Only the machine's own services and the simulated AWS answer: everything else is refused or
    not resolved.
    """
    given = _CurlOptions(call.args)
    while "K" in given:
        given = _CurlOptions([*given.without_config, *await _configured(call, given.value("K"))])
    if not given.rest:
        raise Complaint("try 'curl --help' for more information", 2)
    url = given.rest[0] if "://" in given.rest[0] else f"http://{given.rest[0]}"
    target = given.value("o") if given.value("o") != "/dev/null" else ""
    begun = _size_of(call, target) if given.value("C") == "-" and target else 0
    wanted = given.value("r") or (f"{begun}-" if begun else "")
    try:
        status, headers, body = await _fetch(call, url, given, wanted)
    except CutError as cut:
        if target:
            await call.writable(target, append=begun > 0).write(cut.body)
        elif "o" not in given:
            await call.write(cut.body)
        await call.complain("(18) transfer closed with outstanding read data remaining")
        return CUT
    if status == 0:
        return int(body)
    if begun and status == 416:
        return 0  # there is no more of it
    if "f" in given and status >= 400:
        await call.complain(f"(22) The requested URL returned error: {status}")
        return HTTP_ERROR
    shown = "I" in given or "i" in given
    data = "".join(f"{line}\r\n" for line in [*headers, ""]).encode() if shown else b""
    data += b"" if "I" in given else body
    if target:
        await call.writable(target, append=begun > 0 and status == 206).write(data)
    elif "o" not in given:
        await call.write(data)
    if "w" in given:
        written = given.value("w").replace("%{http_code}", str(status)).replace("\\n", "\n")
        await call.out(written)
    return 0


class _CurlOptions(Options):
    """curl's options; what has no short name has a letter that curl does not use so."""

    def __init__(self, args: list[str]) -> None:
        super().__init__(
            args, "sSfLIivkG46#", "omwHdXAubrYcTCK",
            {"silent": "s", "fail": "f", "location": "L", "head": "I", "include": "i",
             "output": "o", "max-time": "m", "connect-timeout": "c", "write-out": "w",
             "header": "H", "data": "d", "request": "X", "user-agent": "A", "user": "u",
             "insecure": "k", "verbose": "v", "retry": "Y", "range": "r", "show-error": "S",
             "upload-file": "T", "continue-at": "C", "config": "K"},
            status=2,
        )  # fmt: skip
        self.without_config = _without(args, ("-K", "--config"))


def _without(args: list[str], names: tuple[str, ...]) -> list[str]:
    """Arguments without an option and its value."""
    kept = [
        arg
        for at, arg in enumerate(args)
        if arg not in names and (at == 0 or args[at - 1] not in names)
    ]
    return [arg for arg in kept if not arg.startswith("-K")]


async def _configured(call: Invocation, name: str) -> list[str]:
    """Options of a configuration file, of lines such as `url = "http://..."`."""
    args: list[str] = []
    async for line in call.texts(name):
        option, _, value = line.partition("=")
        value = value.strip().removeprefix('"').removesuffix('"')
        if option.strip() == "url":
            args.append(value)
        elif option.strip() and not option.startswith("#"):
            args += [f"--{option.strip()}", *([value] if value else [])]
    return args


def _size_of(call: Invocation, name: str) -> int:
    try:
        return call.file(name).size()
    except FileProblem:
        return 0


async def _fetch(
    call: Invocation, url: str, options: Options, wanted: str
) -> tuple[int, list[str], bytes]:
    """Status, headers and body; a status of 0 with curl's exit code in the body's place.

    `wanted` is a range of bytes, "" for all.
    """

    async def fail(code: int, text: str) -> tuple[int, list[str], bytes]:
        if "s" not in options or "S" in options:
            await call.complain(f"({code}) {text}")
        return 0, [], str(code).encode()

    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return await fail(3, "URL using bad/illegal format or missing URL")
    machine = call.machine
    if host == _METADATA and not machine.node.hybrid:
        return _metadata(machine, parts.path)
    if machine.outside is not None:
        sent = await call.whole(options.value("T")) if "T" in options else b""
        method = options.value("X") or ("PUT" if "T" in options else "GET")
        ranged = {"range": f"bytes={wanted}"} if wanted else {}
        answer = await machine.outside.ask(method, url, headers=ranged, body=sent)
        if answer is not None:
            lines = [f"{name}: {value}" for name, value in answer.headers.items()]
            return answer.status, [f"HTTP/1.1 {answer.status}", *lines], answer.body
    if host in _LOCAL or host in (machine.node.address, machine.hostname):
        service = machine.services.listening(port)
        if service is None:
            return await fail(
                REFUSED, f"Failed to connect to {host} port {port} after 0 ms: Connection refused"
            )
        return _answer(machine, service, parts.path or "/")
    if host.replace(".", "").isdigit():
        return await fail(TIMED_OUT, f"Failed to connect to {host} port {port}: Timed out")
    return await fail(NO_HOST, f"Could not resolve host: {host}")


def _answer(machine: Machine, service: Service, path: str) -> tuple[int, list[str], bytes]:
    if path in ("/healthz", "/health", "/status"):
        status, kind = 200, "application/json"
        body = f'{{"status":"ok","service":"{service.name}","host":"{machine.hostname}"}}\n'
    elif path == "/":
        status, kind = 200, "text/html"
        body = (
            f"<html><head><title>{machine.node.role}</title></head>"
            f"<body><h1>{machine.hostname}</h1></body></html>\n"
        )
    else:
        status, kind, body = 404, "text/plain", "not found\n"
    words = {200: "OK", 404: "Not Found"}
    moment = datetime.fromtimestamp(machine.now, UTC)
    return status, [
        f"HTTP/1.1 {status} {words[status]}", f"Server: {service.name}",
        f"Date: {formatted(moment, '%a, %d %b %Y %T')} GMT", f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
    ], body.encode()  # fmt: skip


def _metadata(machine: Machine, path: str) -> tuple[int, list[str], bytes]:
    """The instance metadata service, as far as scripts ask it."""
    node = machine.node
    facts = {
        "instance-id": node.id, "instance-type": node.instance_type, "ami-id": node.image,
        "local-ipv4": node.address, "hostname": node.private_dns, "placement/region": node.region,
        "placement/availability-zone": node.zone, "mac": mac_address(machine),
    }  # fmt: skip
    if path.startswith("/latest/api/token"):
        return 200, ["HTTP/1.1 200 OK"], f"{number(node.id, 'token'):016x}==".encode()
    name = path.removeprefix("/latest/meta-data/").rstrip("/")
    if path.rstrip("/") == "/latest/meta-data":
        return 200, ["HTTP/1.1 200 OK"], "\n".join(sorted(facts)).encode()
    if name in facts:
        return 200, ["HTTP/1.1 200 OK"], facts[name].encode()
    return 404, ["HTTP/1.1 404 Not Found"], b"404 - Not Found\n"


async def wget(call: Invocation) -> int:
    names = [arg for arg in call.args if not arg.startswith("-")]
    to_stdout = "-O-" in call.args or "-qO-" in call.args or names[:1] == ["-"]
    urls = [name for name in names if name != "-"]
    if not urls:
        raise Complaint("missing URL")
    url = urls[-1]
    args = ["-sSf", url] if to_stdout else ["-sSf", "-o", url.rpartition("/")[2] or "index.html",
                                             url]  # fmt: skip
    return 4 if await curl(call.having(args=args)) else 0


async def ping(call: Invocation) -> int:
    options = Options(call.args, "qn46", "cwWis")
    if not options.rest:
        raise Complaint("usage error: Destination address required", 2)
    host = options.rest[0]
    machine = call.machine
    near = host in _LOCAL or host in (machine.node.address, machine.hostname)
    address = "127.0.0.1" if near else host
    if not near and not host.replace(".", "").isdigit():
        raise Complaint(f"{host}: Name or service not known", 2)
    await call.line(f"PING {host} ({address}) 56(84) bytes of data.")
    count = options.number("c", 1 << 30)
    sent = 0
    while sent < count:
        sent += 1
        if near:
            await call.line(f"64 bytes from {address}: icmp_seq={sent} ttl=64 time=0.031 ms")
        if sent < count:
            await machine.wait(1.0)
            call.turns.waited()
    lost = 0 if near else 100
    await call.line(f"\n--- {host} ping statistics ---")
    await call.line(f"{sent} packets transmitted, {sent if near else 0} received, {lost}% loss")
    return int(not near)


async def lookup(call: Invocation) -> int:
    names = [arg for arg in call.args if not arg.startswith(("-", "+", "@"))]
    machine = call.machine
    if names and names[0] in ("localhost", machine.hostname, machine.node.private_dns):
        address = "127.0.0.1" if names[0] == "localhost" else machine.node.address
        await call.line(f"{names[0]} has address {address}")
        return 0
    await call.line(f"Host {names[0] if names else ''} not found: 3(NXDOMAIN)")
    return 1


PROGRAMS: dict[str, Program] = {
    "ip": ip, "ifconfig": ifconfig, "ss": ss, "netstat": netstat, "curl": curl, "wget": wget,
    "ping": ping, "nslookup": lookup, "host": lookup, "dig": lookup,
}  # fmt: skip
