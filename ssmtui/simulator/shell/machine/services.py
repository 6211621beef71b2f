"""The services of a toy machine, their states, and what starting and stopping them does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ssmtui.simulator.shell.machine.hashing import fraction, number
from ssmtui.simulator.shell.machine.processes import Process, ProcessTable
from ssmtui.simulator.shell.machine.series import ERROR, Record, Series


@dataclass(frozen=True)
class Unit:
    """What a service is, however it is doing."""

    name: str
    description: str
    command: str
    user: str = "root"
    port: int = 0
    memory: int = 12_000  # KiB
    document: str = ""


@dataclass(eq=False)
class Service:
    """A service's state, in systemd's words: active, inactive or failed."""

    unit: Unit
    active: str = "inactive"
    since: float = 0.0
    enabled: bool = True
    process: Process | None = None
    result: str = "success"

    @property
    def name(self) -> str:
        return self.unit.name

    @property
    def sub(self) -> str:
        return {"active": "running", "failed": "failed"}.get(self.active, "dead")


SSM_AGENT = "amazon-ssm-agent"

BASE = (
    Unit("systemd-journald", "Journal Service", "/usr/lib/systemd/systemd-journald", memory=21_000),
    Unit("systemd-udevd", "Rule-based Manager for Device Events and Files",
         "/usr/lib/systemd/systemd-udevd"),
    Unit("dbus", "D-Bus System Message Bus", "/usr/bin/dbus-daemon --system", "dbus"),
    Unit("systemd-logind", "User Login Management", "/usr/lib/systemd/systemd-logind"),
    Unit("chronyd", "NTP client/server", "/usr/sbin/chronyd -F 2", "chrony"),
    Unit("crond", "Command Scheduler", "/usr/sbin/crond -n", memory=3_500),
    Unit("sshd", "OpenSSH server daemon", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups",
         port=22, memory=9_000, document="man:sshd(8)"),
    Unit(SSM_AGENT, "amazon-ssm-agent", "/usr/bin/amazon-ssm-agent", memory=31_000),
)  # fmt: skip

BY_ROLE = {
    "web": (
        Unit("nginx", "The nginx HTTP and reverse proxy server",
             "nginx: master process /usr/sbin/nginx", port=80, memory=14_000),
        Unit("app", "Storefront application", "/opt/app/bin/app --config /etc/app/app.conf",
             "app", 8080, 310_000),
    ),
    "api": (
        Unit("app", "Platform API", "/usr/bin/java -Xmx2g -jar /opt/app/app.jar", "app", 8080,
             1_450_000),
    ),
    "worker": (
        Unit("app", "Queue worker", "/usr/bin/python3 /opt/app/worker.py --threads 8", "app", 0,
             420_000),
    ),
    "batch": (
        Unit("docker", "Docker Application Container Engine", "/usr/bin/dockerd -H fd://",
             memory=95_000),
        Unit("app", "Batch runner", "/usr/bin/python3 /opt/app/batch.py", "app", 0, 780_000),
    ),
    "db": (
        Unit("postgresql", "PostgreSQL database server", "/usr/bin/postgres -D /data/pgsql",
             "postgres", 5432, 2_900_000),
        Unit("pgbackrest", "Continuous WAL archiving", "/usr/bin/pgbackrest server", "postgres",
             8432, 61_000),
    ),
    "cache": (
        Unit("redis", "Advanced key-value store", "/usr/bin/redis-server 0.0.0.0:6379", "redis",
             6379, 1_800_000),
    ),
    "bastion": (
        Unit("fail2ban", "Fail2Ban Service", "/usr/bin/python3 /usr/bin/fail2ban-server -xf start",
             memory=48_000),
    ),
    "plant": (
        Unit("app", "Line controller bridge", "/opt/app/bin/bridge --line 3", "app", 8080, 88_000),
    ),
    "gateway": (
        Unit("greengrass", "Greengrass Core", "java -jar /greengrass/v2/Greengrass.jar", "root",
             8883, 210_000),
    ),
}  # fmt: skip

_DEBIAN_NAMES = {"crond": "cron", "sshd": "ssh", "chronyd": "chrony"}


MACOS = (
    Unit("com.apple.syslogd", "System log", "/usr/sbin/syslogd", memory=4_000),
    Unit("com.apple.mDNSResponder", "Multicast DNS", "/usr/sbin/mDNSResponder", memory=6_000),
    Unit("com.openssh.sshd", "Secure shell", "/usr/sbin/sshd -i", port=22, memory=7_000),
    Unit("com.apple.coreservicesd", "Core services", "/System/Library/CoreServices/coreservicesd"),
    Unit("com.amazon.aws.ssm", "amazon-ssm-agent", "/opt/aws/ssm/bin/amazon-ssm-agent",
         memory=33_000),
)  # fmt: skip


def units(role: str, packager: str) -> list[Unit]:
    """Of a Linux node or a Mac, in the order in which they start."""
    if not packager:
        return list(MACOS)
    found = [*BASE, *BY_ROLE.get(role, ())]
    if packager != "deb":
        return found
    return [
        Unit(_DEBIAN_NAMES.get(unit.name, unit.name), unit.description, unit.command,
             unit.user, unit.port, unit.memory, unit.document)
        for unit in found
    ]  # fmt: skip


class Services:
    """The services by name. Whoever changes one has asked for permission before."""

    def __init__(
        self,
        found: list[Unit],
        processes: ProcessTable,
        journal: Series,
        now: Callable[[], float],
        seed: str,
    ) -> None:
        self._processes = processes
        self._journal = journal
        self._now = now
        self._seed = seed
        self._services = {unit.name: Service(unit) for unit in found}

    def boot(self, started: float) -> None:
        """Everything that is enabled starts; on one node in twelve, one of its own has failed."""
        names = list(self._services)
        unlucky = names[-1] if fraction(self._seed, "failed") < 1 / 12 else ""
        for index, service in enumerate(self._services.values()):
            service.since = started + 4 + index
            if not service.enabled:
                continue
            if service.name == unlucky and "ssm" not in service.name.lower():
                service.active, service.result = "failed", "exit-code"
                self._journal.stop(service.name, service.since)
            else:
                service.active = "active"
                self._run(service)

    def all(self) -> list[Service]:
        return list(self._services.values())

    def get(self, name: str) -> Service | None:
        """By its name, with or without ".service"."""
        return self._services.get(name.removesuffix(".service"))

    def listening(self, port: int) -> Service | None:
        """The running service of a port."""
        for service in self._services.values():
            if service.unit.port == port and service.active == "active":
                return service
        return None

    def add(self, unit: Unit) -> None:
        """One that came with a package; it is not started."""
        self._services.setdefault(unit.name, Service(unit, since=self._now(), enabled=False))

    def start(self, service: Service) -> None:
        if service.active == "active":
            return
        service.active, service.since, service.result = "active", self._now(), "success"
        self._run(service)
        self._journal.start(service.name, self._now())
        self._say(service, f"Started {service.name}.service - {service.unit.description}.")

    def stop(self, service: Service) -> None:
        if service.active == "inactive":
            return
        self._end(service)
        service.active, service.result = "inactive", "success"
        self._say(service, f"Stopped {service.name}.service - {service.unit.description}.")

    def restart(self, service: Service) -> None:
        self.stop(service)
        self.start(service)

    def killed(self, service: Service, signal: int) -> None:
        """Its main process got a signal: it has failed, unless it was asked politely."""
        self._end(service)
        if signal == 15:
            service.active = "inactive"
        else:
            service.active, service.result = "failed", "signal"
            self._say(service, "Failed with result 'signal'.", ERROR)

    def _run(self, service: Service) -> None:
        unit = service.unit
        jitter = 0.8 + 0.4 * fraction(self._seed, unit.name, "memory")
        service.process = self._processes.spawn(
            unit.user,
            unit.command,
            service.since,
            memory=int(unit.memory * jitter),
            cpu=(number(self._seed, unit.name) % 80) / 10 if unit.memory > 50_000 else 0.0,
            state="Ss",
            end=lambda signal: self.killed(service, signal),
        )

    def _end(self, service: Service) -> None:
        if service.process is not None:
            self._processes.remove(service.process)
        service.process = None
        service.since = self._now()
        self._journal.stop(service.name, self._now())

    def _say(self, service: Service, text: str, level: str = "info") -> None:
        self._journal.write(Record(self._now(), "systemd", text, level))
        self._journal.write(Record(self._now(), service.name, text, level))
