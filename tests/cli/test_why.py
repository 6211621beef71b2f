"""`ssmtui why`."""

import json

import pytest


def node(served, **wanted):
    for scope in served.endpoint.world.scopes:
        for candidate in scope.every_node():
            if all(getattr(candidate, name) == value for name, value in wanted.items()):
                return candidate
    raise AssertionError(f"the world has no {wanted}")


def test_a_stopped_instance(served, ssmtui):
    stopped = node(served, state="stopped")
    result = ssmtui("why", stopped.id)
    assert result.exit_code == 0, result.stderr
    assert "stopped" in result.stdout.splitlines()[0]
    assert "Causes" in result.stdout
    assert "the instance is stopped" in result.stdout


def test_json(served, ssmtui):
    stopped = node(served, state="stopped")
    answer = json.loads(ssmtui("why", stopped.id, "-o", "json").stdout)
    assert answer["id"] == stopped.id
    assert answer["findings"][0]["verdict"] == "cause"


def test_what_may_not_be_read_is_said(served, ssmtui):
    lost = node(served, ping="ConnectionLost", state="running")
    served.add_faults(["denied ec2:DescribeInstanceStatus", "denied ssm:GetConnectionStatus"])
    result = ssmtui("why", lost.id)
    assert result.exit_code == 0
    assert "Could not be read" in result.stdout
    assert "status checks" in result.stdout


def test_no_such_node(served, ssmtui):
    result = ssmtui("why", "nobody")
    assert result.exit_code == 1
    assert "nobody" in result.stderr


def test_a_node_that_could_not_be_looked_for(served, ssmtui):
    served.add_faults(["error ssm:Describe*"])
    result = ssmtui("why", "mi-0123")
    assert result.exit_code == 3


def test_a_name_of_several_nodes(served, ssmtui):
    world = served.endpoint.world
    scope = world.scopes[0]
    first, second = [n for n in scope.instances if n.state == "running"][:2]
    for one in (first, second):
        world.tag(one.id, {"Name": "twin"})
    result = ssmtui("why", "twin")
    assert result.exit_code == 2
    assert first.id in result.stderr
    assert second.id in result.stderr


def test_a_wrong_profile_is_bad_input_and_nobody_is_looked_for(served, ssmtui):
    result = ssmtui("why", "x", "--profile", "nope")
    assert result.exit_code == 2
    assert "no profile nope" in result.stderr
    assert "no node called" not in result.stderr


@pytest.mark.parametrize("rules", [["expired *"], ["expired ssm:*", "expired ec2:*"]])
def test_expired_credentials_are_exit_2(served, ssmtui, rules):
    served.add_faults(rules)
    result = ssmtui("why", "x")
    assert result.exit_code == 2
    assert "expired" in result.stderr
    assert "no node called" not in result.stderr


def test_a_namesake_may_be_where_nothing_could_be_listed(served, ssmtui):
    stopped = node(served, state="stopped")
    name = stopped.shown_name
    assert ssmtui("why", name).exit_code == 0
    result = ssmtui("why", name, "--profile", "default", "--profile", "nope")
    assert result.exit_code == 3
    assert "stopped" in result.stdout
    assert "no profile nope" in result.stderr
    assert ssmtui("why", stopped.id, "--profile", "default", "--profile", "nope").exit_code == 0
