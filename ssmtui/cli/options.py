"""What the command line asks for, whoever has read it."""

from __future__ import annotations

import msgspec


class Options(msgspec.Struct, frozen=True):
    """What was asked for on the command line, before configuration fills the gaps."""

    profiles: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    all_regions: bool = False
    mode: str = ""
    demo: bool = False
    ascii: bool = False
    log_level: str = ""
