"""The same reader and the same service as of commands."""

from tests.resources.commands.conftest import reader, service

__all__ = ["reader", "service"]
