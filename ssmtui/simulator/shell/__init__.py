"""The toy shell: a small machine of its own behind each simulated node.

Nothing here reaches the host: no process is started, no file of it is read, no environment and no
network is looked at. `Machines` gives the machine of a node, `Shell` works on it.
"""

from ssmtui.simulator.shell.machine.machine import Machine
from ssmtui.simulator.shell.machines import Machines
from ssmtui.simulator.shell.shell import Ended, Result, Shell
from ssmtui.simulator.shell.streams import Bytes, Closed, Collector, Nothing, Pipe, Sink, Source

__all__ = [
    "Bytes", "Closed", "Collector", "Ended", "Machine", "Machines", "Nothing", "Pipe", "Result",
    "Shell", "Sink", "Source",
]  # fmt: skip
