"""Who takes part: nominations, seats, waiting list, invitations, the calendar feed."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Nothing to register yet."""
