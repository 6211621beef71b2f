"""Run Command's words for how it stands, as one lower-case word each.

StatusDetails is the more exact one of AWS's two words. It is an open enum, written "Delivery Timed
Out" or "DeliveryTimedOut": what is not known here is lower-cased and joined, and shown as it is.
https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssmtui.core.columns import UNKNOWN, Severity, Unknown

# Where AWS's word by itself would be long, or say less than it means.
_WORDS = {
    "inprogress": "running",
    "executiontimedout": "timedout",
    "deliverytimedout": "undelivered",
    "accessdenied": "denied",
    "rateexceeded": "throttled",
    "limitexceeded": "throttled",
    "noinstancesintag": "nobody",
}

STATUS = {
    "success": Severity.GOOD,
    "pending": Severity.BUSY,
    "delayed": Severity.BUSY,
    "running": Severity.BUSY,
    "cancelling": Severity.BUSY,
    "cancelled": Severity.MUTED,
    "failed": Severity.BAD,
    "timedout": Severity.BAD,
    "undelivered": Severity.BAD,
    "undeliverable": Severity.BAD,
    "incomplete": Severity.BAD,
    "terminated": Severity.WARN,
    "invalidplatform": Severity.WARN,
    "denied": Severity.BAD,
    "throttled": Severity.BAD,
    "nobody": Severity.WARN,
}

# What may still change.
GOING_ON = frozenset({"pending", "delayed", "running", "cancelling"})


def status_word(fact: Mapping[str, Any]) -> str | Unknown:
    """The word for a command, an invocation or a step, from its StatusDetails and Status.

    Details that nobody knows do not hide that it goes on.
    """
    details, status = _word(fact.get("StatusDetails")), _word(fact.get("Status"))
    if status in GOING_ON and details not in STATUS:
        return status
    return details or status or UNKNOWN


def _word(said: object) -> str:
    joined = "".join(str(said or "").split()).replace("_", "").lower()
    return _WORDS.get(joined, joined)


def is_trouble(word: object) -> bool:
    """Whether a word wants attention."""
    return isinstance(word, str) and STATUS.get(word) in (Severity.BAD, Severity.WARN)
