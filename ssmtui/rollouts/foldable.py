"""Results as what `core.folding` folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ssmtui.core.folding.outputs import Outcome, Output
from ssmtui.rollouts.state import Bucket, Result

_OUTCOMES = {
    Bucket.FAILED: Outcome.FAILED,
    Bucket.NO_ANSWER: Outcome.NO_ANSWER,
    Bucket.CANCELLED: Outcome.CANCELLED,
    Bucket.OK: Outcome.OK,
}


def outcome_of(bucket: Bucket) -> Outcome | None:
    """How a node that has come to an end is folded; None while it has not."""
    return _OUTCOMES.get(bucket)


def foldable(results: Iterable[Result]) -> Iterator[Output]:
    """Those of the results that have come to an end, for `Folder.add`."""
    for result in results:
        outcome = outcome_of(result.bucket)
        if outcome is not None:
            yield Output(
                node=result.key,
                name=result.name,
                outcome=outcome,
                status=result.status,
                exit_code=result.exit_code,
                stdout=result.stdout,
                stderr=result.stderr,
                stdout_cut=result.stdout_cut,
                stderr_cut=result.stderr_cut,
            )
