"""Following a log on many nodes at once, as one stream."""
