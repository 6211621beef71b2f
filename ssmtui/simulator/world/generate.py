"""The world's first population: who is there, and what has befallen them before it begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

from ssmtui.simulator.world.associations import DAY, HOUR, NONE, WAITING
from ssmtui.simulator.world.catalogue import (
    ACCOUNT_NAMES,
    ACCOUNT_WEIGHTS,
    ENVIRONMENTS,
    OTHER_ACCOUNT_WEIGHT,
    OTHER_REGION_WEIGHT,
    REGION_WEIGHTS,
    REGIONS,
    Weighted,
    Workload,
)
from ssmtui.simulator.world.factory import Factory
from ssmtui.simulator.world.names import (
    ALL_KINDS_FROM,
    EC2_HOSTILE,
    HOSTILE_NAMES,
    HYBRID_HOSTILE,
    SHARE,
    HostileName,
)
from ssmtui.simulator.world.node import Node, Ping, Unmanaged
from ssmtui.simulator.world.scope import Account

MINUTE = 60.0

# The service calls an agent lost when it has missed this much; Inactive is deprecated, yet seen.
LOST_AFTER = 10 * MINUTE

# How long a terminated instance is still described: by EC2 for an hour at most (its own words), by
# Systems Manager, which does not say, for a day here.
EC2_KEEPS_TERMINATED = HOUR
SSM_KEEPS_TERMINATED = DAY

_UNMANAGED = Weighted(
    (Unmanaged.NO_PROFILE, 4.0),
    (Unmanaged.NO_PERMISSION, 2.0),
    (Unmanaged.NO_AGENT, 3.0),
    (Unmanaged.UNREACHABLE, 1.0),
)


def accounts(count: int) -> list[Account]:
    """The first `count` accounts: dev, staging, prod, and further ones."""
    names = [*ACCOUNT_NAMES, *(f"team-{number:02d}" for number in range(1, count + 1))][:count]
    return [
        Account(
            # From the name alone, so that an account's id never changes.
            id=f"{Random(f'account {name}').randrange(10**11, 10**12)}",
            name=name,
            alias=f"shop-{name}",
            env=ENVIRONMENTS.get(name, "prod"),
        )
        for name in names
    ]


def regions(count: int) -> list[str]:
    """The first `count` Regions; ValueError if AWS has not so many here."""
    if count > len(REGIONS):
        raise ValueError(f"There are {len(REGIONS)} Regions to choose from, not {count}")
    return list(REGIONS[:count])


def sizes(nodes: int, account_list: Sequence[Account], region_list: Sequence[str]) -> list[int]:
    """How many nodes each scope has, account by account: skewed, and `nodes` in all."""
    weights = [
        ACCOUNT_WEIGHTS.get(account.name, OTHER_ACCOUNT_WEIGHT)
        * (REGION_WEIGHTS[index] if index < len(REGION_WEIGHTS) else OTHER_REGION_WEIGHT)
        for account in account_list
        for index in range(len(region_list))
    ]
    shares = [nodes * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in shares]
    # What rounding down has left over goes to the largest remainders.
    order = sorted(range(len(shares)), key=lambda index: (whole[index] - shares[index], index))
    for index in order[: nodes - sum(whole)]:
        whole[index] += 1
    return whole


def populate(factory: Factory, count: int, start: float, stream: str) -> list[Node]:
    """The `count` nodes of one scope as they are at `start`; `stream` seeds what befalls them."""
    fate = Random(f"{stream} fate")
    naming = Random(f"{stream} names")
    nodes: list[Node] = []
    for _ in range(count):
        workload = factory.next_workload()
        node = factory.make(workload, _launch(fate, workload, start))
        _befall(node, fate, start)
        if naming.random() < SHARE:
            hostile = (HYBRID_HOSTILE if node.hybrid else EC2_HOSTILE).draw(naming)
            christen(node, hostile, nodes)
        nodes.append(node)
    return nodes


def ensure_hostile_names(nodes: Sequence[Node]) -> None:
    """Have every kind of hostile name in a world that is large enough for all of them."""
    if len(nodes) < ALL_KINDS_FROM:
        return
    present = {node.shown_name for node in nodes}
    texts = {hostile.text for hostile in HOSTILE_NAMES}
    calm = [node for node in nodes if node.managed and node.shown_name not in texts]
    hybrids = [node for node in calm if node.hybrid]
    instances = [node for node in calm if not node.hybrid and node.state == "running"]
    for hostile in HOSTILE_NAMES:
        if hostile.text is None or hostile.text not in present:
            christen((hybrids if hostile.hybrid else instances).pop(), hostile, instances)


def christen(node: Node, hostile: HostileName, others: Sequence[Node]) -> None:
    """Give a node a hostile name, or that of the first other one of its kind."""
    name = hostile.text
    if name is None:
        twins = (twin for twin in others if twin.hybrid == node.hybrid and twin is not node)
        name = next((twin.shown_name for twin in twins), node.shown_name)
    if node.hybrid:
        node.name = name
    else:
        node.tags["Name"] = name


def _launch(fate: Random, workload: Workload, start: float) -> float:
    """When it was launched: most are younger than the mean, a few are very old."""
    age = 20 * MINUTE + fate.expovariate(1.0 / (workload.days * DAY))
    return float(int(start - age))  # EC2 counts in whole seconds


def _befall(node: Node, fate: Random, start: float) -> None:
    """Stop, terminate, lose or never register the unlucky ones."""
    _befall_associations(node, fate, start)
    chance = fate.random()
    if node.hybrid:
        if chance < 0.06:
            _lose(node, fate, start)
        elif chance < 0.065:
            _lose(node, fate, start)
            node.ping = Ping.INACTIVE
    elif chance < 0.055:
        _stop(node, fate, start)
    elif chance < 0.070:
        _terminate(node, fate, start)
    elif chance < 0.112:
        _never_register(node, fate, start)
    elif chance < 0.137:
        _lose(node, fate, start)
        if fate.random() < 0.25:
            node.impaired_since = node.silent_since
    elif chance < 0.139:
        _lose(node, fate, start)
        node.ping = Ping.INACTIVE
    elif chance < 0.140:
        # Its checks fail and yet its agent goes on: not every impaired node is lost.
        node.impaired_since = start - fate.uniform(5 * MINUTE, 2 * HOUR)


def _befall_associations(node: Node, fate: Random, start: float) -> None:
    if node.outcome is NONE:
        return
    if start - node.registered < HOUR:
        node.outcome = WAITING
    if node.outcome.status == "Failed":
        node.failing_since = _between(fate, node.registered, start, 14 * DAY)
        node.never_succeeded = fate.random() < 0.1


def _stop(node: Node, fate: Random, start: float) -> None:
    since = _between(fate, node.registered, start, 60 * DAY)
    node.state, node.state_since = "stopped", since
    node.state_reason = user_initiated(since)
    node.silent_since, node.ping = since, Ping.LOST
    node.public_address = ""


def _terminate(node: Node, fate: Random, start: float) -> None:
    # Half of them within the hour, so that EC2 still shows them as well.
    window = EC2_KEEPS_TERMINATED * 0.9 if fate.random() < 0.5 else SSM_KEEPS_TERMINATED
    since = _between(fate, node.registered, start, window)
    node.state, node.state_since = "terminated", since
    node.state_reason = user_initiated(since)
    node.silent_since, node.ping = since, Ping.LOST
    node.public_address = ""


def _never_register(node: Node, fate: Random, start: float) -> None:
    node.unmanaged = _UNMANAGED.draw(fate)
    node.registered = 0.0
    node.agent_version = ""
    node.role_name = ""
    node.outcome = NONE
    node.failing_since = 0.0
    if node.unmanaged is Unmanaged.NO_PROFILE:
        node.profile = ""
    elif not node.profile:
        node.profile = f"{node.role}-node"
    if fate.random() < 0.2:
        node.state, node.state_since = "stopped", _between(fate, node.launched, start, 60 * DAY)
        node.state_reason = user_initiated(node.state_since)
        node.public_address = ""


def _lose(node: Node, fate: Random, start: float) -> None:
    """Most losses are of this morning; some have been forgotten for weeks."""
    window = 3 * HOUR if fate.random() < 0.6 else 45 * DAY
    latest = start - LOST_AFTER
    node.silent_since = max(node.registered, _between(fate, node.registered, latest, window))
    node.ping = Ping.LOST


def _between(fate: Random, earliest: float, latest: float, window: float) -> float:
    """A time in the last `window` seconds before `latest`, not before `earliest`."""
    return fate.uniform(max(earliest, latest - window), latest)


def user_initiated(when: float) -> str:
    """EC2's StateTransitionReason of an instance that somebody stopped or terminated."""
    return datetime.fromtimestamp(when, UTC).strftime("User initiated (%Y-%m-%d %H:%M:%S GMT)")
