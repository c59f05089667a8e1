"""Whom a round asks, and who they were when it met them."""
