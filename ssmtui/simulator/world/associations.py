"""State Manager's associations, as far as a node's own state shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import floor
from random import Random

from ssmtui.simulator.world.catalogue import Weighted

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Association:
    """One association of a scope. `interval` is its rate in seconds."""

    id: str
    name: str
    document: str
    interval: float


@dataclass(frozen=True)
class Outcome:
    """How the associations of a node stand: one detailed status for each of its scope's."""

    statuses: tuple[str, ...]

    @cached_property
    def status(self) -> str:
        """The node's AssociationStatus: the worst; empty without associations."""
        for word in ("Failed", "Pending", "Success"):
            if word in self.plain:
                return word
        return "Success" if self.statuses else ""

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The coarse status of each: Success, Failed, Pending or Skipped."""
        return tuple(_COARSE.get(word, "Failed") for word in self.statuses)

    @cached_property
    def counts(self) -> dict[str, int]:
        """InstanceAssociationStatusAggregatedCount, by detailed status."""
        return dict(sorted(Counter(self.statuses).items()))


_COARSE = {
    "Success": "Success",
    "Pending": "Pending",
    "InProgress": "Pending",
    "Skipped": "Skipped",
}

NONE = Outcome(())
ALL_WELL = Outcome(("Success", "Success", "Success", "Success"))
WAITING = Outcome(("Pending", "Pending", "Pending", "Pending"))

OUTCOMES = Weighted(
    (ALL_WELL, 86.0),
    (Outcome(("Success", "Success", "Success", "Skipped")), 3.0),
    (Outcome(("Success", "Success", "Failed", "Success")), 4.0),
    (Outcome(("Failed", "Success", "Failed", "Success")), 1.0),
    (Outcome(("Success", "Pending", "Success", "Success")), 1.5),
    (Outcome(("Success", "Success", "InProgress", "Success")), 0.5),
    (Outcome(("Success", "UnsupportedAgent", "Success", "Success")), 1.0),
    (NONE, 3.0),
)

_DOCUMENTS = (
    ("GatherInventory", "AWS-GatherSoftwareInventory", 0.5 * HOUR),
    ("UpdateAgent", "AWS-UpdateSSMAgent", 14 * DAY),
    ("ScanForPatches", "AWS-RunPatchBaseline", 1 * DAY),
    ("ConfigureCloudWatch", "AmazonCloudWatch-ManageAgent", 7 * DAY),
)


def associations(rng: Random) -> tuple[Association, ...]:
    """The associations of one scope, in the order of an Outcome's statuses."""
    return tuple(
        Association(_uuid(rng), name, document, interval) for name, document, interval in _DOCUMENTS
    )


def last_run(association: Association, registered: float, seen: float) -> float:
    """When it last ran on a node that registered then and was last seen at `seen` (seconds)."""
    rounds = max(0, floor((seen - registered) / association.interval))
    return registered + rounds * association.interval


def _uuid(rng: Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
