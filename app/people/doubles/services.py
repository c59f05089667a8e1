"""Pairs are looked for by the worker; somebody tells two people apart for good."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.scope import within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db, reading, set_changed, set_writing
from app.core.hooks import Hook
from app.people.doubles import queries
from app.people.doubles.rules import Pair, pairs
from app.people.events import EmployeesMerged, EmployeesToldApart
from app.people.models import Employee, EmployeePair

SEEN: Hook[list[tuple[int, ...]]] = Hook("staff last looked through for doubles", list)


def look() -> None:
    """Find the pairs anew where anybody changed since the last look; asked for by the worker, nothing is locked
    meanwhile.
    """
    db.session.rollback()
    with reading():
        mark = queries.mark()
        found = pairs(queries.everybody()) if [mark] != SEEN.here else None
        db.session.rollback()
    set_writing(True)
    if found is not None:
        keep(found)
        db.session.commit()
        SEEN.here[:] = [mark]


def keep(found: list[Pair]) -> None:
    """Store what is new and drop what is over; who was told apart stays so."""
    wanted = {(one.first_id, one.second_id): one for one in found}
    for row in queries.stored():
        one = wanted.pop((row.first_id, row.second_id), None)
        if one is None and not row.different:
            db.session.delete(row)
        elif one is not None:
            set_changed(row, one._asdict())
    there = set(db.session.scalars(within(EmployeePair).trusting(sa.select(Employee.id), Employee)))
    new = [one._asdict() for one in wanted.values() if {one.first_id, one.second_id} <= there]
    if new:
        db.session.execute(sa.insert(EmployeePair), new)


def tell_apart(pair: EmployeePair, *, by: Actor) -> None:
    """They are two people, and are not shown again."""
    if not pair.different:
        pair.different, pair.decided_by, pair.decided_at = True, by.id, now()
        journal.record(EmployeesToldApart(pair.first_id, pair.second_id), by=by)


def forget(event: EmployeesMerged, by: Actor) -> None:
    """Who became part of another record is nobody's double any more."""
    gone = sa.delete(EmployeePair).where(
        sa.or_(EmployeePair.first_id == event.merged_id, EmployeePair.second_id == event.merged_id)
    )
    db.session.execute(within(Employee).trusting(gone, EmployeePair), execution_options={"synchronize_session": False})
