from __future__ import annotations

from sqlalchemy.orm import joinedload

from app.access.models import Organisation
from app.access.scope import Scope
from app.people.models import Employee


def employee(scope: Scope, employee_id: int) -> Employee:
    """One person of the staff with organisation (and its province), unit and title; merged records too."""
    return scope.get(
        Employee,
        employee_id,
        joinedload(Employee.organisation).joinedload(Organisation.province),
        joinedload(Employee.unit),
        joinedload(Employee.title),
    )
