"""Managed nodes, and the EC2 instances that are not managed: one row each."""
