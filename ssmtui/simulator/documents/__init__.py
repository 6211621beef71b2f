"""Systems Manager's documents: what may be run, asked or read, by name and version."""
