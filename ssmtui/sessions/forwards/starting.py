"""Starting a session so that none is left behind, even by who is told to stop meanwhile."""

from __future__ import annotations

import asyncio
from typing import Final

from ssmtui.aws.scope import Scope
from ssmtui.core.tasks import spawn
from ssmtui.sessions.specs import SessionSpec
from ssmtui.sessions.start import Session, start

# An answer that has not come by then is not waited for: such a session ends by being idle.
_PATIENCE_SECONDS: Final = 10.0


async def start_for_certain(scope: Scope, spec: SessionSpec) -> Session:
    """As `start`. When cancelled, a session that is on its way is awaited and ended again."""
    starting = spawn(start(scope, spec), f"start a session on {spec.target.id}")
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait([starting], timeout=_PATIENCE_SECONDS)
        if not starting.done():
            starting.cancel()
        elif not starting.cancelled() and starting.exception() is None:
            await starting.result().terminate()
        raise
