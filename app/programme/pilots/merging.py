"""Two records of one person become one: where they work."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import EVERYWHERE
from app.audit.journal import Actor
from app.core.db import db
from app.people.events import EmployeesMerged
from app.programme.pilots.models import PilotStaff


def follow(event: EmployeesMerged, by: Actor) -> None:
    """Whoever works in a pilot twice works there once."""
    there = sa.select(PilotStaff.pilot_id).where(PilotStaff.employee_id == event.kept_id)
    merged = PilotStaff.employee_id == event.merged_id
    twice = sa.delete(PilotStaff).where(merged, PilotStaff.pilot_id.in_(there))
    moved = sa.update(PilotStaff).where(merged).values(employee_id=event.kept_id)
    for statement in (twice, moved):
        db.session.execute(EVERYWHERE.trusting(statement, PilotStaff))  # one person's, whatever the province
