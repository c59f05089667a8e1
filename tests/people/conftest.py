"""What the staff rooms need beyond the common cast."""

from __future__ import annotations

from app.access.scope import EVERYWHERE
from app.core.db import db
from app.people.models import Employee


def fresh(employee_id: int) -> Employee:
    """As it stands in the database now."""
    db.session.commit()
    db.session.expire_all()
    return EVERYWHERE.get(Employee, employee_id)


def details(**changes: object) -> dict[str, object]:
    """What a filled form of a person posts."""
    return {
        "given_name": "Ayşe",
        "family_name": "Öztürk",
        "registry_no": "N-100",
        "unit_id": 1,
        "title_id": 1,
        "employment_type": "civil_servant",
        "sex": "woman",
        "email": "ayse.ozturk@nizip.example",
        "phone": "0342 555 10 20",
        "supervisor": "",
        **changes,
    }
