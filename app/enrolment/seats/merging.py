"""What becomes of enrolments when two records turn out to be one person."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.access.scope import EVERYWHERE, within
from app.audit import journal
from app.audit.journal import Actor
from app.core.clock import now
from app.core.db import db
from app.enrolment.events import EnrolmentsMerged
from app.enrolment.models import PLACE, SEAT_HOLDING, Enrolment, EnrolmentChange, EnrolmentStatus
from app.enrolment.services import locked
from app.enrolment.waiting.services import fill
from app.people.events import EmployeesMerged
from app.post.calendars import series
from app.training.models import CourseSession

S = EnrolmentStatus
RANK = (S.ENROLLED, S.OFFERED, S.WAITLISTED, S.NOMINATED, S.APPLIED)
"""Of two enrolments in one session the kept one is as far as the further of the two; ended ones come last."""


def employees_merged(event: EmployeesMerged, by: Actor) -> None:
    """Move the merged person's enrolments to the kept one. Where both are in one session the kept person's row stays,
    as far as the further of the two was; the other ends and points at it. Upper rooms join marks and refuse where
    both carry a certificate.
    """
    found = db.session.scalars(
        EVERYWHERE.select(Enrolment)  # one person's, wherever they took part
        .where(Enrolment.employee_id.in_([event.kept_id, event.merged_id]), Enrolment.merged_into_id.is_(None))
        .options(joinedload(Enrolment.course_session).joinedload(CourseSession.course))
        .order_by(Enrolment.course_session_id, Enrolment.id)  # as sessions are locked everywhere
    ).all()
    kept = {row.course_session_id: row for row in found if row.employee_id == event.kept_id}
    for row in found:
        if row.employee_id != event.merged_id:
            continue
        twin = kept.get(row.course_session_id)
        if twin is None:
            _repoint(row, event.kept_id)
        else:
            _join(twin, row, by=by)


def _repoint(row: Enrolment, employee_id: int) -> None:
    db.session.execute(
        within(row).trusting(
            sa.update(Enrolment)
            .where(Enrolment.id == row.id)
            .values(employee_id=employee_id, version=Enrolment.version + 1),
            Enrolment,
        )
    )
    db.session.expire(row)


def _join(kept: Enrolment, merged: Enrolment, *, by: Actor) -> None:
    course_session = kept.course_session
    locked(course_session)
    both = kept.status in SEAT_HOLDING and merged.status in SEAT_HOLDING
    if _rank(merged) < _rank(kept):
        kept.answer, kept.answered_at = merged.answer, merged.answered_at
        kept.offered_until = merged.offered_until
        for name in PLACE:
            setattr(kept, name, getattr(merged, name))
        kept.invited_version = max(kept.invited_version, merged.invited_version)
        series.hand_over(f"enrolment:{merged.id}", f"enrolment:{kept.id}")
        _set(kept, merged.status, by=by)
    if merged.status in RANK:
        _set(merged, S.CANCELLED, by=by)
    merged.merged_into_id = kept.id
    journal.record(EnrolmentsMerged(kept.id, merged.id), by=by)
    if both:
        fill(course_session, by=by)


def _rank(row: Enrolment) -> int:
    return RANK.index(row.status) if row.status in RANK else len(RANK)


def _set(row: Enrolment, to: EnrolmentStatus, *, by: Actor) -> None:
    """A step no table allows: not the person moved, the records did. Nobody is written to about it."""
    db.session.add(EnrolmentChange(enrolment_id=row.id, old=row.status.value, new=to.value, by_id=by.id, at=now()))
    row.status = to
