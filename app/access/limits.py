"""How long a sign-in lasts (config.py)."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.access.permissions import Role

WATCHED = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
"""Those who see what is others': signed out when idle."""


def idle() -> timedelta:
    return timedelta(minutes=current_app.config["IDLE_MINUTES"])


def absolute() -> timedelta:
    return timedelta(hours=current_app.config["SIGN_IN_HOURS"])
