"""Running again: what is wanted, derived from a rollout and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from ssmtui.core.keys import RowKey
from ssmtui.core.problem import input_problem
from ssmtui.rollouts.plan import Plan
from ssmtui.rollouts.spec import RolloutSpec
from ssmtui.rollouts.state import Bucket, Result
from ssmtui.rollouts.targets import Frozen, Target

FAILED: Final = frozenset({Bucket.FAILED})
NO_ANSWER: Final = frozenset({Bucket.NO_ANSWER})
NOT_REACHED: Final = frozenset({Bucket.NO_ANSWER, Bucket.CANCELLED})


def again(
    plan: Plan,
    results: Mapping[RowKey, Result],
    *,
    buckets: Collection[Bucket] = (),
    keys: Collection[RowKey] = (),
) -> RolloutSpec:
    """The same command on the nodes in these buckets, or on these nodes, in their old order.

    The nodes are a frozen list, also where the service found them the first time. ProblemError:
    there are none. Nodes of which it is unknown whether the command ran are only taken by name.
    """
    wanted = set(keys)
    chosen = [
        result for result in results.values() if result.bucket in buckets or result.key in wanted
    ]
    if not chosen:
        what = f"No node is {' or '.join(sorted(buckets))}" if buckets else "No node is chosen"
        raise input_problem(what, "Mark the nodes to run on again")
    names = plan.names
    nodes = tuple(names.get(each.key) or _target(each) for each in chosen)
    command = msgspec.structs.replace(plan.spec.command, targets=Frozen(nodes))
    return msgspec.structs.replace(plan.spec, command=command, reason="")


def _target(result: Result) -> Target:
    key = result.key
    return Target(account=key.account, region=key.region, id=key.id, name=result.name)
