"""The simulated world: a fleet made from a seed, living on simulated time."""

from ssmtui.simulator.world.life import Life
from ssmtui.simulator.world.node import Node, Ping, Unmanaged
from ssmtui.simulator.world.scope import Account, Scope
from ssmtui.simulator.world.world import START, Event, World

__all__ = ["START", "Account", "Event", "Life", "Node", "Ping", "Scope", "Unmanaged", "World"]
