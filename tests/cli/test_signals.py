from __future__ import annotations

import asyncio
import os
import signal

import pytest

from ssmtui.cli.signals import told_to_end


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_cancels_once_and_is_told(number) -> None:
    with told_to_end() as told:
        os.kill(os.getpid(), number)
        with pytest.raises(asyncio.CancelledError):
            await asyncio.Event().wait()
        os.kill(os.getpid(), number)  # the second one disturbs nothing
        while len(told) < 2:
            await asyncio.sleep(0)
    assert told == [number, number]
    assert signal.getsignal(number) == signal.SIG_DFL


async def test_without_a_signal_nothing_is_told() -> None:
    with told_to_end() as told:
        await asyncio.sleep(0)
    assert told == []
