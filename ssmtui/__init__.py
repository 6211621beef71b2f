"""ssmtui: a keyboard-driven terminal explorer for AWS Systems Manager."""

__version__ = "0.1.0"
