"""What this installation asks of a sign-in, and of whom."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import timedelta

from app.access.permissions import Role
from app.core.hooks import Hook

WATCHED = frozenset({Role.ADMINISTRATOR, Role.COORDINATOR})
"""Those who see what is others'."""


@dataclass(frozen=True)
class Limits:
    """`idle`: after how long without a request those who are watched are signed out. `absolute`: how long any sign-in
    lasts at most. `second_factor`: whether nobody who is watched signs in by a password alone.
    """

    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=12)
    second_factor: bool = False


LIMITS: Hook[Limits] = Hook("limits", Limits)


def idle() -> timedelta:
    return LIMITS.here.idle


def absolute() -> timedelta:
    return LIMITS.here.absolute


def needs_second_factor(roles: Set[Role]) -> bool:
    return LIMITS.here.second_factor and bool(roles & WATCHED)
