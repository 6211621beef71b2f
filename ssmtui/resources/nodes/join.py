"""How the answers of several services become one row: SSM's facts first, then EC2's and tags.

Every function takes the row as it was (None at first) and keeps what its own source does not know,
so that a refresh of one source never forgets what another one said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ssmtui.aws.texts import shared
from ssmtui.core.columns import UNKNOWN, Unknown
from ssmtui.core.keys import ScopeKey
from ssmtui.resources.nodes.row import Node, OpenSession

if TYPE_CHECKING:
    from ssmtui.aws.decode import Ec2Instance, InstanceInformation, InstanceProperty

PING_WORDS = {"Online": "online", "ConnectionLost": "lost", "Inactive": "inactive"}
PLATFORM_WORDS = {"Linux": "linux", "Windows": "windows", "MacOS": "macos"}
# EC2's states in which nobody expects the agent to answer.
DOWN_STATES = {
    "stopped": "stopped",
    "stopping": "stopped",
    "terminated": "terminated",
    "shutting-down": "terminated",
}
DOWN_WORDS = frozenset(DOWN_STATES.values())
OWNER_TAGS = ("Owner", "owner", "Team", "team")


def from_property(scope: ScopeKey, fact: InstanceProperty, before: Node | None) -> Node:
    """A row from DescribeInstanceProperties.

    Its IPAddress is documented as the public address for EC2, so it is taken for other nodes only.
    It has no IsLatestVersion: see `judge_agents`.
    """
    kind = kind_of(fact.resource_type, fact.source_type)
    ec2 = kind == "ec2"
    state = fact.instance_state or (before.state if before else UNKNOWN)
    old = before or Node(account=scope.account, region=scope.region, id=fact.instance_id)
    return Node(
        account=scope.account,
        region=scope.region,
        id=old.id,
        name=_kept(
            fact.name or (old.name if ec2 else None) or fact.computer_name or None, old.name
        ),
        ping=ping_word(fact.ping_status, fact.instance_state),
        seen=fact.last_ping_date_time,
        agent=fact.agent_version or None,
        agent_latest=old.agent_latest if old.agent == fact.agent_version else UNKNOWN,
        platform=platform_word(fact.platform_type),
        os=fact.platform_name or None,
        os_version=fact.platform_version or None,
        kind=kind,
        address=old.address if ec2 else fact.ip_address or old.address,
        type=fact.instance_type or (old.type if ec2 else None),
        state=state if ec2 else None,
        zone=fact.availability_zone or (old.zone if ec2 else None),
        role=_last_part(fact.instance_role or fact.iam_role) or (old.role if ec2 else None),
        launched=fact.launch_time or (old.launched if ec2 else fact.registration_date),
        association=fact.association_status or None,
        asg=old.asg if ec2 else None,
        owner=old.owner,
        tags=old.tags,
        open=old.open,
    )


def from_information(scope: ScopeKey, fact: InstanceInformation, before: Node | None) -> Node:
    """A row from DescribeInstanceInformation: no EC2 facts, and nothing stopped or terminated."""
    kind = kind_of(fact.resource_type, fact.source_type)
    ec2 = kind == "ec2"
    old = before or Node(account=scope.account, region=scope.region, id=fact.instance_id)
    return Node(
        account=scope.account,
        region=scope.region,
        id=old.id,
        name=_kept(
            fact.name or (old.name if ec2 else None) or fact.computer_name or None, old.name
        ),
        ping=ping_word(fact.ping_status, old.state if isinstance(old.state, str) else None),
        seen=fact.last_ping_date_time,
        agent=fact.agent_version or None,
        agent_latest=UNKNOWN if fact.is_latest_version is None else fact.is_latest_version,
        platform=platform_word(fact.platform_type),
        os=fact.platform_name or None,
        os_version=fact.platform_version or None,
        kind=kind,
        address=fact.ip_address or None,
        type=old.type if ec2 else None,
        state=old.state if ec2 else None,
        zone=old.zone if ec2 else None,
        role=_last_part(fact.iam_role) or (old.role if ec2 else None),
        launched=old.launched if ec2 else fact.registration_date,
        association=fact.association_status or None,
        asg=old.asg if ec2 else None,
        owner=old.owner,
        tags=old.tags,
        open=old.open,
    )


def with_instance(node: Node, fact: Ec2Instance) -> Node:
    """The row with what EC2 knows: address, type, state, zone, profile, launch time and tags."""
    state = fact.state or node.state
    down = DOWN_STATES.get(state) if isinstance(state, str) else None
    ping: str | Unknown | None = down or node.ping
    if node.ping in DOWN_WORDS and not down:
        ping = UNKNOWN  # it runs again, and SSM has not said yet whether the agent does
    return msgspec.structs.replace(
        with_tags(node, fact.tags),
        ping=ping,
        address=_kept(fact.private_ip_address or None, node.address),
        type=fact.instance_type or node.type,
        state=state,
        zone=fact.availability_zone or node.zone,
        role=node.role or _last_part(fact.iam_instance_profile) or None,
        launched=fact.launch_time if fact.launch_time is not None else node.launched,
        asg=fact.autoscaling_group,
    )


def from_instance(scope: ScopeKey, fact: Ec2Instance, *, managed: bool | Unknown) -> Node:
    """A row for an instance that SSM did not list.

    `managed` False says that SSM's list is complete and lacks it; UNKNOWN that it could not be
    read, and then nobody can say whether the instance is managed.
    """
    down = DOWN_STATES.get(fact.state or "")
    bare = Node(
        account=scope.account,
        region=scope.region,
        id=fact.instance_id,
        ping=down or ("unmanaged" if managed is False else UNKNOWN),
        seen=None if managed is False else UNKNOWN,
        agent=None if managed is False else UNKNOWN,
        agent_latest=None if managed is False else UNKNOWN,
        platform=_platform_of(fact),
        kind="ec2",
        role=None,
        association=None if managed is False else UNKNOWN,
    )
    return with_instance(bare, fact)


def _platform_of(fact: Ec2Instance) -> str | Unknown:
    """What EC2 knows of it without an agent: whose licence is paid for, and a Mac by its type.

    PlatformDetails is "Linux/UNIX", "Windows", "Red Hat Enterprise Linux with HA" and the like
    (Amazon EC2 User Guide, AMI billing information fields), also of a Mac.
    """
    if fact.platform == "windows" or (fact.platform_details or "").startswith("Windows"):
        return "windows"
    if (fact.instance_type or "").startswith("mac"):
        return "macos"
    return "linux" if fact.platform_details else UNKNOWN


def with_tags(node: Node, tags: Mapping[str, str]) -> Node:
    """The row with its tags and what is derived from them; a Name tag wins over other names."""
    owner = next((tags[key] for key in OWNER_TAGS if tags.get(key)), None)
    name = tags.get("Name") or (None if node.name is UNKNOWN else node.name)
    return msgspec.structs.replace(node, tags=tags, owner=owner, name=name)


def open_sessions(facts: Iterable[Mapping[str, Any]]) -> dict[str, tuple[OpenSession, ...]]:
    """The sessions on each node that has any, the oldest first, from DescribeSessions' Sessions."""
    found: dict[str, list[OpenSession]] = {}
    for fact in facts:
        owner = _last_part(fact.get("Owner")) or fact["SessionId"]
        session = OpenSession(owner, fact.get("StartDate"))
        found.setdefault(fact.get("Target") or "", []).append(session)
    return {
        node_id: tuple(sorted(sessions, key=lambda session: session.started or 0.0))
        for node_id, sessions in found.items()
    }


def unmanaged(node: Node) -> Node:
    """The row of an instance that EC2 still has and SSM no longer lists."""
    down = node.ping if node.ping in DOWN_WORDS else None
    return msgspec.structs.replace(
        node, ping=down or "unmanaged", agent=None, agent_latest=None, association=None
    )


def without_instance(node: Node) -> Node:
    """The row of a node that SSM still lists and EC2 does not have: it has no tags now."""
    if node.tags is not UNKNOWN:
        return node
    return msgspec.structs.replace(with_tags(node, {}), address=None, asg=None)


def judge_agent(node: Node, newest: Mapping[str, str]) -> Node:
    """Say whether a newer agent was seen on the node's platform (`newest`: platform -> version)."""
    best = newest.get(node.platform) if isinstance(node.platform, str) else None
    if best is None or not isinstance(node.agent, str):
        return node
    latest = node.agent == best
    return (
        node if node.agent_latest is latest else msgspec.structs.replace(node, agent_latest=latest)
    )


def ping_word(status: str | None, state: str | None) -> Any:
    """PingStatus and EC2's state as one word; an unknown word of AWS is shown in lower case."""
    if state in DOWN_STATES:
        return DOWN_STATES[state]
    if not status:
        return UNKNOWN
    return PING_WORDS.get(status) or status.lower()


def platform_word(platform: str | None) -> Any:
    if not platform:
        return UNKNOWN
    return PLATFORM_WORDS.get(platform) or platform.lower()


def kind_of(resource_type: str | None, source_type: str | None) -> str:
    """ec2, hybrid, edge or other, from the open enums ResourceType and SourceType."""
    if resource_type == "EC2Instance" or source_type == "AWS::EC2::Instance":
        return "ec2"
    if source_type == "AWS::IoT::Thing":
        return "edge"
    if (
        source_type in (None, "", "AWS::SSM::ManagedInstance")
        and resource_type == "ManagedInstance"
    ):
        return "hybrid"
    return "other"


def _name(
    fact: InstanceProperty | InstanceInformation, old: Node, *, ec2: bool
) -> str | Unknown | None:
    """SSM's name; EC2's Name tag if that is known already; the computer's own name."""
    return _kept(fact.name or (old.name if ec2 else None) or fact.computer_name or None, old.name)


def _kept(text: str | Unknown | None, before: str | Unknown | None) -> str | Unknown | None:
    """A text, as the very object that is there if it equals that: others hold on to it as well."""
    return before if text == before else text


def _last_part(arn: str | None) -> str | None:
    """The name at the end of an ARN or a path."""
    return shared(arn.rsplit("/", 1)[-1]) if arn else None
