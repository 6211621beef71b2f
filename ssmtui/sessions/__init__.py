"""Sessions on nodes: our own client, the session-manager-plugin, and what stands on them."""
