from __future__ import annotations

from typing import Any

from ssmtui.simulator.shell.machine.services import units


def test_roles_have_their_own() -> None:
    assert "nginx" in [unit.name for unit in units("web", "rpm")]
    assert "postgresql" in [unit.name for unit in units("db", "rpm")]
    assert "ssh" in [unit.name for unit in units("web", "deb")]
    assert "com.openssh.sshd" in [unit.name for unit in units("build", "")]


def test_stopping_and_starting(bench: Any) -> None:
    machine = bench.machine()
    service = machine.services.get("sshd.service")
    assert service is not None
    process = service.process
    machine.services.stop(service)
    assert (service.active, service.sub, service.process) == ("inactive", "dead", None)
    assert machine.processes.get(process.pid) is None
    assert machine.services.listening(22) is None
    machine.services.start(service)
    assert service.active == "active"
    assert machine.services.listening(22) is service


def test_a_killed_service_has_failed(bench: Any) -> None:
    machine = bench.machine()
    service = machine.services.get("sshd")
    service.process.end(9)
    assert (service.active, service.result) == ("failed", "signal")
    machine.services.restart(service)
    service.process.end(15)
    assert service.active == "inactive"


def test_some_nodes_have_a_failed_one(bench: Any) -> None:
    machines = [bench.machines.of(node.id) for node in bench.world.nodes.values()]
    failed = [m for m in machines if any(s.active == "failed" for s in m.services.all())]
    assert 0 < len(failed) < len(machines) / 4
    assert all(
        s.active != "failed" for m in machines for s in m.services.all() if "ssm" in s.name.lower()
    )


def test_a_package_may_bring_one(bench: Any) -> None:
    machine = bench.machine()
    unit = units("cache", "rpm")[-1]
    machine.services.add(unit)
    assert machine.services.get("redis").active == "inactive"
