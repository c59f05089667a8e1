"""Who leaves, and where they go."""

from __future__ import annotations

from dataclasses import dataclass

from app.access.models import Organisation, User
from app.people.models import Employee


@dataclass(frozen=True)
class Leaving:
    """Who leaves (with institution) and their account; `to`: where they go on, None where they leave altogether."""

    employee: Employee
    account: User | None
    to: Organisation | None = None
