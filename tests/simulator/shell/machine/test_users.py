from __future__ import annotations

from ssmtui.simulator.shell.machine.users import users


def test_everybody_has_a_line() -> None:
    everybody = users("ec2-user", ["nginx", "sshd"])
    assert everybody["root"].line == "root:x:0:0:root:/root:/bin/bash"
    assert everybody["nginx"].shell == "/sbin/nologin"
    assert len({user.uid for user in everybody.values()}) == len(everybody)


def test_homes_of_a_mac() -> None:
    assert users("ec2-user", [], darwin=True)["ssm-user"].home == "/Users/ssm-user"
