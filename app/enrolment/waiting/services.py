"""A free seat goes to the first who can come: at once, or as an offer when the training is near."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.access.scope import EVERYWHERE, within
from app.audit.journal import SYSTEM, Actor
from app.core.clock import at, now, today
from app.core.db import db, reading
from app.enrolment.events import QuotasChanged
from app.enrolment.models import Enrolment, EnrolmentStatus
from app.enrolment.quotas import rules as quotas
from app.enrolment.quotas.queries import pools
from app.enrolment.rules import TAKING
from app.enrolment.services import locked, people_locked, step
from app.enrolment.waiting import queries
from app.enrolment.waiting.rules import Way, offer_ends, way
from app.settings import queries as settings
from app.training import queries as training
from app.training import seats
from app.training.events import SessionChanged, SessionMoved
from app.training.models import CourseSession

S = EnrolmentStatus


def fill(course_session: CourseSession, *, by: Actor) -> list[Enrolment]:
    """Give or offer free seats to those who waited longest for them: who got one. The session's row is locked."""
    how = queries.filled_by(course_session)
    if how is Way.BY_HAND:
        return []
    free = pools(course_session)
    if not free.free:
        return []
    waiting = queries.line(course_session)
    people_locked([enrolment.employee_id for enrolment in waiting])
    chosen = list(quotas.turns(free, queries.at_home(queries.able(course_session))))
    for enrolment in chosen:
        if how is Way.OFFER:
            offer(enrolment, by=by)
        else:
            step(enrolment, S.ENROLLED, by=by)
    return chosen


def offer(enrolment: Enrolment, *, by: Actor) -> None:
    """A seat is theirs until the offer ends, if they take it."""
    enrolment.offered_until = _ends(enrolment.course_session)
    step(enrolment, S.OFFERED, by=by)


def _ends(course_session: CourseSession) -> datetime:
    dated = [at(one.date, one.starts) for one in training.sittings(course_session) if one.date is not None]
    return offer_ends(now(), min(dated, default=None), settings.calendar())


# --- what frees seats, or gives them to others ----------------------------------------------------------------


def session_changed(event: SessionChanged, by: Actor) -> None:
    """More places: those who wait get them."""
    if "capacity" in event.fields:
        _fill_anew(event.course_session_id, by)


def quotas_changed(event: QuotasChanged, by: Actor) -> None:
    """A seat that was kept for one institution may be anybody's now."""
    _fill_anew(event.course_session_id, by)


def session_moved(event: SessionMoved, by: Actor) -> None:
    """Seats given up while it was postponed find somebody as soon as there are new dates."""
    if (event.was, event.now) == ("postponed", "open"):
        _fill_anew(event.course_session_id, by)


def offers_anew(event: SessionMoved, by: Actor) -> None:
    """What was offered when it was postponed stands again for its time, before anybody is told of the new dates."""
    if (event.was, event.now) != ("postponed", "open"):
        return
    course_session = training.course_session(EVERYWHERE, event.course_session_id)  # whoever acted
    offered = (
        within(course_session)
        .select(Enrolment)
        .where(Enrolment.course_session_id == course_session.id, Enrolment.status == S.OFFERED)
    )
    for enrolment in db.session.scalars(offered).all():
        enrolment.offered_until = _ends(course_session)


def _fill_anew(course_session_id: int, by: Actor) -> None:
    # a free seat finds somebody, whoever acted
    course_session = training.course_session(EVERYWHERE, course_session_id)
    locked(course_session)
    fill(course_session, by=by)


def sweep() -> None:
    """What happens because time goes by: offers run out, quotas are released, and free seats find the next."""
    db.session.rollback()
    with reading():  # looking keeps nobody from writing
        due = _due()
        db.session.rollback()
    for key in due:
        _fill_anew(key, SYSTEM)
        db.session.commit()


def _due() -> Sequence[int]:
    """Sessions with an offer that has run out, or with free seats that still find somebody of those who wait."""
    of = Enrolment.course_session_id == CourseSession.id
    run_out = sa.exists().where(of, Enrolment.status == S.OFFERED, Enrolment.offered_until <= now())
    waits = sa.exists().where(of, Enrolment.status == S.WAITLISTED)
    both = sa.and_(waits, seats.taken() < CourseSession.capacity)
    statement = EVERYWHERE.trusting(  # time goes by for everybody
        sa.select(CourseSession.id, CourseSession.starts_on, run_out), CourseSession, Enrolment
    ).where(CourseSession.status.in_(TAKING), sa.or_(run_out, both))
    calendar = settings.calendar()
    found = db.session.execute(seats.counting(statement.order_by(CourseSession.id))).all()
    return [key for key, first, ended in found if ended or way(first, today(), calendar) is not Way.BY_HAND]
