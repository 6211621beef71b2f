"""When Python looks for garbage: not among what is being made to stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def made_to_stay() -> Iterator[None]:
    """What is made inside lives as long as the program: modules, models, the first screen.

    To look for garbage among it, now or in any later full collection, was seen to hold the screen
    for 40 ms. It holds for all threads while it lasts, so it has to be short.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if looked:
            gc.enable()
