"""`ssmtui simulator`: serve a simulated fleet on loopback until interrupted."""

from __future__ import annotations

import math
from typing import Any

import click

from ssmtui.cli.run import run


class _Amount(click.FloatRange):
    """A number from 0 on. Python takes "nan" and "inf" for numbers, too, but no clock does."""

    def __init__(self) -> None:
        super().__init__(min=0)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is no number.", param, ctx)
        return number


@click.command(
    "simulator",
    epilog=(
        "RULE is KIND OPERATION [account=ID] [region=NAME] [p=SHARE] [count=N] [after=N] [ms=N] "
        "[status=CODE], such as 'throttle ssm:Describe* p=0.3 count=5'. KIND is latency, throttle, "
        "error, abort, reply-lost, hang, truncate, denied or expired; for frames of data channels, "
        "whose OPERATION is ssmmessages:OutputFrame or ssmmessages:InputFrame, also drop, corrupt, "
        "duplicate and reorder; for what becomes of commands, ssm:Command (denied, throttle) and "
        "ssm:Invocation (denied)."
    ),
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; 0: a free one.")
@click.option("--nodes", type=click.IntRange(0), default=2000, show_default=True, help="In all.")
@click.option("--accounts", type=click.IntRange(1, 1000), default=3, show_default=True)
@click.option("--regions", type=click.IntRange(1), default=3, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed, same world.")
@click.option(
    "--pace",
    type=_Amount(),
    default=1.0,
    show_default=True,
    help="Simulated seconds a second; 0: time moves only when told to.",
)
@click.option("--latency-ms", type=_Amount(), default=0.0, help="The latency of every request.")
@click.option("--fault", "faults", multiple=True, metavar="RULE", help="A fault; repeatable.")
@click.option("--exit-with-parent", is_flag=True, hidden=True)
@click.pass_context
def command(ctx: click.Context, /, exit_with_parent: bool, **given: Any) -> None:
    """Serve a simulated fleet on loopback, until SIGINT or SIGTERM.

    One line of JSON is printed when it is ready: endpoint, control, accounts, regions, profiles,
    config_file and credentials_file. The ordinary aws CLI works on it with AWS_ENDPOINT_URL,
    AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE set to those.
    """
    import msgspec

    from ssmtui.simulator.server import Info, Settings, serve

    def announce(info: Info) -> None:
        click.echo(msgspec.json.encode(info))

    async def work() -> int:
        await serve(Settings(**given), announce, exit_with_parent=exit_with_parent)
        return 0

    ctx.exit(run(work()))
