"""A session of 40 people and 10 marked sittings, made once in the data being measured."""

from __future__ import annotations

from datetime import date, time, timedelta

import sqlalchemy as sa
from flask import Flask

from app.access.models import Province
from app.access.scope import EVERYWHERE
from app.attendance.models import Presence
from app.core.clock import today
from app.core.db import db
from app.people.models import Employee
from app.training.models import CourseSession, SessionStatus, Sitting
from tests import factories

ORDINAL = 9_000


def forty_by_ten(app: Flask) -> int:
    """The id of the session, in Gaziantep, confirmed, sittings of the last ten days."""
    with app.app_context():
        found = db.session.scalar(EVERYWHERE.select(CourseSession).where(CourseSession.ordinal == ORDINAL))
        if found is not None:
            return found.id
        province = db.session.scalars(sa.select(Province).where(Province.code == "27")).one()
        days = [date(2026, 11, 9) + timedelta(days=n) for n in range(10)]
        made = factories.course_session(
            province_id=province.id,
            ordinal=ORDINAL,
            status=SessionStatus.CONFIRMED,
            capacity=40,
            minimum=10,
            threshold=80,
            starts_on=days[0],
            ends_on=days[-1],
        )
        sittings = [factories.sitting(made.id, day) for day in days]
        people = list(db.session.scalars(EVERYWHERE.restrict(sa.select(Employee.id), Employee).limit(40)))
        enrolments = [factories.enrolment(made.id, key) for key in people]
        for i, enrolment in enumerate(enrolments):
            for j, sitting in enumerate(sittings):
                kind = Presence.ABSENT if (i + j) % 9 == 0 else Presence.LATE if (i + j) % 7 == 0 else Presence.PRESENT
                factories.mark(sitting.id, enrolment.id, kind, 20 if kind is Presence.LATE else None)
        db.session.commit()
        return made.id


def open_sitting(app: Flask) -> int:
    """A sitting of that session that may be marked now: its last one, moved to today."""
    with app.app_context():
        session = db.session.scalar(EVERYWHERE.select(CourseSession).where(CourseSession.ordinal == ORDINAL))
        assert session is not None
        sitting = db.session.scalars(
            EVERYWHERE.select(Sitting).where(Sitting.course_session_id == session.id).order_by(Sitting.id.desc())
        ).first()
        assert sitting is not None
        sitting.date, sitting.starts, sitting.ends, sitting.minutes = today(), time(0, 1), time(23, 59), 1438
        db.session.commit()
        return sitting.id
