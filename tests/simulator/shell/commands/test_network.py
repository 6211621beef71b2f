from __future__ import annotations

from typing import Any

import pytest

from ssmtui.simulator.outside import CutError, Outside, Response


async def test_addresses(bench: Any) -> None:
    node = bench.node()
    for script in ("ip addr", "ip -br a", "ifconfig", "ip route"):
        assert node.address.rpartition(".")[0] in await bench.out(script)
    assert "inet" not in await bench.out("ip link")


async def test_ports_are_those_of_running_services(bench: Any) -> None:
    assert "0.0.0.0:22 " in await bench.out("ss -ltn")
    assert "sshd" in await bench.out("ss -ltnp; netstat -ltnp")
    assert "sshd" not in await bench.out("ss -ltnp; netstat -ltnp", user="ssm-user")
    await bench.run("systemctl stop sshd")
    assert ":22 " not in await bench.out("ss -ltn; ss -s")


async def test_local_services_answer(bench: Any) -> None:
    machine = next(
        bench.machines.of(node.id)
        for node in bench.world.nodes.values()
        if node.role == "web"
        and node.managed
        and bench.machines.of(node.id).services.listening(8080)
    )
    kind = machine.node.platform.name
    bench.machine = lambda *_: machine
    assert '"status":"ok"' in await bench.out("curl -s http://127.0.0.1/healthz", kind)
    assert (await bench.out("curl -s -o /dev/null -w '%{http_code}' localhost:8080/nope")) == "404"
    assert (await bench.run("curl -f localhost/nope")).exit_code == 22
    assert (await bench.out("curl -sI localhost | head -n 1")) == "HTTP/1.1 200 OK\r\n"
    assert (
        await bench.out(
            "wget -qO- localhost | grep -c html; curl -s -o /tmp/o localhost; wc -l < /tmp/o"
        )
        == "1\n1\n"
    )


@pytest.mark.parametrize(
    ("script", "message", "status"),
    [
        ("curl http://127.0.0.1:9", "Connection refused", 7),
        ("curl http://example.com", "Could not resolve host: example.com", 6),
        ("curl http://10.9.9.9", "Timed out", 28),
        ("curl", "try 'curl --help'", 2),
        ("curl 'http://[x'", "bad/illegal format", 3),
        ("curl http://h:99999", "bad/illegal", 3),
        ("ping -c 1 example.com", "not known", 2),
        ("ip frob", "unknown", 1),
        ("wget", "missing URL", 1),
    ],
)
async def test_nothing_is_ever_reached(bench: Any, script: str, message: str, status: int) -> None:
    result = await bench.run(script)
    assert message in result.stderr
    assert result.exit_code == status


async def test_metadata(bench: Any) -> None:
    node = bench.node()
    script = "curl -s http://169.254.169.254/latest/meta-data/instance-id; curl -sX PUT http://169.254.169.254/latest/api/token | wc -c"
    assert await bench.out(script) == f"{node.id}18\n"
    assert (await bench.run("curl -f http://169.254.169.254/latest/meta-data/nope")).exit_code == 22


async def test_ping_takes_time(bench: Any) -> None:
    printed = await bench.during(bench.out("ping -c 3 localhost"), 1, 1)
    assert "3 packets transmitted, 3 received" in printed
    assert (await bench.during(bench.run("ping -c 1 10.1.1.1"))).exit_code == 1


async def test_names(bench: Any) -> None:
    assert "127.0.0.1" in await bench.out("nslookup localhost")
    assert (await bench.run("dig example.com")).exit_code == 1


@pytest.fixture
def outside(bench: Any) -> list[tuple[str, str, dict[str, str], bytes]]:
    """What was asked of a host beyond the machine, which has ten digits and can be cut."""
    asked: list[tuple[str, str, dict[str, str], bytes]] = []

    async def serve(method: str, path: str, query: str, headers: Any, body: bytes) -> Response:
        asked.append((method, f"{path}?{query}", dict(headers), body))
        start = int(headers.get("range", "bytes=0-")[6:-1])
        if path == "/cut":
            raise CutError(b"0123")
        if start >= 10:
            return Response(416, {}, b"")
        status = 206 if start else 200
        return Response(status if path == "/here" else 403, {"x-a": "b"}, b"0123456789"[start:])

    machine = bench.machine()
    machine.outside = Outside(bench.world)
    machine.outside.open("127.0.0.1:9", serve)
    return asked


async def test_the_simulated_aws_is_reached(bench: Any, outside: list[Any]) -> None:
    assert await bench.out("curl -fsS 'http://127.0.0.1:9/here?a=b'") == "0123456789"
    await bench.out("printf abc > /tmp/f; curl -fsS -T /tmp/f http://127.0.0.1:9/here")
    assert [(method, path, body) for method, path, _, body in outside] == [
        ("GET", "/here?a=b", b""),
        ("PUT", "/here?", b"abc"),
    ]
    assert (await bench.run("curl -fsS http://127.0.0.1:9/no")).exit_code == 22


async def test_an_address_may_come_from_a_configuration(bench: Any, outside: list[Any]) -> None:
    script = "printf 'url = \"http://127.0.0.1:9/here\"\\n' | curl -fsS -o /tmp/o -K -; cat /tmp/o"
    assert await bench.out(script) == "0123456789"


async def test_a_range_may_be_asked_for(bench: Any, outside: list[Any]) -> None:
    script = (
        "printf x > /tmp/o; curl -fsS --retry 3 -r 7- http://127.0.0.1:9/here >> /tmp/o; cat /tmp/o"
    )
    assert await bench.out(script) == "x789"
    assert outside[-1][2]["range"] == "bytes=7-"
    cut = await bench.run("curl -fsS -r 0- http://127.0.0.1:9/cut")
    assert (cut.exit_code, cut.stdout) == (18, "0123")


async def test_a_cut_transfer_goes_on_from_there(bench: Any, outside: list[Any]) -> None:
    cut = await bench.run("curl -fsS -C - -o /tmp/o http://127.0.0.1:9/cut")
    assert (cut.exit_code, "(18)" in cut.stderr) == (18, True)
    script = "curl -fsS -C - -o /tmp/o http://127.0.0.1:9/here; cat /tmp/o"
    assert await bench.out(script) == "0123456789"
    assert outside[-1][2]["range"] == "bytes=4-"
    assert await bench.out(script) == "0123456789"  # there is no more of it
