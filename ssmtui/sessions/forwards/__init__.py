"""Forwards: ports of this machine that lead through a node, for as long as the program runs."""
