"""Run Command: what becomes of a command from SendCommand to its last invocation.

`Commands` is its part of a world. Everything happens in simulated time, at the clock's actions.
"""

from ssmtui.simulator.commands.commands import Commands
from ssmtui.simulator.commands.model import Command, Invocation, PluginResult
from ssmtui.simulator.commands.refusals import Refusals
from ssmtui.simulator.commands.request import Request, RequestError

__all__ = [
    "Command",
    "Commands",
    "Invocation",
    "PluginResult",
    "Refusals",
    "Request",
    "RequestError",
]
