"""Session Manager's data channel without any I/O, shared by our client and the simulated agent.

Nothing here reads a socket or a clock: frames come in and go out as bytes, and `now` is the
caller's own count of seconds.
"""
