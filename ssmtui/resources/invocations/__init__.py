"""Invocations: a command on one node each."""
