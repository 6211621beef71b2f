"""The two columns that say in which scope a row is, which every resource has."""

from __future__ import annotations

from ssmtui.core.columns import Column, Kind


def scope_columns(account: int = 4, region: int = 3) -> tuple[Column, Column]:
    """The account's and the Region's column, with these priorities; shown where there are many."""
    return (
        Column(
            "account",
            "ACCT",
            Kind.TEXT,
            12,
            "the account's id",
            priority=account,
            least=6,
            merged="account",
        ),
        Column(
            "region",
            "REG",
            Kind.TEXT,
            5,
            "the Region",
            priority=region,
            merged="region",
            draw=lambda value, _: short_region(value),
        ),
    )


def short_region(region: str) -> str:
    """`eu-west-1` as `euw1`, `ap-southeast-2` as `apse2`, `us-gov-west-1` as `usgw1`."""
    parts = region.split("-")
    if len(parts) < 3:
        return region
    compass = {"northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw"}
    middle = "".join(compass.get(part, part[:1]) for part in parts[1:-1])
    return parts[0] + middle + parts[-1]
