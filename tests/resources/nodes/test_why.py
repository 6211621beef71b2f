"""Why a node is lost, stopped or unmanaged."""

import msgspec
import pytest

from ssmtui.aws.decode import Ec2Instance
from ssmtui.core.problem import Problem, ProblemKind
from ssmtui.resources.nodes.row import Node
from ssmtui.resources.nodes.why import TITLES, Evidence, Verdict, diagnose, judge

NOW = 100_000.0
NODE = Node(
    account="1",
    region="r",
    id="i-1",
    name="web-1",
    kind="ec2",
    ping="lost",
    seen=NOW - 3600,
    agent="3.3.1",
    agent_latest=True,
)
INSTANCE = Ec2Instance(
    instance_id="i-1", state="running", iam_instance_profile="arn:aws:iam::1:instance-profile/web"
)
OK = {"InstanceStatus": {"Status": "ok"}, "SystemStatus": {"Status": "ok"}}
DENIED = Problem(ProblemKind.DENIED, "missing the permission", "Ask for it")
EVIDENCE = Evidence(connection="notconnected", status=OK, instance=INSTANCE, associations=[])


def judged(node=NODE, **evidence):
    return judge(node, msgspec.structs.replace(EVIDENCE, **evidence), NOW)


def said(diagnosis, verdict):
    return " | ".join(finding.what for finding in diagnosis.of(verdict))


def change(**fields):
    return msgspec.structs.replace(NODE, **fields)


def test_a_lost_node_whose_machine_is_fine():
    diagnosis = judged()
    assert diagnosis.summary.startswith("web-1 is lost, last heard of 1h ago")
    assert said(diagnosis, Verdict.CAUSE) == ""
    assert "message channel" in said(diagnosis, Verdict.LIKELY)
    assert "instance is running" in said(diagnosis, Verdict.EXCLUDED)
    assert "status check is ok" in said(diagnosis, Verdict.EXCLUDED)
    assert "the way from the node" in said(diagnosis, Verdict.UNREAD)


@pytest.mark.parametrize(
    ("member", "check"), [("InstanceStatus", "instance"), ("SystemStatus", "system")]
)
def test_an_impaired_check_is_the_cause(member, check):
    diagnosis = judged(status={**OK, member: {"Status": "impaired"}})
    assert f"EC2's {check} status check is impaired" in said(diagnosis, Verdict.CAUSE)


def test_checks_that_say_neither():
    diagnosis = judged(status={**OK, "SystemStatus": {"Status": "initializing"}})
    assert "initializing" in said(diagnosis, Verdict.UNREAD)
    assert "gave no status checks" in said(judged(status={}), Verdict.UNREAD)


@pytest.mark.parametrize("state", ["stopped", "stopping", "terminated", "shutting-down", "pending"])
def test_the_instances_state_is_the_cause(state):
    instance = msgspec.structs.replace(INSTANCE, state=state, state_reason="User initiated")
    diagnosis = judged(change(ping="stopped"), instance=instance)
    assert diagnosis.findings[0].verdict is Verdict.CAUSE
    assert diagnosis.findings[0].what in diagnosis.summary


def test_ec2_no_longer_knows_it():
    assert "terminated" in said(judged(instance=None), Verdict.CAUSE)


def test_unmanaged_without_a_profile():
    bare = msgspec.structs.replace(INSTANCE, iam_instance_profile=None)
    diagnosis = judged(change(ping="unmanaged", seen=None, agent=None), instance=bare)
    assert "no instance profile" in said(diagnosis, Verdict.CAUSE)
    assert "no agent on it is registered" in said(diagnosis, Verdict.CAUSE)


FORGOTTEN = Problem(
    ProblemKind.SERVICE, "not found", code="InvalidInstanceID.NotFound", operation="ec2"
)


def test_an_instance_that_ec2_has_forgotten_was_terminated():
    diagnosis = judged(instance=FORGOTTEN, status=FORGOTTEN)
    assert "it was terminated" in said(diagnosis, Verdict.CAUSE)
    assert "it was terminated" in diagnosis.summary
    assert "not found" not in said(diagnosis, Verdict.UNREAD)


def test_status_checks_count_where_only_the_instance_is_denied():
    diagnosis = judged(instance=DENIED, status={**OK, "SystemStatus": {"Status": "impaired"}})
    assert "system status check is impaired" in said(diagnosis, Verdict.CAUSE)
    assert "instance's state" in said(diagnosis, Verdict.UNREAD)
    assert "status checks" in said(judged(instance=DENIED, status=DENIED), Verdict.UNREAD)


def test_what_was_not_asked_for_is_not_excluded():
    diagnosis = judged(change(ping="unmanaged", seen=None, agent=None), associations=[])
    assert "association" not in said(diagnosis, Verdict.EXCLUDED)


def test_unmanaged_with_a_profile_says_what_it_cannot_read():
    diagnosis = judged(change(ping="unmanaged", seen=None, agent=None))
    assert "instance profile web is attached" in said(diagnosis, Verdict.EXCLUDED)
    assert "whether web allows" in said(diagnosis, Verdict.UNREAD)


def test_old_agents():
    assert "too old for sessions" in said(judged(change(agent="2.3.50.0")), Verdict.LIKELY)
    assert "outdated" in said(judged(change(agent_latest=False)), Verdict.LIKELY)
    assert "is the newest" in said(judged(), Verdict.EXCLUDED)


@pytest.mark.parametrize(
    ("ping", "verdict", "remedy"),
    [
        ("online", Verdict.EXCLUDED, "Update it with AWS-UpdateSSMAgent"),
        ("stopped", Verdict.EXCLUDED, "Update it with AWS-UpdateSSMAgent once the node is back"),
        ("lost", Verdict.LIKELY, "Update it with AWS-UpdateSSMAgent once the node is back"),
    ],
)
def test_an_outdated_agent_is_told_whatever_the_ping(ping, verdict, remedy):
    diagnosis = judged(change(ping=ping, agent_latest=False))
    (finding,) = [one for one in diagnosis.findings if "outdated" in one.what]
    assert (finding.verdict, finding.remedy) == (verdict, remedy)


def test_a_node_heard_of_in_the_future():
    ahead = "heard of 1h in the future by this machine's clock"
    online = judged(change(ping="online", seen=NOW + 3600), connection="connected")
    assert f"the agent was {ahead}" in said(online, Verdict.EXCLUDED)
    lost = judged(change(seen=NOW + 3600))
    assert f"is lost, last {ahead};" in lost.summary
    assert ahead in said(lost, Verdict.UNREAD)
    assert "heard of" not in said(lost, Verdict.EXCLUDED)


def test_every_verdict_has_a_title():
    assert list(TITLES) == list(Verdict)


def test_associations():
    failed = {"Name": "Patch", "Status": "Failed", "ErrorCode": "E1", "ExecutionDate": 1.77e9}
    older = {"Name": "Scan", "Status": "Success", "ExecutionDate": 9.9e8}
    assert "Patch failed (E1)" in said(judged(associations=[older, failed]), Verdict.LIKELY)
    good = {**failed, "Status": "Success", "ErrorCode": ""}
    assert "Patch ended in Success" in said(judged(associations=[good]), Verdict.EXCLUDED)


def test_whatever_is_denied_is_unread_and_never_excluded():
    diagnosis = judged(connection=DENIED, status=DENIED, instance=DENIED, associations=DENIED)
    unread = said(diagnosis, Verdict.UNREAD)
    for thing in ("message channel", "instance's state", "instance profile", "associations"):
        assert thing in unread
    assert said(diagnosis, Verdict.CAUSE) == ""
    assert "no cause was found" in diagnosis.summary


def test_a_hybrid_node_has_no_ec2():
    diagnosis = judged(change(kind="hybrid"), status=None, instance=None)
    assert "outside EC2" in said(diagnosis, Verdict.UNREAD)
    assert "terminated" not in said(diagnosis, Verdict.CAUSE)


def test_an_online_node_is_online():
    diagnosis = judged(change(ping="online", seen=NOW - 60), connection="connected")
    assert diagnosis.summary == "web-1 is online"
    assert "heard of 1m ago" in said(diagnosis, Verdict.EXCLUDED)


def test_hostile_words_are_plain():
    diagnosis = judged(
        change(name="\x1b[31m"),
        associations=[{"Name": "\x1b]0;x\x07", "Status": "Failed", "ExecutionDate": None}],
    )
    assert "\x1b" not in repr(msgspec.to_builtins(diagnosis)).replace("\\x1b", "\x1b")


async def test_against_the_simulated_fleet(open_fleet):
    async with open_fleet(nodes=200) as fleet:
        (scope,) = fleet.scopes
        running = [n for n in fleet.world.scopes[0].managed if n.state == "running"]
        fleet.world.lose(running[0].id, impaired=True)
        node = change(account=scope.key.account, region=scope.key.region, id=running[0].id)
        before = fleet.endpoint.calls.copy()
        diagnosis = await diagnose(scope, node, fleet.world.now)
        assert (fleet.endpoint.calls - before).total() <= 4
        assert "impaired" in said(diagnosis, Verdict.CAUSE)
        fleet.endpoint.faults.add("denied *")
        refused = await diagnose(scope, node, fleet.world.now)
        assert said(refused, Verdict.CAUSE) == ""
        assert len(refused.of(Verdict.UNREAD)) >= 4
