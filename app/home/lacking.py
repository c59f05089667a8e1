"""What a new installation still lacks: each a count of one, as long as there is none."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.access.models import Grant, Organisation
from app.access.permissions import Role
from app.access.scope import Scope
from app.people.models import Employee
from app.settings.models import Signatory
from app.trainers.models import Trainer


def no_coordinator() -> sa.Select[Any]:
    return _none(sa.select(Grant.id).where(Grant.role == Role.COORDINATOR))


def no_signatory() -> sa.Select[Any]:
    return _none(sa.select(Signatory.id).where(Signatory.active.is_(True)))


def no_staff(scope: Scope) -> sa.Select[Any]:
    return _none(_staff(scope))


def no_focal_point(scope: Scope) -> sa.Select[Any]:
    """Where there is staff among whom one could be found."""
    held = sa.select(Grant.id).where(Grant.role == Role.FOCAL_POINT)
    if not scope.everything:
        held = held.where(Grant.organisation_id.in_(scope.organisations))
    return sa.select(sa.case((held.exists(), 0), (_staff(scope).exists(), 1), else_=0))


def no_trainer() -> sa.Select[Any]:
    return _none(sa.select(Trainer.id).where(Trainer.active.is_(True)))


def _staff(scope: Scope) -> sa.Select[Any]:
    """By institution, as an index has them: PostgreSQL would walk all staff to the first of these. Reads `STAFF`."""
    theirs = sa.select(Employee.id).where(Employee.organisation_id == Organisation.id, Employee.active.is_(True))
    homes = sa.select(Organisation.id).where(theirs.exists())
    return homes if scope.everything else homes.where(Organisation.id.in_(scope.organisations))


STAFF = (Employee, Organisation)


def _none(found: sa.Select[Any]) -> sa.Select[Any]:
    return sa.select(sa.case((found.exists(), 0), else_=1))
