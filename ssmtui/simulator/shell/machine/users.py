"""The users of a toy machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """One line of /etc/passwd."""

    name: str
    uid: int
    home: str
    shell: str = "/bin/bash"
    comment: str = ""
    groups: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        return f"{self.name}:x:{self.uid}:{self.uid}:{self.comment}:{self.home}:{self.shell}"


ROOT = User("root", 0, "/root", comment="root")
SSM_USER = "ssm-user"

_NOLOGIN = "/sbin/nologin"


def users(admin: str, services: list[str], *, darwin: bool = False) -> dict[str, User]:
    """Everybody by name; `services` are the accounts of the machine's own services."""
    homes = "/Users" if darwin else "/home"
    root = User("root", 0, "/var/root", "/bin/sh", "System Administrator") if darwin else ROOT
    everybody = [
        root,
        User("bin", 1, "/bin", _NOLOGIN, "bin"),
        User("daemon", 2, "/sbin", _NOLOGIN, "daemon"),
        User("nobody", 65534, "/", _NOLOGIN, "Kernel Overflow User"),
        User("sshd", 74, "/usr/share/empty.sshd", _NOLOGIN, "Privilege-separated SSH"),
        User("chrony", 994, "/var/lib/chrony", _NOLOGIN, "chrony system user"),
        User(admin, 1000, f"{homes}/{admin}", comment="EC2 Default User", groups=("wheel", "adm")),
        User(SSM_USER, 1001, f"{homes}/{SSM_USER}"),
    ]
    everybody += [
        User(name, 980 - index, f"/var/lib/{name}", _NOLOGIN, f"{name} user")
        for index, name in enumerate(services)
        if name not in {user.name for user in everybody}
    ]
    return {user.name: user for user in everybody}
