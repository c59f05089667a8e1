"""Keeping seats for institutions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm.attributes import flag_modified

from app.access.scope import EVERYWHERE
from app.audit import journal
from app.audit.journal import Actor
from app.core.db import db
from app.core.errors import Refused
from app.enrolment import queries as enrolments
from app.enrolment.events import QuotasChanged
from app.enrolment.models import Quota
from app.enrolment.quotas import queries
from app.enrolment.rules import CLOSED
from app.enrolment.services import locked
from app.language import lazy_gettext
from app.training import queries as training
from app.training.events import SessionChanged
from app.training.models import CourseSession
from app.training.services import changeable


def reserve(course_session: CourseSession, seats: Mapping[int, int], *, release_at: datetime | None, by: Actor) -> None:
    """Keep so many seats for each of these institutions (none for those left out or with 0), until `release_at`.

    One below what its people hold takes nobody's seat. More than there are is refused.
    """
    locked(course_session)
    changeable(course_session)
    wanted = {home: number for home, number in seats.items() if number > 0}
    _fits(sum(wanted.values()), course_session.capacity)
    standing = {one.organisation_id: one for one in queries.quotas(course_session)}
    for home in wanted.keys() - standing.keys():
        if not enrolments.offered_at(course_session, home):
            raise Refused(lazy_gettext("This course session is not open to this institution."))
    was = {home: one.seats for home, one in standing.items()}, course_session.quota_release_at
    if was == (wanted, release_at):
        return
    for home, one in standing.items():
        if home not in wanted:
            db.session.delete(one)
    for home, number in wanted.items():
        if home in standing:
            standing[home].seats = number
        else:
            db.session.add(Quota(course_session_id=course_session.id, organisation_id=home, seats=number))
    course_session.quota_release_at = release_at
    flag_modified(course_session, "note")  # quotas stand in other rows; the version counts them too
    db.session.flush()
    journal.record(QuotasChanged(course_session.id, len(wanted), sum(wanted.values())), by=by)


def session_changed(event: SessionChanged, by: Actor) -> None:
    """No fewer places than are kept for institutions."""
    if "capacity" not in event.fields:
        return
    course_session = training.course_session(EVERYWHERE, event.course_session_id)  # whoever changed it may
    if course_session.status not in CLOSED and not queries.released(course_session):
        reserved = sum(one.seats for one in queries.quotas(course_session))
        if reserved > course_session.capacity:
            raise Refused(
                lazy_gettext(
                    "%(num)s seats are reserved for institutions; the capacity cannot be lower.", num=reserved
                ),
                field="capacity",
            )


def _fits(reserved: int, capacity: int) -> None:
    if reserved > capacity:
        raise Refused(
            lazy_gettext(
                "%(reserved)s seats would be reserved, and there are only %(capacity)s.",
                reserved=reserved,
                capacity=capacity,
            )
        )
